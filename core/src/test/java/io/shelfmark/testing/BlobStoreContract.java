package io.shelfmark.testing;

import static io.shelfmark.testing.Contents.KEY;
import static io.shelfmark.testing.Contents.content;
import static io.shelfmark.testing.Contents.digest;
import static io.shelfmark.testing.Contents.failingAfter;
import static io.shelfmark.testing.Contents.keys;
import static io.shelfmark.testing.Contents.read;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shelfmark.storage.BlobBatch;
import io.shelfmark.storage.BlobConflictException;
import io.shelfmark.storage.BlobContent;
import io.shelfmark.storage.BlobInfo;
import io.shelfmark.storage.BlobKey;
import io.shelfmark.storage.BlobNotFoundException;
import io.shelfmark.storage.BlobStore;
import io.shelfmark.storage.ByteRange;
import io.shelfmark.storage.ContentChangedException;
import io.shelfmark.storage.Digest;
import io.shelfmark.storage.ETag;
import io.shelfmark.storage.StorageException;
import java.io.ByteArrayInputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What every {@link BlobStore} must do. An adapter's test extends it and says how to open a store
 * on one place; each test begins with that place empty.
 */
@Timeout(120)
public abstract class BlobStoreContract implements BlobBatchContract, BlobStoreRaces {

  @TempDir protected Path temporary;
  protected BlobStore store;

  @Override
  public BlobStore store() {
    return store;
  }

  @Override
  public Path temporary() {
    return temporary;
  }

  /** A store on this test's place; called twice, it gives two on the same place. */
  @Override
  public abstract BlobStore open() throws Exception;

  /** Content longer than any single request or part of the store, in bytes. */
  @Override
  public long largeSize() {
    return 20_000_000;
  }

  @BeforeEach
  void openStore() throws Exception {
    store = open();
  }

  @AfterEach
  void closeStore() {
    store.close();
  }

  @Test
  void put_thenOpen_givesTheBytes() throws Exception {
    BlobInfo info = store.put(KEY, content("hello"));
    assertThat(read(store, KEY)).isEqualTo("hello");
    assertThat(info.key()).isEqualTo(KEY);
    assertThat(info.size()).isEqualTo(5);
    assertThat(store.head(KEY)).contains(info);
  }

  @Test
  void put_again_replaces() throws Exception {
    BlobInfo first = store.put(KEY, content("first"));
    BlobInfo second = store.put(KEY, content("other"));
    assertThat(read(store, KEY)).isEqualTo("other");
    assertThat(second.etag()).isNotEqualTo(first.etag());
  }

  @Test
  void put_emptyContent_isABlob() throws Exception {
    store.put(KEY, content(""));
    assertThat(read(store, KEY)).isEmpty();
    assertThat(store.head(KEY)).map(BlobInfo::size).contains(0L);
  }

  @Test
  void put_longKey_works() throws Exception {
    BlobKey key = BlobKey.of("a".repeat(240) + "/" + "=d0".repeat(80) + "/" + "z".repeat(240));
    store.put(key, content("x"));
    assertThat(read(store, key)).isEqualTo("x");
    assertThat(keys(store, "")).containsExactly(key.value());
  }

  @Test
  void write_isSeenByAnotherStoreOnTheSamePlace() throws Exception {
    try (BlobStore other = open()) {
      store.put(KEY, content("hello"));
      assertThat(read(other, KEY)).isEqualTo("hello");
      ETag etag = other.head(KEY).orElseThrow().etag();
      store.replace(KEY, content("world"), etag);
      assertThat(read(other, KEY)).isEqualTo("world");
      other.delete(KEY);
      assertThat(store.head(KEY)).isEmpty();
    }
  }

  @Test
  void lastModified_isByTheClockOfTheStore() {
    Instant before = store.currentTime();
    Instant written = store.put(KEY, content("x")).lastModified();
    Instant after = store.currentTime();
    // stores count whole seconds, or ticks of their kernel
    assertThat(written)
        .isBetween(before.minus(Duration.ofSeconds(2)), after.plus(Duration.ofSeconds(2)));
  }

  @Test
  void putIfAbsent_takenKey_conflictsAndKeepsIt() throws Exception {
    store.putIfAbsent(KEY, content("first"));
    assertThatThrownBy(() -> store.putIfAbsent(KEY, content("second")))
        .isInstanceOf(BlobConflictException.class)
        .hasMessageContaining("Cannot write blob folder/key");
    assertThat(read(store, KEY)).isEqualTo("first");
  }

  @Test
  void putIfAbsent_afterDelete_succeeds() throws Exception {
    store.putIfAbsent(KEY, content("first"));
    store.delete(KEY);
    store.putIfAbsent(KEY, content("second"));
    assertThat(read(store, KEY)).isEqualTo("second");
  }

  @Test
  void replace_expectedState_succeeds() throws Exception {
    BlobInfo first = store.put(KEY, content("first"));
    BlobInfo second = store.replace(KEY, content("second"), first.etag());
    assertThat(read(store, KEY)).isEqualTo("second");
    assertThat(store.head(KEY)).contains(second);
  }

  @Test
  void replace_otherState_conflictsAndKeepsIt() throws Exception {
    ETag old = store.put(KEY, content("first")).etag();
    store.put(KEY, content("other"));
    assertThatThrownBy(() -> store.replace(KEY, content("third"), old))
        .isInstanceOf(BlobConflictException.class)
        .hasMessageContaining("Cannot write blob folder/key");
    assertThat(read(store, KEY)).isEqualTo("other");
  }

  @Test
  void replace_freeKey_conflicts() {
    ETag old = store.put(KEY, content("first")).etag();
    store.delete(KEY);
    assertThatThrownBy(() -> store.replace(KEY, content("second"), old))
        .isInstanceOf(BlobConflictException.class)
        .hasMessageContaining("found none");
    assertThat(store.head(KEY)).isEmpty();
  }

  @Test
  void open_freeKey_isNotFound() {
    assertThatThrownBy(() -> store.open(KEY))
        .isInstanceOf(BlobNotFoundException.class)
        .hasMessageContaining("Cannot read blob folder/key");
    assertThatThrownBy(() -> store.open(KEY, new ByteRange(0, 1)))
        .isInstanceOf(BlobNotFoundException.class)
        .hasMessageContaining("Cannot read blob folder/key");
    assertThat(store.head(KEY)).isEmpty();
  }

  @Test
  void file_whereThereIsOne_holdsTheBlob() {
    assertThat(store.file(KEY)).isEmpty();
    store.put(KEY, content("hello"));
    store.file(KEY).ifPresent(file -> assertThat(file).hasContent("hello"));
  }

  @Test
  void open_range_givesThePart() throws Exception {
    store.put(KEY, content("0123456789"));
    assertThat(read(store.open(KEY, new ByteRange(3, 4)))).isEqualTo("3456");
    assertThat(read(store.open(KEY, new ByteRange(0, 1)))).isEqualTo("0");
    assertThat(read(store.open(KEY, new ByteRange(8, 100)))).isEqualTo("89");
    assertThat(read(store.open(KEY, new ByteRange(10, 1)))).isEmpty();
    assertThat(read(store.open(KEY, new ByteRange(50, 1)))).isEmpty();
  }

  @Test
  void delete_isRepeatable() {
    store.put(KEY, content("x"));
    store.delete(KEY);
    store.delete(KEY);
    assertThat(store.head(KEY)).isEmpty();
    assertThat(keys(store, "")).isEmpty();
  }

  @Test
  void list_isInOrderOfKeys() {
    List<String> keys =
        List.of("a-b", "a.b/z", "a/b", "a/b-c/x", "a/b.c", "a/c/d", "a0", "a=", "a_", "b/a");
    List<String> shuffled = new ArrayList<>(keys);
    Collections.reverse(shuffled);
    shuffled.forEach(key -> store.put(BlobKey.of(key), content("x")));
    assertThat(keys(store, "")).containsExactlyElementsOf(keys.stream().sorted().toList());
    assertThat(keys(store, "a/")).containsExactly("a/b", "a/b-c/x", "a/b.c", "a/c/d");
    assertThat(keys(store, "a/b-c/")).containsExactly("a/b-c/x");
    assertThat(keys(store, "nothing/")).isEmpty();
  }

  @Test
  void list_tellsWhatHeadTells() {
    BlobInfo info = store.put(KEY, content("hello"));
    try (Stream<BlobInfo> blobs = store.list("folder/")) {
      assertThat(blobs.map(blob -> blob.key() + " " + blob.size() + " " + blob.etag()))
          .containsExactly(info.key() + " " + info.size() + " " + info.etag());
    }
  }

  @Test
  void list_moreThanOnePage_isComplete() {
    List<String> expected = IntStream.range(0, 1_200).mapToObj("pages/%05d"::formatted).toList();
    Together.call(
        IntStream.range(0, Together.CALLERS)
            .mapToObj(
                caller ->
                    (Callable<Void>)
                        () -> {
                          for (int i = caller; i < expected.size(); i += Together.CALLERS) {
                            store.put(BlobKey.of(expected.get(i)), content("x"));
                          }
                          return null;
                        })
            .toList());
    assertThat(keys(store, "pages/")).isEqualTo(expected);
  }

  @Test
  void list_badPrefix_isRefused() {
    assertThatThrownBy(() -> store.list("folder"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("Cannot list prefix folder");
    assertThatThrownBy(() -> store.list("../"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("Cannot list prefix ../");
  }

  @Test
  void content_shorterOrLongerThanSaid_leavesNothing() {
    for (long said : new long[] {4, 6}) {
      BlobContent wrong =
          BlobContent.of(said, () -> new ByteArrayInputStream("hello".getBytes(UTF_8)));
      assertThatThrownBy(() -> store.put(KEY, wrong))
          .isInstanceOf(ContentChangedException.class)
          .hasMessageContaining("Cannot store content");
      assertThatThrownBy(() -> store.putIfAbsent(KEY, wrong))
          .isInstanceOf(ContentChangedException.class)
          .hasMessageContaining("Cannot store content");
      try (BlobBatch batch = store.batch()) {
        assertThatThrownBy(() -> batch.add(wrong))
            .isInstanceOf(ContentChangedException.class)
            .hasMessageContaining("Cannot store content");
      }
    }
    assertThat(keys(store, "")).isEmpty();
  }

  @Test
  void content_thatFailsMidway_leavesTheOldState() throws Exception {
    store.put(KEY, content("old"));
    assertThatThrownBy(() -> store.put(KEY, BlobContent.of(() -> failingAfter(largeSize() / 2))))
        .isInstanceOf(StorageException.class);
    assertThat(read(store, KEY)).isEqualTo("old");
    assertThat(keys(store, "")).containsExactly("folder/key");
  }

  @Test
  void content_large_streamsThrough() throws Exception {
    BlobKey unknown = BlobKey.of("large/unknown");
    BlobKey known = BlobKey.of("large/known");
    Digest digest = digest(new PatternStream(largeSize()));
    store.putIfAbsent(unknown, BlobContent.of(() -> new PatternStream(largeSize())));
    store.put(known, BlobContent.of(largeSize(), () -> new PatternStream(largeSize())));
    assertThat(digest(store.open(unknown))).isEqualTo(digest);
    assertThat(digest(store.open(known))).isEqualTo(digest);
    assertThat(store.head(known)).map(BlobInfo::size).contains(largeSize());
    ETag etag = store.head(known).orElseThrow().etag();
    store.replace(known, BlobContent.of(() -> new PatternStream(largeSize() - 1)), etag);
    assertThat(store.head(known)).map(BlobInfo::size).contains(largeSize() - 1);
  }

  @Test
  void close_twice_isFineAndUseAfterwardsIsRefused() throws Exception {
    BlobStore other = open();
    other.close();
    other.close();
    assertThatThrownBy(() -> other.head(KEY)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> other.put(KEY, content("x")))
        .isInstanceOf(IllegalStateException.class);
  }
}
