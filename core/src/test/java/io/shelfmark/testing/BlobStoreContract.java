package io.shelfmark.testing;

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
import io.shelfmark.storage.StoredBlob;
import io.shelfmark.storage.StoredBlob.Origin;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
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
public abstract class BlobStoreContract {

  private static final BlobKey KEY = BlobKey.of("folder/key");
  private static final int CALLERS = 8;

  @TempDir protected Path temporary;
  protected BlobStore store;

  /** A store on this test's place; called twice, it gives two on the same place. */
  protected abstract BlobStore open() throws Exception;

  /** Content longer than any single request or part of the store, in bytes. */
  protected long largeSize() {
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
    assertThat(keys("")).containsExactly(key.value());
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
    assertThat(keys("")).isEmpty();
  }

  @Test
  void list_isInOrderOfKeys() {
    List<String> keys =
        List.of("a-b", "a.b/z", "a/b", "a/b-c/x", "a/b.c", "a/c/d", "a0", "a=", "a_", "b/a");
    List<String> shuffled = new ArrayList<>(keys);
    Collections.reverse(shuffled);
    shuffled.forEach(key -> store.put(BlobKey.of(key), content("x")));
    assertThat(keys("")).containsExactlyElementsOf(keys.stream().sorted().toList());
    assertThat(keys("a/")).containsExactly("a/b", "a/b-c/x", "a/b.c", "a/c/d");
    assertThat(keys("a/b-c/")).containsExactly("a/b-c/x");
    assertThat(keys("nothing/")).isEmpty();
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
    inParallel(
        IntStream.range(0, CALLERS)
            .mapToObj(
                caller ->
                    (Callable<Void>)
                        () -> {
                          for (int i = caller; i < expected.size(); i += CALLERS) {
                            store.put(BlobKey.of(expected.get(i)), content("x"));
                          }
                          return null;
                        })
            .toList());
    assertThat(keys("pages/")).isEqualTo(expected);
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
    assertThat(keys("")).isEmpty();
  }

  @Test
  void content_thatFailsMidway_leavesTheOldState() throws Exception {
    store.put(KEY, content("old"));
    assertThatThrownBy(() -> store.put(KEY, BlobContent.of(() -> failingAfter(largeSize() / 2))))
        .isInstanceOf(StorageException.class);
    assertThat(read(store, KEY)).isEqualTo("old");
    assertThat(keys("")).containsExactly("folder/key");
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
  void batch_add_storesUnderTheDigest() throws Exception {
    Digest digest = Digest.of("hello".getBytes(UTF_8));
    try (BlobBatch batch = store.batch()) {
      assertThat(batch.add(content("hello"))).isEqualTo(new StoredBlob(digest, 5, Origin.WRITTEN));
      batch.sync();
      assertThat(batch.add(content("hello"))).isEqualTo(new StoredBlob(digest, 5, Origin.PRESENT));
      batch.sync();
    }
    assertThat(read(store, BlobKey.of(digest))).isEqualTo("hello");
  }

  @Test
  void batch_addFileAndLargeStream_storesThem() throws Exception {
    Path file = Files.writeString(temporary.resolve("file"), "in a file");
    Digest large = digest(new PatternStream(largeSize()));
    try (BlobBatch batch = store.batch()) {
      Digest digest = batch.add(BlobContent.of(file)).digest();
      assertThat(digest).isEqualTo(Digest.of("in a file".getBytes(UTF_8)));
      assertThat(batch.add(BlobContent.of(() -> new PatternStream(largeSize()))).digest())
          .isEqualTo(large);
      batch.sync();
      assertThat(read(store, BlobKey.of(digest))).isEqualTo("in a file");
    }
    assertThat(digest(store.open(BlobKey.of(large)))).isEqualTo(large);
    assertThat(file).hasContent("in a file");
  }

  @Test
  void batch_manyThreads_storesEachContentOnce() throws Exception {
    List<StoredBlob> stored;
    try (BlobBatch batch = store.batch()) {
      stored =
          inParallel(
                  IntStream.range(0, CALLERS)
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
    assertThat(keys("blobs/")).hasSize(50);
  }

  @Test
  void batch_closed_isRefused() {
    BlobBatch batch = store.batch();
    batch.close();
    batch.close();
    assertThatThrownBy(() -> batch.add(content("x"))).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(batch::sync).isInstanceOf(IllegalStateException.class);
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

  @Test
  void putIfAbsent_raced_hasOneWinner() throws Exception {
    try (BlobStore other = open()) {
      for (int round = 0; round < 25; round++) {
        BlobKey key = BlobKey.of("race/" + round);
        List<Boolean> won =
            race(caller -> (caller % 2 == 0 ? store : other).putIfAbsent(key, writtenBy(caller)));
        assertThat(won).containsOnlyOnce(true);
        assertThat(read(store, key)).isEqualTo("written by " + won.indexOf(true));
      }
    }
  }

  @Test
  void replace_raced_hasOneWinner() throws Exception {
    try (BlobStore other = open()) {
      ETag[] state = {store.put(KEY, content("start")).etag()};
      for (int round = 0; round < 25; round++) {
        List<Boolean> won =
            race(
                caller ->
                    (caller % 2 == 0 ? store : other).replace(KEY, writtenBy(caller), state[0]));
        assertThat(won).containsOnlyOnce(true);
        assertThat(read(store, KEY)).isEqualTo("written by " + won.indexOf(true));
        state[0] = store.head(KEY).orElseThrow().etag();
      }
    }
  }

  @Test
  void replace_counting_losesNoIncrement() throws Exception {
    store.put(KEY, content("0"));
    inParallel(
        IntStream.range(0, CALLERS)
            .mapToObj(caller -> (Callable<Void>) () -> increment(10))
            .toList());
    assertThat(read(store, KEY)).isEqualTo(String.valueOf(CALLERS * 10));
  }

  private Void increment(int times) throws Exception {
    try (BlobStore own = open()) {
      for (int done = 0; done < times; ) {
        BlobInfo info = own.head(KEY).orElseThrow();
        int value = Integer.parseInt(read(own, KEY));
        try {
          own.replace(KEY, content(String.valueOf(value + 1)), info.etag());
          done++;
        } catch (BlobConflictException e) {
          // another caller was faster: read again
        }
      }
      return null;
    }
  }

  @Test
  void put_whileRead_neverShowsHalf() throws Exception {
    int size = 300_000;
    store.put(KEY, BlobContent.of(new byte[size]));
    AtomicBoolean stop = new AtomicBoolean();
    List<Callable<Void>> tasks = new ArrayList<>();
    tasks.add(
        () -> {
          try {
            for (int round = 1; round <= 40; round++) {
              byte[] bytes = new byte[size];
              Arrays.fill(bytes, (byte) round);
              store.put(KEY, BlobContent.of(bytes));
            }
          } finally {
            stop.set(true);
          }
          return null;
        });
    for (int reader = 0; reader < 3; reader++) {
      tasks.add(
          () -> {
            while (!stop.get()) {
              Set<Byte> seen = new HashSet<>();
              byte[] bytes;
              try (InputStream stream = store.open(KEY)) {
                bytes = stream.readAllBytes();
              }
              for (byte b : bytes) {
                seen.add(b);
              }
              assertThat(bytes).hasSize(size);
              assertThat(seen).hasSize(1);
            }
            return null;
          });
    }
    inParallel(tasks);
  }

  private interface Write {
    BlobInfo by(int caller) throws Exception;
  }

  private static List<Boolean> race(Write write) {
    return inParallel(
        IntStream.range(0, CALLERS)
            .mapToObj(
                caller ->
                    (Callable<Boolean>)
                        () -> {
                          try {
                            write.by(caller);
                            return true;
                          } catch (BlobConflictException e) {
                            return false;
                          }
                        })
            .toList());
  }

  private static <T> List<T> inParallel(List<Callable<T>> tasks) {
    ExecutorService executor = Executors.newFixedThreadPool(tasks.size());
    try {
      CyclicBarrier barrier = new CyclicBarrier(tasks.size());
      List<Future<T>> futures = new ArrayList<>();
      for (Callable<T> task : tasks) {
        futures.add(
            executor.submit(
                () -> {
                  barrier.await(30, TimeUnit.SECONDS);
                  return task.call();
                }));
      }
      List<T> results = new ArrayList<>();
      for (Future<T> future : futures) {
        results.add(future.get(100, TimeUnit.SECONDS));
      }
      return results;
    } catch (Exception e) {
      throw new AssertionError(e);
    } finally {
      executor.shutdownNow();
    }
  }

  private List<String> keys(String prefix) {
    try (Stream<BlobInfo> blobs = store.list(prefix)) {
      return blobs.map(blob -> blob.key().value()).toList();
    }
  }

  private static BlobContent content(String text) {
    return BlobContent.of(text.getBytes(UTF_8));
  }

  private static BlobContent writtenBy(int caller) {
    return content("written by " + caller);
  }

  private static String read(BlobStore store, BlobKey key) throws IOException {
    return read(store.open(key));
  }

  private static String read(InputStream stream) throws IOException {
    try (stream) {
      return new String(stream.readAllBytes(), UTF_8);
    }
  }

  private static Digest digest(InputStream stream) throws IOException {
    var calculation = Digest.start();
    try (stream) {
      byte[] buffer = new byte[65_536];
      for (int read; (read = stream.read(buffer)) >= 0; ) {
        calculation.update(buffer, 0, read);
      }
    }
    return Digest.of(calculation);
  }

  private static InputStream failingAfter(long bytes) {
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
