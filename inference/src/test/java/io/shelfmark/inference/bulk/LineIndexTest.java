package io.shelfmark.inference.bulk;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class LineIndexTest {

  /** Small numbers as names, so that many come again; enough of them for it to grow. */
  @Property(tries = 50)
  void index_anyPuts_answersAsAMapDoes(
      @ForAll @Size(min = 0, max = 5_000) List<@IntRange(min = 0, max = 3_000) Integer> names) {
    LineIndex index = new LineIndex();
    Map<String, Long> map = new HashMap<>();
    for (int i = 0; i < names.size(); i++) {
      String name = "photo " + names.get(i);
      Long before = map.put(name, (long) i);
      assertThat(index.put(name, i)).isEqualTo(before == null ? LineIndex.NONE : before);
    }
    assertThat(index.size()).isEqualTo(map.size());
    for (int i = 0; i <= 3_000; i++) {
      String name = "photo " + i;
      assertThat(index.get(name)).isEqualTo(map.getOrDefault(name, LineIndex.NONE));
    }
  }

  /** What grows is there twice meanwhile, so it must be little of the whole. */
  @Test
  void put_amongMany_neverMakesRoomForAllOfThemAnew() {
    com.sun.management.ThreadMXBean threads =
        (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    LineIndex index = new LineIndex();
    long most = 0;
    for (int i = 0; i < 100_000; i++) {
      String name = "photo " + i;
      long before = threads.getCurrentThreadAllocatedBytes();
      index.put(name, i);
      most = Math.max(most, threads.getCurrentThreadAllocatedBytes() - before);
    }

    // all of them are 36 bytes each or more
    assertThat(most).isBetween(10_000L, 100_000L);
  }
}
