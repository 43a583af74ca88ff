package io.shelfmark.inference.batching;

import static org.assertj.core.api.Assertions.assertThat;

import io.shelfmark.inference.DeadlineException;
import io.shelfmark.inference.OverloadException;
import io.shelfmark.inference.Priority;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/**
 * Callers on threads of their own: whatever they ask and whenever the batcher is closed, each
 * accepted item gets exactly its own answer, a caller's items are begun in their order, and nothing
 * runs that was refused or whose caller was told that it is late.
 */
class BatcherProperties {

  private static final int CALLERS = 3;

  /** What a caller asks; its answer names both. */
  record Item(int caller, int number, boolean bad, int bucket) {}

  /** Sizes of a batcher, what its callers ask, and after how much of it it is closed. */
  record Plan(BatchLimits limits, List<Item> items, List<Priority> priorities, int closeAfter) {}

  @Provide
  Arbitrary<Plan> plans() {
    Arbitrary<BatchLimits> limits =
        Combinators.combine(
                Arbitraries.integers().between(1, 3),
                Arbitraries.integers().between(1, 5),
                Arbitraries.of(Duration.ZERO, Duration.ofNanos(200_000)),
                Arbitraries.integers().between(1, 8),
                Arbitraries.of(WhenFull.class))
            .as(BatchLimits::new);
    return Combinators.combine(
            limits,
            Combinators.combine(
                    Arbitraries.integers().between(0, CALLERS - 1),
                    Arbitraries.integers().between(0, 9),
                    Arbitraries.integers().between(0, 1))
                .as((caller, bad, bucket) -> new Item(caller, 0, bad == 0, bucket))
                .list()
                .ofMinSize(1)
                .ofMaxSize(60),
            Arbitraries.of(Priority.class).list().ofSize(CALLERS),
            Arbitraries.integers().between(0, 60))
        .as(Plan::new);
  }

  /** Answers with the item, out of order and in other threads' company; a bad item throws. */
  private static final class Echo implements BatchStage<Item, Item> {
    final Queue<Item> begun = new ConcurrentLinkedQueue<>();
    final Queue<Item> answered = new ConcurrentLinkedQueue<>();

    @Override
    public List<Item> run(List<Item> items) {
      begun.addAll(items);
      Thread.yield();
      assertThat(items).extracting(Item::bucket).containsOnly(items.get(0).bucket());
      if (items.stream().anyMatch(Item::bad)) {
        throw new IllegalArgumentException(items.toString());
      }
      answered.addAll(items);
      return List.copyOf(items);
    }

    @Override
    public String name() {
      return "echo";
    }

    @Override
    public String describe(Item item) {
      return "echo " + item;
    }

    @Override
    public IllegalStateException closed() {
      return new IllegalStateException("closed");
    }

    @Override
    public Object bucket(Item item) {
      return item.bucket();
    }
  }

  @Property(tries = 150, edgeCases = EdgeCasesMode.NONE)
  void submit_anyCallersAndAnyMomentOfClosing_everyAcceptedItemGetsItsOwnAnswer(
      @ForAll("plans") Plan plan) throws Exception {
    Echo stage = new Echo();
    Batcher<Item, Item> batcher = new Batcher<>(plan.limits(), stage);
    Map<Item, CompletableFuture<Item>> accepted = ask(plan, batcher);

    for (Map.Entry<Item, CompletableFuture<Item>> each : accepted.entrySet()) {
      Item item = each.getKey();
      CompletableFuture<Item> answer = each.getValue();
      Throwable failure = answer.handle((value, error) -> error).get(30, TimeUnit.SECONDS);
      if (failure instanceof OverloadException) {
        assertThat(stage.begun).doesNotContain(item);
      } else if (item.bad()) {
        assertThat(failure).hasMessage(List.of(item).toString());
      } else {
        assertThat(failure).isNull();
        assertThat(answer.get()).isEqualTo(item);
      }
    }
    assertThat(stage.answered).doesNotHaveDuplicates();
    if (plan.limits().lanes() == 1) {
      requireOrder(stage.answered);
    }
  }

  private static Map<Item, CompletableFuture<Item>> ask(Plan plan, Batcher<Item, Item> batcher)
      throws Exception {
    Map<Item, CompletableFuture<Item>> accepted = new HashMap<>();
    List<Thread> callers = new ArrayList<>();
    CyclicBarrier together = new CyclicBarrier(CALLERS + 1);
    for (int i = 0; i < CALLERS; i++) {
      int caller = i;
      Request request = new Request(caller, plan.priorities().get(i), Deadline.never());
      Thread thread =
          new Thread(
              () -> {
                try {
                  together.await(30, TimeUnit.SECONDS);
                  for (int number = 0; number < plan.items().size(); number++) {
                    Item item = plan.items().get(number);
                    if (item.caller() == caller) {
                      Item numbered = new Item(caller, number, item.bad(), item.bucket());
                      CompletableFuture<Item> answer = batcher.submit(numbered, request);
                      synchronized (accepted) {
                        accepted.put(numbered, answer);
                      }
                    }
                  }
                } catch (Exception e) {
                  assertThat(e).isInstanceOf(IllegalStateException.class).hasMessage("closed");
                }
              });
      thread.start();
      callers.add(thread);
    }
    together.await(30, TimeUnit.SECONDS);
    for (int i = 0; i < plan.closeAfter(); i++) {
      Thread.yield();
    }
    batcher.close();
    for (Thread caller : callers) {
      caller.join(TimeUnit.SECONDS.toMillis(30));
      assertThat(caller.isAlive()).isFalse();
    }
    return accepted;
  }

  private static void requireOrder(Iterable<Item> answered) {
    Map<Integer, Integer> last = new HashMap<>();
    for (Item item : answered) {
      Integer before = last.put(item.caller(), item.number());
      assertThat(before == null || before < item.number()).isTrue();
    }
  }

  /** Which of the items are in a hurry, in the order of submission. */
  @Provide
  Arbitrary<List<Boolean>> hurries() {
    return Arbitraries.of(true, false).list().ofMinSize(1).ofMaxSize(20);
  }

  @Property(tries = 25)
  void submit_behindALaneThatIsTaken_noneWhoseDeadlinePassesIsRun(
      @ForAll("hurries") List<Boolean> hurries) throws Exception {
    GatedStage stage = new GatedStage();
    Batcher<String, String> batcher =
        new Batcher<>(new BatchLimits(1, 4, Duration.ZERO, 100, WhenFull.WAIT), stage);
    batcher.submit("first", Request.ofThisThread());
    stage.begun.acquire();
    List<CompletableFuture<String>> hasty = new ArrayList<>();
    List<CompletableFuture<String>> patient = new ArrayList<>();
    for (int i = 0; i < hurries.size(); i++) {
      boolean inHurry = hurries.get(i);
      Duration time = inHurry ? Duration.ofMillis(5) : Duration.ofMinutes(1);
      Request request = new Request(i % 3, Priority.INTERACTIVE, Deadline.in(time));
      (inHurry ? hasty : patient).add(batcher.submit((inHurry ? "hasty" : "patient") + i, request));
    }
    for (CompletableFuture<String> late : hasty) {
      assertThat(late.handle((answer, failure) -> failure).get(30, TimeUnit.SECONDS))
          .isInstanceOf(DeadlineException.class);
    }
    stage.gate.release(GatedStage.ALL);
    for (CompletableFuture<String> each : patient) {
      assertThat(each.get(30, TimeUnit.SECONDS)).startsWith("answer to patient");
    }
    batcher.close();
    assertThat(stage.items()).noneMatch(item -> item.startsWith("hasty"));
    assertThat(stage.items()).hasSize(1 + patient.size());
  }
}
