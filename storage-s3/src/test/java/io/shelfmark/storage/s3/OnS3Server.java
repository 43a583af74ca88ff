package io.shelfmark.storage.s3;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.shelfmark.storage.BlobContent;
import io.shelfmark.storage.BlobInfo;
import io.shelfmark.storage.BlobKey;
import io.shelfmark.storage.BlobStore;
import io.shelfmark.storage.Digest;
import io.shelfmark.testing.PatternStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;

/** Stores on a server in this process, behind a network that a test breaks. */
@Timeout(60)
abstract class OnS3Server {

  static final BlobKey KEY = BlobKey.of("folder/key");

  /** More than two parts of the smallest size. */
  static final int LONG = 12_000_000;

  static final int PART = 5 << 20;

  private static S3Server server;

  static S3Front front;

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

  private final String prefix = "place-" + System.nanoTime();

  /** Behaves as the server does, with the waits of repetitions left out. */
  final S3BlobStoreBuilder builder() {
    return S3BlobStore.builder(S3Server.BUCKET)
        .prefix(prefix)
        .endpoint(front.endpoint())
        .pathStyle()
        .accessKey(S3Server.ACCESS_KEY, S3Server.SECRET)
        .partSize(PART)
        .threads(3)
        .time(System::nanoTime, time -> {});
  }

  S3BlobStore store;

  @BeforeEach
  final void openStore() {
    front.behave((call, to) -> to.forward(call));
    store = builder().open();
    front.takeCalls();
  }

  @AfterEach
  final void closeStore() {
    store.close();
  }

  final String prefix() {
    return prefix + "/";
  }

  /** The bucket's key of a blob, as it ends a request's path. */
  final String path(BlobKey key) {
    return "/" + prefix + "/" + key;
  }

  static BlobContent content(String text) {
    return BlobContent.of(text.getBytes(UTF_8));
  }

  static BlobContent pattern(int size) {
    return BlobContent.of(size, () -> new PatternStream(size));
  }

  static Digest digest(InputStream stream) throws IOException {
    var calculation = Digest.start();
    try (stream) {
      byte[] buffer = new byte[65_536];
      for (int read; (read = stream.read(buffer)) >= 0; ) {
        calculation.update(buffer, 0, read);
      }
    }
    return Digest.of(calculation);
  }

  static String read(BlobStore store, BlobKey key) throws IOException {
    try (InputStream stream = store.open(key)) {
      return new String(stream.readAllBytes(), UTF_8);
    }
  }

  static List<String> keys(BlobStore store) {
    try (Stream<BlobInfo> blobs = store.list("")) {
      return blobs.map(blob -> blob.key().value()).toList();
    }
  }
}
