package io.shelfmark.internal.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shelfmark.storage.BlobContent;
import io.shelfmark.storage.BlobKey;
import io.shelfmark.storage.CorruptBlobException;
import io.shelfmark.storage.Digest;
import io.shelfmark.testing.InMemoryBlobStore;
import io.shelfmark.testing.PatternStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VerifiedContentTest {

  private static final int BLOCK = 64 * 1024;

  private final InMemoryBlobStore store = new InMemoryBlobStore();

  private static byte[] pattern(int size) throws IOException {
    return new PatternStream(size).readAllBytes();
  }

  private Digest put(byte[] bytes) {
    Digest digest = Digest.of(bytes);
    store.put(BlobKey.of(digest), BlobContent.of(bytes));
    return digest;
  }

  /** Stores content whose last byte is another one than its digest says. */
  private Digest putDamaged(byte[] bytes) {
    Digest digest = Digest.of(bytes);
    bytes[bytes.length - 1]++;
    store.put(BlobKey.of(digest), BlobContent.of(bytes));
    return digest;
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, BLOCK - 1, BLOCK, BLOCK + 1, 3 * BLOCK})
  void content_readOrTransferred_isTheSame(int size) throws IOException {
    byte[] bytes = pattern(size);
    Digest digest = put(bytes);
    assertThat(VerifiedContent.read(store, digest)).isEqualTo(bytes);
    for (int before : new int[] {0, 1, BLOCK}) {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      try (InputStream stream = VerifiedContent.open(store, digest)) {
        out.write(stream.readNBytes(before));
        int read = out.size();
        assertThat(stream.transferTo(out)).isEqualTo(size - read);
        assertThat(stream.read()).isEqualTo(-1);
      }
      assertThat(out.toByteArray()).isEqualTo(bytes);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, BLOCK})
  void damagedContentOfABlock_isRefusedAtOnce(int size) throws IOException {
    Digest digest = putDamaged(pattern(size));
    assertThatThrownBy(() -> VerifiedContent.open(store, digest))
        .isInstanceOf(CorruptBlobException.class)
        .hasMessageContaining(digest.toString());
  }

  @Test
  void damagedContent_keepsItsLastBlockHoweverOftenItIsAskedFor() throws IOException {
    Digest digest = putDamaged(pattern(3 * BLOCK));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (InputStream stream = VerifiedContent.open(store, digest)) {
      for (int i = 0; i < 3; i++) {
        assertThatThrownBy(() -> stream.transferTo(out))
            .isInstanceOf(CorruptBlobException.class)
            .hasMessageContaining(digest.toString());
        assertThatThrownBy(stream::read).isInstanceOf(CorruptBlobException.class);
      }
    }
    assertThat(out.size()).isEqualTo(2 * BLOCK);
  }
}
