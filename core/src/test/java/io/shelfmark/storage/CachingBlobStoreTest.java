package io.shelfmark.storage;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shelfmark.testing.BlobStoreContract;
import io.shelfmark.testing.FaultyBlobStore;
import io.shelfmark.testing.InMemoryBlobStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class CachingBlobStoreTest extends BlobStoreContract {

  private final InMemoryBlobStore behind = new InMemoryBlobStore();
  private final FaultyBlobStore counted = new FaultyBlobStore(behind);

  @Override
  public BlobStore open() {
    return CachingBlobStore.of(counted, folder());
  }

  private Path folder() {
    return temporary.resolve("cache");
  }

  private Digest stored(String text) {
    try (BlobBatch batch = behind.batch()) {
      return batch.add(BlobContent.of(text.getBytes(UTF_8))).digest();
    }
  }

  private static String text(BlobStore store, Digest digest) throws IOException {
    try (var stream = store.open(BlobKey.of(digest))) {
      return new String(stream.readAllBytes(), UTF_8);
    }
  }

  private Path copy(Digest digest) {
    return folder().resolve(digest.hex().substring(0, 2)).resolve(digest.hex());
  }

  private List<Path> copies() throws IOException {
    try (Stream<Path> files = Files.walk(folder())) {
      return files.filter(Files::isRegularFile).toList();
    }
  }

  @Test
  void content_readTwice_isFetchedOnce() throws Exception {
    Digest digest = stored("hello");
    assertThat(text(store, digest)).isEqualTo("hello");
    int before = counted.reads();
    assertThat(text(store, digest)).isEqualTo("hello");
    try (BlobStore other = open()) {
      assertThat(text(other, digest)).isEqualTo("hello");
    }
    assertThat(counted.reads()).isEqualTo(before);
  }

  @Test
  void documents_areNeverCached() throws Exception {
    BlobKey key = BlobKey.of("artifacts/model/aliases/production");
    store.put(key, BlobContent.of("1".getBytes(UTF_8)));
    try (var stream = store.open(key)) {
      assertThat(stream.readAllBytes()).hasSize(1);
    }
    assertThat(copies()).isEmpty();
  }

  @Test
  void copy_damaged_isFetchedAnew() throws Exception {
    Digest digest = stored("hello");
    text(store, digest);
    Files.writeString(copy(digest), "jello");
    try (BlobStore other = open()) {
      assertThat(text(other, digest)).isEqualTo("hello");
    }
    assertThat(copy(digest)).hasContent("hello");
  }

  @Test
  void content_damagedBehind_isNotKept() throws Exception {
    Digest digest = stored("hello");
    behind.flipByte(BlobKey.of(digest), 0);
    assertThatThrownBy(() -> text(store, digest)).isInstanceOf(CorruptBlobException.class);
    assertThat(copies()).isEmpty();
  }

  @Test
  void folder_beyondItsSize_losesWhatWasNotReadForLongest() throws Exception {
    try (BlobStore small = CachingBlobStore.of(behind, folder(), 4_000)) {
      Digest first = stored("a".repeat(900));
      Digest second = stored("b".repeat(900));
      text(small, first);
      Files.setLastModifiedTime(copy(first), FileTime.fromMillis(1_000));
      text(small, second);
      text(small, stored("c".repeat(900)));
      text(small, stored("d".repeat(900)));
      assertThat(copies()).hasSize(4);
      text(small, stored("e".repeat(900)));
      assertThat(copy(first)).doesNotExist();
      assertThat(copy(second)).exists();
      text(small, stored("f".repeat(1_001)));
      assertThat(copies()).hasSize(4).allSatisfy(file -> assertThat(file).hasSize(900));
    }
  }

  @Test
  void folder_emptiedOrLost_costsNoReading() throws Exception {
    Digest digest = stored("hello");
    text(store, digest);
    Files.delete(copy(digest));
    assertThat(text(store, digest)).isEqualTo("hello");
    Files.delete(copy(digest));
    Files.delete(copy(digest).getParent());
    Files.delete(folder());
    Files.writeString(folder(), "a file in its place");
    assertThat(text(store, digest)).isEqualTo("hello");
  }

  @Test
  void delete_removesTheCopy() throws Exception {
    Digest digest = stored("hello");
    text(store, digest);
    store.delete(BlobKey.of(digest));
    assertThat(copies()).isEmpty();
    assertThatThrownBy(() -> text(store, digest)).isInstanceOf(BlobNotFoundException.class);
  }

  @Test
  void folder_thatIsAFile_isRefused() throws Exception {
    Path file = Files.writeString(temporary.resolve("file"), "x");
    assertThatThrownBy(() -> CachingBlobStore.of(behind, file))
        .isInstanceOf(StorageException.class)
        .hasMessageContaining("Cannot use cache");
  }
}
