package io.shelfmark.inference.bulk;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

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
}
