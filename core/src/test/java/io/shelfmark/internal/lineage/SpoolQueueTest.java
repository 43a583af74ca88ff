package io.shelfmark.internal.lineage;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(20)
class SpoolQueueTest {

  private static final long LIMIT = 1 << 20;

  @TempDir Path folder;

  private static List<String> takeAll(SpoolQueue queue) throws InterruptedException {
    List<String> events = new ArrayList<>();
    while (!queue.isEmpty()) {
      events.add(queue.head().orElseThrow());
      queue.removeHead();
    }
    return events;
  }

  @Test
  void queue_emptiedFilledAndReopened_hasAllThatWasNotSent() throws Exception {
    SpoolQueue first = SpoolQueue.open(folder, LIMIT);
    first.add("{\"sent\":1}");
    assertThat(takeAll(first)).containsExactly("{\"sent\":1}");
    first.add("{\"unsent\":\"a much longer one than the one before\"}");
    first.add("{\"unsent\":2}");
    first.close();

    try (SpoolQueue second = SpoolQueue.open(folder, LIMIT)) {
      assertThat(takeAll(second))
          .containsExactly(
              "{\"unsent\":\"a much longer one than the one before\"}", "{\"unsent\":2}");
    }
  }

  @Test
  void queue_reopenedWhileEmpty_skipsNothingOfWhatComesLater() throws Exception {
    SpoolQueue first = SpoolQueue.open(folder, LIMIT);
    first.add("{\"sent\":1}");
    assertThat(takeAll(first)).hasSize(1);
    first.close();
    SpoolQueue second = SpoolQueue.open(folder, LIMIT);
    second.add("{\"a\":\"later, and longer\"}");
    second.close();

    try (SpoolQueue third = SpoolQueue.open(folder, LIMIT)) {
      assertThat(takeAll(third)).containsExactly("{\"a\":\"later, and longer\"}");
    }
  }

  @Test
  void queue_sentInPart_goesOnWhereItWas() throws Exception {
    SpoolQueue first = SpoolQueue.open(folder, LIMIT);
    List.of("1", "2", "3").forEach(first::add);
    assertThat(first.head()).contains("1");
    first.removeHead();
    first.close();

    try (SpoolQueue second = SpoolQueue.open(folder, LIMIT)) {
      assertThat(takeAll(second)).containsExactly("2", "3");
    }
  }
}
