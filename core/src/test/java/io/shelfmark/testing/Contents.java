package io.shelfmark.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.shelfmark.storage.BlobContent;
import io.shelfmark.storage.BlobInfo;
import io.shelfmark.storage.BlobKey;
import io.shelfmark.storage.BlobStore;
import io.shelfmark.storage.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.List;
import java.util.stream.Stream;

/** Content of blobs, and what a store makes of it. */
final class Contents {

  static final BlobKey KEY = BlobKey.of("folder/key");

  private Contents() {}

  static List<String> keys(BlobStore store, String prefix) {
    try (Stream<BlobInfo> blobs = store.list(prefix)) {
      return blobs.map(blob -> blob.key().value()).toList();
    }
  }

  static BlobContent content(String text) {
    return BlobContent.of(text.getBytes(UTF_8));
  }

  static BlobContent writtenBy(int caller) {
    return content("written by " + caller);
  }

  static String read(BlobStore store, BlobKey key) throws IOException {
    return read(store.open(key));
  }

  static String read(InputStream stream) throws IOException {
    try (stream) {
      return new String(stream.readAllBytes(), UTF_8);
    }
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

  static InputStream failingAfter(long bytes) {
    return new SequenceInputStream(
        new PatternStream(bytes),
        new InputStream() {
          @Override
          public int read() throws IOException {
            throw new IOException("the source broke");
          }
        });
  }
}
