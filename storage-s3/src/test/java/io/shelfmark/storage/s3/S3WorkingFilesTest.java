package io.shelfmark.storage.s3;

import io.shelfmark.storage.BlobStore;
import io.shelfmark.testing.WorkingFilesContract;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

class S3WorkingFilesTest extends WorkingFilesContract {

  private static final AtomicInteger PLACES = new AtomicInteger();

  private static S3Server server;
  private static S3Front front;

  private final String prefix = "files-" + PLACES.incrementAndGet();

  @BeforeAll
  static void startServer() throws Exception {
    server = S3Server.open();
    front = new S3Front(server.endpoint());
  }

  @AfterAll
  static void stopServer() {
    front.close();
    server.close();
  }

  @Override
  protected BlobStore open() {
    return S3BlobStore.builder(S3Server.BUCKET)
        .prefix(prefix)
        .endpoint(front.endpoint())
        .pathStyle()
        .accessKey(S3Server.ACCESS_KEY, S3Server.SECRET)
        .open();
  }
}
