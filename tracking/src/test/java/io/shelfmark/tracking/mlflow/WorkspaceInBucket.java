package io.shelfmark.tracking.mlflow;

import io.shelfmark.Workspace;
import io.shelfmark.storage.s3.S3BlobStore;
import io.shelfmark.tracking.internal.sql.SqlTrackingStore;
import io.shelfmark.tracking.store.TrackingStore;
import jakarta.servlet.Servlet;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Properties;
import java.util.function.Function;
import org.gaul.s3proxy.BlobStores;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.blobstore.BlobStore;
import software.amazon.awssdk.services.s3.model.CreateBucketRequest;

/** A workspace in a bucket of a server in this process that checks signatures. */
final class WorkspaceInBucket implements AutoCloseable {

  private final BlobStore blobs;
  private final S3Proxy proxy;
  private final S3BlobStore bucket;
  private final Workspace workspace;
  private final SqlTrackingStore store;

  WorkspaceInBucket(Path folder) throws Exception {
    blobs = BlobStores.create("transient", new Properties());
    proxy =
        S3Proxy.builder()
            .blobStore(blobs)
            .endpoint(URI.create("http://127.0.0.1:0"))
            .stopTimeout(0)
            .awsAuthentication(AuthenticationType.AWS_V4, "tester", "a-secret-of-the-tests")
            .build();
    proxy.start();
    blobs.createContainer(CreateBucketRequest.builder().bucket("bucket").build());
    bucket =
        S3BlobStore.builder("bucket")
            .prefix("team")
            .endpoint(URI.create("http://127.0.0.1:" + proxy.getPort()))
            .pathStyle()
            .accessKey("tester", "a-secret-of-the-tests")
            .open();
    workspace = Workspace.builder().store(bucket).home(folder.resolve("home")).open();
    store = SqlTrackingStore.sqlite(folder.resolve("tracking.db"), workspace, Clock.systemUTC());
  }

  MlflowHost serve(Function<TrackingStore, ? extends Servlet> servlet) {
    return MlflowHost.mounting(servlet.apply(store), "");
  }

  TrackingStore store() {
    return store;
  }

  /** Objects of direct uploads that are joined and not removed. */
  List<String> incoming() {
    return blobs.list("bucket").contents().stream()
        .map(object -> object.key())
        .filter(key -> key.startsWith("team/.shelfmark/incoming/"))
        .toList();
  }

  @Override
  public void close() {
    try {
      store.close();
      workspace.close();
      bucket.close();
      proxy.stop();
      blobs.close();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }
}
