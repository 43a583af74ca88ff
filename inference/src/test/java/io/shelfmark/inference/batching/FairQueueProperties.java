package io.shelfmark.inference.batching;

import static org.assertj.core.api.Assertions.assertThat;

import io.shelfmark.inference.Priority;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/** The queue beside lists of what should be in it, over any sequence of comings and goings. */
class FairQueueProperties {

  private static final int CALLERS = 4;

  /** What happens next: work comes, the oldest of a caller gives up, or a batch is taken. */
  record Event(Kind kind, int caller, Priority priority, int bucket, int size) {
    enum Kind {
      COME,
      LEAVE,
      TAKE
    }
  }

  @Provide
  Arbitrary<List<Event>> events() {
    return Combinators.combine(
            Arbitraries.frequencyOf(
                Tuple.of(6, Arbitraries.just(Event.Kind.COME)),
                Tuple.of(1, Arbitraries.just(Event.Kind.LEAVE)),
                Tuple.of(3, Arbitraries.just(Event.Kind.TAKE))),
            Arbitraries.integers().between(0, CALLERS - 1),
            Arbitraries.of(Priority.class),
            Arbitraries.integers().between(0, 2),
            Arbitraries.integers().between(1, 3))
        .as(Event::new)
        .list()
        .ofMaxSize(120);
  }

  private static Entry<Integer, Integer> entry(int number, Event event) {
    Request request = new Request(event.caller(), event.priority(), Deadline.never());
    return new Entry<>(number, request, event.bucket(), event.size(), 0, gone -> {});
  }

  @Property(tries = 500)
  void take_anySequence_losesNothingAndKeepsEachCallersOrder(@ForAll("events") List<Event> events) {
    int maxBatch = 4;
    FairQueue<Integer, Integer> queue = new FairQueue<>(maxBatch);
    Map<List<Object>, List<Entry<Integer, Integer>>> model = new HashMap<>();
    int number = 0;
    for (Event event : events) {
      List<Entry<Integer, Integer>> line =
          model.computeIfAbsent(
              List.of(event.caller(), event.priority()), key -> new ArrayList<>());
      switch (event.kind()) {
        case COME -> {
          Entry<Integer, Integer> entry = entry(number++, event);
          queue.add(entry);
          line.add(entry);
        }
        case LEAVE -> {
          if (!line.isEmpty()) {
            Entry<Integer, Integer> oldest = line.remove(0);
            assertThat(queue.remove(oldest)).isTrue();
            assertThat(queue.remove(oldest)).isFalse();
          }
        }
        case TAKE -> requireInOrder(queue.take(0), model, maxBatch);
      }
      assertThat(queue.size()).isEqualTo(model.values().stream().mapToInt(List::size).sum());
    }
    while (!queue.isEmpty()) {
      requireInOrder(queue.take(0), model, maxBatch);
    }
    assertThat(model.values()).allMatch(List::isEmpty);
  }

  private static void requireInOrder(
      List<Entry<Integer, Integer>> batch,
      Map<List<Object>, List<Entry<Integer, Integer>>> model,
      int maxBatch) {
    boolean any = model.values().stream().anyMatch(line -> !line.isEmpty());
    assertThat(batch.isEmpty()).isEqualTo(!any);
    for (Entry<Integer, Integer> entry : batch) {
      List<Object> line = List.of(entry.request.caller(), entry.request.priority());
      assertThat(model.getOrDefault(line, List.of())).first().isSameAs(entry);
      model.get(line).remove(0);
      assertThat(entry.bucket).isEqualTo(batch.get(0).bucket);
    }
    int size = batch.stream().mapToInt(entry -> entry.size).sum();
    assertThat(size <= maxBatch || batch.size() == 1).isTrue();
  }

  @Property(tries = 500)
  void take_callerThatWaits_seesEachOtherServedOnceAtMost(@ForAll("events") List<Event> events) {
    FairQueue<Integer, Integer> queue = new FairQueue<>(1);
    Map<Object, Integer> waiting = new HashMap<>();
    Map<Object, Set<Object>> servedMeanwhile = new HashMap<>();
    for (Event event : events) {
      if (event.kind() == Event.Kind.COME) {
        Event interactive =
            new Event(event.kind(), event.caller(), Priority.INTERACTIVE, event.bucket(), 1);
        queue.add(entry(0, interactive));
        if (waiting.merge(event.caller(), 1, Integer::sum) == 1) {
          servedMeanwhile.put(event.caller(), new HashSet<>());
        }
      } else {
        for (Entry<Integer, Integer> entry : queue.take(0)) {
          Object served = entry.request.caller();
          waiting.merge(served, -1, Integer::sum);
          servedMeanwhile.put(served, new HashSet<>());
          servedMeanwhile.forEach(
              (caller, others) -> {
                if (!caller.equals(served) && waiting.get(caller) > 0) {
                  assertThat(others.add(served)).isTrue();
                }
              });
        }
      }
    }
  }

  @Property(tries = 300)
  void take_workOfManyBuckets_everyCallerLeadsAmongSoManyBatches(
      @ForAll("events") List<Event> events) {
    FairQueue<Integer, Integer> queue = new FairQueue<>(2);
    Map<Object, Integer> waited = new HashMap<>();
    Map<Object, Integer> waiting = new HashMap<>();
    for (Event event : events) {
      if (event.kind() == Event.Kind.COME) {
        queue.add(
            entry(0, new Event(event.kind(), event.caller(), Priority.BULK, event.bucket(), 1)));
        waiting.merge(event.caller(), 1, Integer::sum);
      } else {
        List<Entry<Integer, Integer>> batch = queue.take(0);
        waiting.forEach((caller, count) -> waited.merge(caller, count > 0 ? 1 : 0, Integer::sum));
        batch.forEach(
            entry -> {
              waiting.merge(entry.request.caller(), -1, Integer::sum);
              waited.put(entry.request.caller(), 0);
            });
        assertThat(waited.values()).allMatch(batches -> batches < CALLERS);
      }
    }
  }

  @Property(tries = 300)
  void take_interactiveWithoutEnd_bulkIsInOneBatchOfEight(@ForAll("events") List<Event> events) {
    FairQueue<Integer, Integer> queue = new FairQueue<>(1);
    int without = 0;
    for (Event event : events) {
      if (event.kind() == Event.Kind.COME) {
        queue.add(entry(0, event));
      }
      int bulk = queue.bulkSize();
      for (Entry<Integer, Integer> entry : queue.take(0)) {
        without = bulk > 0 && entry.request.priority() != Priority.BULK ? without + 1 : 0;
        assertThat(without).isLessThanOrEqualTo(FairQueue.PATIENCE);
      }
      queue.add(entry(0, new Event(Event.Kind.COME, 0, Priority.INTERACTIVE, 0, 1)));
    }
  }
}
