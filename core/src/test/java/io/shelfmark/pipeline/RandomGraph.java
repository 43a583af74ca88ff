package io.shelfmark.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;

/**
 * A pipeline drawn from a seed: steps that take from any number of earlier ones, fan-outs,
 * conditions, failures, and what it must give by direct evaluation. Each code checks that what it
 * takes is right, and counts its calls.
 */
final class RandomGraph {

  private static final RetryPolicy TWICE =
      RetryPolicy.attempts(2).backoff(Duration.ZERO, Duration.ZERO);

  /** What each step of the last kind gives; nothing where it, or one that it takes from, fails. */
  private final List<Optional<Integer>> values = new ArrayList<>();

  private final List<Step<Integer>> steps = new ArrayList<>();

  /** How often each code must be called in a run without interruption. */
  final Map<String, Integer> expectedCalls = new LinkedHashMap<>();

  final Map<String, Integer> calls = new ConcurrentHashMap<>();
  private final Random random;

  RandomGraph(long seed) {
    random = new Random(seed);
    int count = 1 + random.nextInt(12);
    for (int i = 0; i < count; i++) {
      add(i);
    }
  }

  Pipeline<Integer> pipeline() {
    Step<?>[] others = steps.subList(0, steps.size() - 1).toArray(Step<?>[]::new);
    return Pipeline.of("random", steps.get(steps.size() - 1), others);
  }

  /** What the step {@code step-N} gives. */
  Map<String, Optional<Integer>> expected() {
    Map<String, Optional<Integer>> expected = new LinkedHashMap<>();
    IntStream.range(0, values.size()).forEach(i -> expected.put("step-" + i, values.get(i)));
    return expected;
  }

  private void add(int i) {
    List<Integer> from =
        IntStream.range(0, i).filter(earlier -> random.nextInt(3) == 0).boxed().toList();
    List<Step<Integer>> sources = from.stream().map(steps::get).toList();
    boolean whole = from.stream().allMatch(source -> values.get(source).isPresent());
    List<Integer> inputs = from.stream().map(source -> values.get(source).orElse(0)).toList();
    int sum = i + inputs.stream().mapToInt(n -> n).sum();
    switch (random.nextInt(6)) {
      case 0 -> fanOut(i, sources, inputs, sum, whole);
      case 1 -> conditional(i, sources, inputs, sum, whole);
      case 2 -> failing(i, sources, whole);
      case 3 -> flaky(i, sources, inputs, sum, whole);
      default -> plain(i, sources, inputs, sum, whole);
    }
  }

  private void note(Step<Integer> step, Optional<Integer> value) {
    steps.add(step);
    values.add(value);
  }

  private void mustCall(String name, int times) {
    expectedCalls.put(name, times);
  }

  private int called(StepContext context) {
    return calls.merge(context.step(), 1, Integer::sum);
  }

  private void plain(
      int i, List<Step<Integer>> sources, List<Integer> inputs, int sum, boolean whole) {
    note(
        Step.named("step-" + i, Integer.class)
            .inputs(sources)
            .run(
                (context, list) -> {
                  called(context);
                  assertThat(list).isEqualTo(inputs);
                  return sum;
                }),
        whole ? Optional.of(sum) : Optional.empty());
    mustCall("step-" + i, whole ? 1 : 0);
  }

  private void failing(int i, List<Step<Integer>> sources, boolean whole) {
    note(
        Step.named("step-" + i, Integer.class)
            .inputs(sources)
            .run(
                (context, list) -> {
                  called(context);
                  throw new IOException("as drawn");
                }),
        Optional.empty());
    mustCall("step-" + i, whole ? 1 : 0);
  }

  /** Fails at the first attempt. */
  private void flaky(
      int i, List<Step<Integer>> sources, List<Integer> inputs, int sum, boolean whole) {
    note(
        Step.named("step-" + i, Integer.class)
            .inputs(sources)
            .retry(TWICE)
            .run(
                (context, list) -> {
                  assertThat(list).isEqualTo(inputs);
                  called(context);
                  if (context.attempt() == 1) {
                    throw new IOException("at first");
                  }
                  return sum;
                }),
        whole ? Optional.of(sum) : Optional.empty());
    mustCall("step-" + i, whole ? 2 : 0);
  }

  private void conditional(
      int i, List<Step<Integer>> sources, List<Integer> inputs, int sum, boolean whole) {
    boolean wanted = random.nextBoolean();
    Step<Boolean> condition =
        Step.named("if-" + i, Boolean.class)
            .inputs(sources)
            .run(
                (context, list) -> {
                  called(context);
                  return wanted;
                });
    Step<Optional<Integer>> maybe =
        Step.named("maybe-" + i, Integer.class)
            .inputs(sources)
            .run(
                (context, list) -> {
                  called(context);
                  assertThat(list).isEqualTo(inputs);
                  return sum;
                })
            .onlyIf(condition);
    note(
        Step.named("step-" + i, Integer.class)
            .input(maybe)
            .run(
                (context, value) -> {
                  called(context);
                  return value.orElse(-1);
                }),
        whole ? Optional.of(wanted ? sum : -1) : Optional.empty());
    mustCall("if-" + i, whole ? 1 : 0);
    mustCall("maybe-" + i, whole && wanted ? 1 : 0);
    mustCall("step-" + i, whole ? 1 : 0);
  }

  private void fanOut(
      int i, List<Step<Integer>> sources, List<Integer> inputs, int sum, boolean whole) {
    int size = random.nextInt(5);
    boolean fails = size > 0 && random.nextInt(4) == 0;
    Step<List<Integer>> list =
        Step.named("list-" + i, ResultType.listOf(Integer.class))
            .inputs(sources)
            .run(
                (context, all) -> {
                  called(context);
                  assertThat(all).isEqualTo(inputs);
                  return IntStream.range(sum, sum + size).boxed().toList();
                });
    Step<List<Integer>> each =
        Step.forEach("each-" + i, list, Integer.class)
            .run(
                (context, n) -> {
                  called(context);
                  if (fails && n == sum) {
                    throw new IOException("the first one, as drawn");
                  }
                  return 2 * n;
                });
    note(
        Step.named("step-" + i, Integer.class)
            .input(each)
            .run(
                (context, all) -> {
                  called(context);
                  return all.stream().mapToInt(n -> n).sum();
                }),
        whole && !fails
            ? Optional.of(2 * IntStream.range(sum, sum + size).sum())
            : Optional.empty());
    mustCall("list-" + i, whole ? 1 : 0);
    for (int element = 0; element < size; element++) {
      mustCall("each-" + i + "[" + element + "]", whole ? 1 : 0);
    }
    mustCall("step-" + i, whole && !fails ? 1 : 0);
  }
}
