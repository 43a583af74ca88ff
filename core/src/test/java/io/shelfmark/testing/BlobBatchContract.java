package io.shelfmark.testing;

import static io.shelfmark.testing.Contents.content;
import static io.shelfmark.testing.Contents.digest;
import static io.shelfmark.testing.Contents.keys;
import static io.shelfmark.testing.Contents.read;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shelfmark.storage.BlobBatch;
import io.shelfmark.storage.BlobContent;
import io.shelfmark.storage.BlobKey;
import io.shelfmark.storage.BlobStore;
import io.shelfmark.storage.Digest;
import io.shelfmark.storage.StoredBlob;
import io.shelfmark.storage.StoredBlob.Origin;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What every {@link BlobBatch} must do: the part of {@link BlobStoreContract} about batches. */
interface BlobBatchContract {

  /** The store under test, empty at first. */
  BlobStore store();

  /** Where files may be written. */
  Path temporary();

  /** Content longer than any single request or part of the store, in bytes. */
  long largeSize();

  @Test
  default void batch_add_storesUnderTheDigest() throws Exception {
    Digest digest = Digest.of("hello".getBytes(UTF_8));
    try (BlobBatch batch = store().batch()) {
      assertThat(batch.add(content("hello"))).isEqualTo(new StoredBlob(digest, 5, Origin.WRITTEN));
      batch.sync();
      assertThat(batch.add(content("hello"))).isEqualTo(new StoredBlob(digest, 5, Origin.PRESENT));
      batch.sync();
    }
    assertThat(read(store(), BlobKey.of(digest))).isEqualTo("hello");
  }

  @Test
  default void batch_addFileAndLargeStream_storesThem() throws Exception {
    Path file = Files.writeString(temporary().resolve("file"), "in a file");
    Digest large = digest(new PatternStream(largeSize()));
    try (BlobBatch batch = store().batch()) {
      Digest digest = batch.add(BlobContent.of(file)).digest();
      assertThat(digest).isEqualTo(Digest.of("in a file".getBytes(UTF_8)));
      assertThat(batch.add(BlobContent.of(() -> new PatternStream(largeSize()))).digest())
          .isEqualTo(large);
      batch.sync();
      assertThat(read(store(), BlobKey.of(digest))).isEqualTo("in a file");
    }
    assertThat(digest(store().open(BlobKey.of(large)))).isEqualTo(large);
    assertThat(file).hasContent("in a file");
  }

  @Test
  default void batch_manyThreads_storesEachContentOnce() throws Exception {
    List<StoredBlob> stored;
    try (BlobBatch batch = store().batch()) {
      stored =
          Together.call(
                  IntStream.range(0, Together.CALLERS)
                      .mapToObj(
                          caller ->
                              (Callable<List<StoredBlob>>)
                                  () ->
                                      IntStream.range(0, 50)
                                          .mapToObj(i -> batch.add(content("content " + i)))
                                          .toList())
                      .toList())
              .stream()
              .flatMap(List::stream)
              .toList();
      batch.sync();
    }
    assertThat(stored.stream().filter(blob -> blob.origin() == Origin.WRITTEN)).hasSize(50);
    assertThat(keys(store(), "blobs/")).hasSize(50);
  }

  @Test
  default void batch_closed_isRefused() {
    BlobBatch batch = store().batch();
    batch.close();
    batch.close();
    assertThatThrownBy(() -> batch.add(content("x"))).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(batch::sync).isInstanceOf(IllegalStateException.class);
  }
}
