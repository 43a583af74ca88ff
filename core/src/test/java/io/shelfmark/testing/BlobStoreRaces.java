package io.shelfmark.testing;

import static io.shelfmark.testing.Contents.content;
import static io.shelfmark.testing.Contents.read;
import static io.shelfmark.testing.Contents.writtenBy;
import static org.assertj.core.api.Assertions.assertThat;

import io.shelfmark.storage.BlobConflictException;
import io.shelfmark.storage.BlobContent;
import io.shelfmark.storage.BlobInfo;
import io.shelfmark.storage.BlobKey;
import io.shelfmark.storage.BlobStore;
import io.shelfmark.storage.ETag;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What holds of writers and readers at once: the part of {@link BlobStoreContract} about races. */
interface BlobStoreRaces {

  /** The store under test, empty at first. */
  BlobStore store();

  /** Another store on the same place; the caller closes it. */
  BlobStore open() throws Exception;

  @Test
  default void putIfAbsent_raced_hasOneWinner() throws Exception {
    try (BlobStore other = open()) {
      for (int round = 0; round < 25; round++) {
        BlobKey key = BlobKey.of("race/" + round);
        List<Boolean> won =
            Together.race(
                caller -> (caller % 2 == 0 ? store() : other).putIfAbsent(key, writtenBy(caller)));
        assertThat(won).containsOnlyOnce(true);
        assertThat(read(store(), key)).isEqualTo("written by " + won.indexOf(true));
      }
    }
  }

  @Test
  default void replace_raced_hasOneWinner() throws Exception {
    try (BlobStore other = open()) {
      ETag[] state = {store().put(Contents.KEY, content("start")).etag()};
      for (int round = 0; round < 25; round++) {
        List<Boolean> won =
            Together.race(
                caller ->
                    (caller % 2 == 0 ? store() : other)
                        .replace(Contents.KEY, writtenBy(caller), state[0]));
        assertThat(won).containsOnlyOnce(true);
        assertThat(read(store(), Contents.KEY)).isEqualTo("written by " + won.indexOf(true));
        state[0] = store().head(Contents.KEY).orElseThrow().etag();
      }
    }
  }

  @Test
  default void replace_counting_losesNoIncrement() throws Exception {
    store().put(Contents.KEY, content("0"));
    Together.call(
        IntStream.range(0, Together.CALLERS)
            .mapToObj(caller -> (Callable<Void>) () -> increment(10))
            .toList());
    assertThat(read(store(), Contents.KEY)).isEqualTo(String.valueOf(Together.CALLERS * 10));
  }

  private Void increment(int times) throws Exception {
    try (BlobStore own = open()) {
      for (int done = 0; done < times; ) {
        BlobInfo info = own.head(Contents.KEY).orElseThrow();
        int value = Integer.parseInt(read(own, Contents.KEY));
        try {
          own.replace(Contents.KEY, content(String.valueOf(value + 1)), info.etag());
          done++;
        } catch (BlobConflictException e) {
          // another caller was faster: read again
        }
      }
      return null;
    }
  }

  @Test
  default void put_whileRead_neverShowsHalf() throws Exception {
    int size = 300_000;
    store().put(Contents.KEY, BlobContent.of(new byte[size]));
    AtomicBoolean stop = new AtomicBoolean();
    List<Callable<Void>> tasks = new ArrayList<>();
    tasks.add(
        () -> {
          try {
            for (int round = 1; round <= 40; round++) {
              byte[] bytes = new byte[size];
              Arrays.fill(bytes, (byte) round);
              store().put(Contents.KEY, BlobContent.of(bytes));
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
              try (InputStream stream = store().open(Contents.KEY)) {
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
    Together.call(tasks);
  }
}
