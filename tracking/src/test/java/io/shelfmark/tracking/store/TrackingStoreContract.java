package io.shelfmark.tracking.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every store of experiments and runs does. Each test makes an experiment of its own. */
public abstract class TrackingStoreContract {

  private static final Instant START = Instant.parse("2026-03-01T10:00:00.123Z");

  private TrackingStore store;
  private String experiment;

  /** The store, the same for all tests of a class or another for each. */
  protected abstract TrackingStore store();

  @BeforeEach
  void makeExperiment() {
    store = store();
    experiment = store.experiments().create(NewExperiment.named(unique("detector"))).id();
  }

  private static String unique(String name) {
    return name + "-" + NewRun.newId();
  }

  private RunRecord begin(String name) {
    return store.runs().create(NewRun.of(experiment, name, START));
  }

  private RunRecord read(RunRecord run) {
    return store.runs().find(run.info().id()).orElseThrow();
  }

  private List<String> names(RunQuery query) {
    return store.runs().search(query).items().stream().map(run -> run.info().name()).toList();
  }

  private static Metric point(String key, double value, long step) {
    return new Metric(key, value, step, START.plusMillis(step));
  }

  @Test
  void experiment_created_isFoundByIdAndName() {
    String name = unique("ocr");
    ExperimentRecord made =
        store
            .experiments()
            .create(
                new NewExperiment(name, Optional.empty(), Map.of("team", "ml", "магазин", "42")));

    assertThat(made.name()).isEqualTo(name);
    assertThat(made.lifecycle()).isEqualTo(Lifecycle.ACTIVE);
    assertThat(made.tags())
        .containsExactlyInAnyOrderEntriesOf(Map.of("team", "ml", "магазин", "42"));
    assertThat(made.artifactLocation()).isNotEmpty();
    assertThat(store.experiments().find(made.id())).contains(made);
    assertThat(store.experiments().findByName(name)).contains(made);
    assertThat(store.experiments().find("404")).isEmpty();
    assertThat(store.experiments().findByName(unique("none"))).isEmpty();
  }

  @Test
  void experiment_nameTaken_isRefused() {
    String name = unique("twice");
    String id = store.experiments().create(NewExperiment.named(name)).id();

    assertThatThrownBy(() -> store.experiments().create(NewExperiment.named(name)))
        .isInstanceOf(RecordExistsException.class)
        .hasMessageContaining(name);
    assertThatThrownBy(() -> store.experiments().rename(experiment, name))
        .isInstanceOf(RecordExistsException.class);
    store.experiments().delete(id);
    assertThatThrownBy(() -> store.experiments().create(NewExperiment.named(name)))
        .isInstanceOf(RecordExistsException.class);
  }

  @Test
  void experiment_deletedAndRestored_takesItsRunsAlong() {
    RunRecord kept = begin("kept");
    RunRecord deletedBefore = begin("deleted before");
    store.runs().delete(deletedBefore.info().id());

    store.experiments().delete(experiment);

    assertThat(store.experiments().find(experiment).orElseThrow().lifecycle())
        .isEqualTo(Lifecycle.DELETED);
    assertThat(names(RunQuery.in(experiment))).isEmpty();
    assertThatThrownBy(() -> begin("late")).isInstanceOf(InvalidRequestException.class);

    store.experiments().restore(experiment);

    assertThat(read(kept).info().lifecycle()).isEqualTo(Lifecycle.ACTIVE);
    assertThat(names(RunQuery.in(experiment))).contains("kept");
  }

  @Test
  void experiment_renamedAndTagged_showsIt() {
    String name = unique("renamed");
    store.experiments().rename(experiment, name);
    store.experiments().setTag(experiment, "note", "first");
    store.experiments().setTag(experiment, "note", "second");

    ExperimentRecord found = store.experiments().findByName(name).orElseThrow();
    assertThat(found.id()).isEqualTo(experiment);
    assertThat(found.tags()).containsEntry("note", "second");
    assertThatThrownBy(() -> store.experiments().setTag("404", "a", "b"))
        .isInstanceOf(RecordNotFoundException.class);
  }

  @Test
  void experiments_searched_byNameTagAndPage() {
    String prefix = unique("search");
    for (int i = 0; i < 5; i++) {
      store
          .experiments()
          .create(
              new NewExperiment(
                  prefix + "-" + i,
                  Optional.empty(),
                  Map.of("parity", i % 2 == 0 ? "even" : "odd")));
    }
    Filter filter = Filter.parse("name LIKE '" + prefix + "%' AND tags.parity = 'even'");
    Search search =
        new Search(
            filter, List.of(Order.parse("name DESC")), Visibility.ACTIVE, 2, Optional.empty());

    Page<ExperimentRecord> first = store.experiments().search(search);
    Page<ExperimentRecord> second =
        store.experiments().search(search.at(first.next().orElseThrow()));

    assertThat(first.items())
        .extracting(ExperimentRecord::name)
        .containsExactly(prefix + "-4", prefix + "-2");
    assertThat(second.items()).extracting(ExperimentRecord::name).containsExactly(prefix + "-0");
    assertThat(second.next()).isEmpty();
  }

  @Test
  void run_created_isRunningAndWhole() {
    RunRecord made =
        store
            .runs()
            .create(
                new NewRun(NewRun.newId(), experiment, "yolo", "ann", START, Map.of("gpu", "no")));

    assertThat(made.info().status()).isEqualTo(RunStatus.RUNNING);
    assertThat(made.info().name()).isEqualTo("yolo");
    assertThat(made.info().user()).isEqualTo("ann");
    assertThat(made.info().startTime()).isEqualTo(START);
    assertThat(made.info().endTime()).isEmpty();
    assertThat(made.info().experimentId()).isEqualTo(experiment);
    assertThat(made.info().artifactLocation()).contains(made.info().id());
    assertThat(made.tags()).containsEntry("gpu", "no").containsEntry(NewRun.NAME_TAG, "yolo");
    assertThat(read(made)).isEqualTo(made);
  }

  @Test
  void run_createdTwice_isOne() {
    NewRun run = NewRun.of(experiment, "once", START);
    store.runs().create(run);
    store.runs().create(run);

    assertThat(names(RunQuery.in(experiment))).containsExactly("once");
  }

  @Test
  void run_withoutName_getsOne() {
    assertThat(begin("").info().name()).isNotBlank();
  }

  @Test
  void run_ofUnknownExperiment_isRefused() {
    assertThatThrownBy(() -> store.runs().create(NewRun.of("404", "lost", START)))
        .isInstanceOf(RecordNotFoundException.class)
        .hasMessageContaining("404");
  }

  @Test
  void run_ended_hasStatusAndTime() {
    RunRecord run = begin("short");
    RunInfo ended =
        store
            .runs()
            .update(run.info().id(), RunUpdate.ended(RunStatus.FAILED, START.plusSeconds(5)));

    assertThat(ended.status()).isEqualTo(RunStatus.FAILED);
    assertThat(ended.endTime()).contains(START.plusSeconds(5));
    assertThat(read(run).info()).isEqualTo(ended);
  }

  @Test
  void run_renamed_keepsNameAndTagTheSame() {
    RunRecord run = begin("before");
    store
        .runs()
        .update(
            run.info().id(),
            new RunUpdate(Optional.empty(), Optional.empty(), Optional.of("after")));

    assertThat(read(run).info().name()).isEqualTo("after");
    assertThat(read(run).tags()).containsEntry(NewRun.NAME_TAG, "after");

    store.runs().log(run.info().id(), RunLog.tags(Map.of(NewRun.NAME_TAG, "by tag")));
    assertThat(read(run).info().name()).isEqualTo("by tag");
  }

  @Test
  void run_unknown_isNotFound() {
    String id = NewRun.newId();
    assertThat(store.runs().find(id)).isEmpty();
    assertThatThrownBy(() -> store.runs().log(id, RunLog.params(Map.of("a", "b"))))
        .isInstanceOf(RecordNotFoundException.class)
        .hasMessageContaining(id);
    assertThatThrownBy(() -> store.runs().delete(id)).isInstanceOf(RecordNotFoundException.class);
    assertThatThrownBy(() -> store.runs().history(id, "loss", 10, Optional.empty()))
        .isInstanceOf(RecordNotFoundException.class);
  }

  @Test
  void run_deleted_refusesLogsUntilRestored() {
    RunRecord run = begin("deleted");
    String id = run.info().id();
    store.runs().delete(id);

    assertThat(read(run).info().lifecycle()).isEqualTo(Lifecycle.DELETED);
    assertThatThrownBy(() -> store.runs().log(id, RunLog.params(Map.of("a", "b"))))
        .isInstanceOf(InvalidRequestException.class);
    assertThat(names(RunQuery.in(experiment))).isEmpty();
    assertThat(names(RunQuery.in(experiment).visibility(Visibility.DELETED)))
        .containsExactly("deleted");

    store.runs().restore(id);
    store.runs().log(id, RunLog.params(Map.of("a", "b")));
    assertThat(read(run).params()).containsEntry("a", "b");
  }

  @Test
  void params_writtenOnce_refuseAnotherValue() {
    RunRecord run = begin("params");
    String id = run.info().id();
    store.runs().log(id, RunLog.params(Map.of("lr", "0.1", "optimizer", "адам")));
    store.runs().log(id, RunLog.params(Map.of("lr", "0.1")));

    assertThatThrownBy(
            () ->
                store
                    .runs()
                    .log(
                        id,
                        new RunLog(
                            Map.of("lr", "0.2", "new", "1"),
                            List.of(point("loss", 1, 1)),
                            Map.of("t", "v"))))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("lr");
    RunRecord found = read(run);
    assertThat(found.params())
        .containsExactlyInAnyOrderEntriesOf(Map.of("lr", "0.1", "optimizer", "адам"));
    assertThat(found.metrics()).isEmpty();
    assertThat(found.tags()).doesNotContainKey("t");
  }

  @Test
  void tags_setAndRemoved_showTheLast() {
    RunRecord run = begin("tags");
    String id = run.info().id();
    store.runs().log(id, RunLog.tags(Map.of("a", "1", "b", "1")));
    store.runs().log(id, RunLog.tags(Map.of("a", "2")));
    store.runs().deleteTag(id, "b");

    assertThat(read(run).tags()).containsEntry("a", "2").doesNotContainKey("b");
    assertThatThrownBy(() -> store.runs().deleteTag(id, "b"))
        .isInstanceOf(RecordNotFoundException.class);
  }

  @Test
  void metrics_logged_showTheLastByStepThenTimeThenValue() {
    RunRecord run = begin("last");
    String id = run.info().id();
    store
        .runs()
        .log(
            id,
            RunLog.metrics(
                List.of(
                    new Metric("m", 5, 2, START),
                    new Metric("m", 9, 1, START.plusSeconds(9)),
                    new Metric("m", 3, 2, START.plusSeconds(1)),
                    new Metric("m", 4, 2, START.plusSeconds(1)))));
    store.runs().log(id, RunLog.metrics(List.of(new Metric("m", 100, 0, START.plusSeconds(60)))));

    assertThat(read(run).metrics().get("m")).isEqualTo(new Metric("m", 4, 2, START.plusSeconds(1)));
  }

  @Test
  void metrics_specialNumbers_comeBack() {
    RunRecord run = begin("special");
    List<Metric> points =
        List.of(
            point("m", Double.NEGATIVE_INFINITY, 1),
            point("m", Double.NaN, 2),
            point("m", Double.MIN_VALUE, 3),
            point("m", -0.1, 4),
            point("m", 1e300, 5),
            point("m", Double.POSITIVE_INFINITY, Long.MAX_VALUE - 5));
    store.runs().log(run.info().id(), RunLog.metrics(points.subList(0, 5)));
    store
        .runs()
        .log(
            run.info().id(),
            RunLog.metrics(List.of(new Metric("m", Double.POSITIVE_INFINITY, 6, START))));

    List<Metric> found = store.runs().history(run.info().id(), "m", 100, Optional.empty()).items();
    assertThat(found).hasSize(6);
    assertThat(found.subList(0, 5)).isEqualTo(points.subList(0, 5));
    assertThat(read(run).metrics().get("m").value()).isEqualTo(Double.POSITIVE_INFINITY);
  }

  @Test
  void metric_samePointTwice_isOne() {
    RunRecord run = begin("same");
    RunLog log = RunLog.metrics(List.of(point("m", 1.5, 3), point("m", Double.NaN, 4)));
    store.runs().log(run.info().id(), log);
    store.runs().log(run.info().id(), log);

    assertThat(store.runs().history(run.info().id(), "m", 100, Optional.empty()).items())
        .hasSize(2);
  }

  @Test
  void history_inPages_isWholeAndInOrder() {
    RunRecord run = begin("pages");
    List<Metric> points = new ArrayList<>();
    IntStream.range(0, 25).forEach(i -> points.add(point("m", Math.sin(i), i)));
    List<Metric> shuffled = new ArrayList<>(points);
    Collections.shuffle(shuffled, new Random(7));
    store.runs().log(run.info().id(), RunLog.metrics(shuffled));

    List<Metric> found = new ArrayList<>();
    Optional<String> page = Optional.empty();
    int pages = 0;
    do {
      Page<Metric> next = store.runs().history(run.info().id(), "m", 10, page);
      found.addAll(next.items());
      page = next.next();
      pages++;
    } while (page.isPresent());

    assertThat(found).isEqualTo(points);
    assertThat(pages).isEqualTo(3);
    assertThat(store.runs().history(run.info().id(), "none", 10, Optional.empty()).items())
        .isEmpty();
  }

  @Test
  void curve_ofManyPoints_keepsExtremesAndEnds() {
    RunRecord run = begin("curve");
    List<Metric> points = new ArrayList<>();
    for (int i = 0; i < 3000; i++) {
      points.add(point("m", i == 1234 ? 99 : i == 2345 ? -99 : Math.sin(i / 50.0), i));
    }
    for (int from = 0; from < points.size(); from += 500) {
      store.runs().log(run.info().id(), RunLog.metrics(points.subList(from, from + 500)));
    }

    Curve curve = store.runs().curve(run.info().id(), "m", 100);

    assertThat(curve.total()).isEqualTo(3000);
    assertThat(curve.points()).hasSizeLessThanOrEqualTo(102).hasSizeGreaterThan(50);
    assertThat(curve.points()).contains(points.get(0), points.get(2999));
    assertThat(curve.points()).contains(points.get(1234), points.get(2345));
    assertThat(curve.points()).isSortedAccordingTo((a, b) -> Long.compare(a.step(), b.step()));
    assertThat(store.runs().curve(run.info().id(), "none", 100).points()).isEmpty();
  }

  @Test
  void curve_ofVeryManyPointsInBatchesOfAnySize_keepsEveryPeak() {
    RunRecord run = begin("long curve");
    int count = 25_000;
    List<Integer> peaks = List.of(3, 57, 99, 100, 5_001, 12_345, 24_990);
    List<Metric> points = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int peak = peaks.indexOf(i);
      points.add(point("m", peak < 0 ? Math.sin(i / 50.0) : 100 + peak, i));
    }
    Random random = new Random(8);
    int from = 0;
    while (from < count) {
      int size = from < 300 ? 1 + random.nextInt(60) : 900;
      int to = Math.min(count, from + size);
      store.runs().log(run.info().id(), RunLog.metrics(points.subList(from, to)));
      from = to;
    }

    Curve curve = store.runs().curve(run.info().id(), "m", 2000);

    assertThat(curve.total()).isEqualTo(count);
    assertThat(curve.points()).hasSizeLessThanOrEqualTo(2002);
    // of neighbors in one stretch only the highest is kept
    assertThat(curve.points())
        .contains(points.get(99), points.get(100), points.get(5_001), points.get(12_345));
    assertThat(curve.points()).contains(points.get(24_990), points.get(0), points.get(count - 1));
    assertThat(curve.points()).isSortedAccordingTo((a, b) -> Long.compare(a.step(), b.step()));
  }

  @Test
  void write_manyAtOnce_appliesInOrderAndTellsRefusals() {
    NewRun one = NewRun.of(experiment, "one", START);
    NewRun two = NewRun.of(experiment, "two", START);
    RunWrite refused = new RunWrite.Log(one.id(), RunLog.params(Map.of("p", "other")));
    RunWrite lost = new RunWrite.Log(NewRun.newId(), RunLog.params(Map.of("p", "1")));

    List<Refusal> refusals =
        store
            .runs()
            .write(
                List.of(
                    new RunWrite.Create(one),
                    new RunWrite.Log(one.id(), RunLog.params(Map.of("p", "1"))),
                    refused,
                    new RunWrite.Create(two),
                    lost,
                    new RunWrite.Log(two.id(), RunLog.metrics(List.of(point("m", 1, 1)))),
                    new RunWrite.Update(
                        two.id(), RunUpdate.ended(RunStatus.FINISHED, START.plusSeconds(1)))));

    assertThat(refusals).extracting(Refusal::write).containsExactly(refused, lost);
    assertThat(store.runs().find(one.id()).orElseThrow().params()).containsEntry("p", "1");
    RunRecord second = store.runs().find(two.id()).orElseThrow();
    assertThat(second.info().status()).isEqualTo(RunStatus.FINISHED);
    assertThat(second.metrics()).containsKey("m");
  }

  @Test
  void runs_searched_byEveryKindOfField() {
    for (int i = 0; i < 6; i++) {
      RunRecord run = store.runs().create(NewRun.of(experiment, "run-" + i, START.plusSeconds(i)));
      store
          .runs()
          .log(
              run.info().id(),
              new RunLog(
                  Map.of("lr", "0." + i, "name", "Альфа" + i),
                  i == 5 ? List.of() : List.of(point("val/acc", i / 10.0, 1)),
                  Map.of("store", i < 3 ? "Север" : "Юг")));
    }

    assertThat(names(where("metrics.`val/acc` >= 0.2 AND metrics.`val/acc` < 0.4")))
        .containsExactly("run-3", "run-2");
    assertThat(names(where("params.lr = '0.3'"))).containsExactly("run-3");
    assertThat(names(where("params.lr != '0.3' AND tags.store = 'Юг'")))
        .containsExactly("run-5", "run-4");
    assertThat(
            names(where("params.name LIKE 'Альфа%' AND attributes.run_name IN ('run-1', 'run-2')")))
        .containsExactly("run-2", "run-1");
    assertThat(names(where("params.name LIKE 'альфа%'"))).isEmpty();
    assertThat(names(where("params.name ILIKE 'аЛЬфа_'"))).hasSize(6);
    assertThat(names(where("attributes.start_time > " + START.plusSeconds(3).toEpochMilli())))
        .containsExactly("run-5", "run-4");
    assertThat(names(where("status = 'FINISHED'"))).isEmpty();
    assertThat(names(where("tags.store = 'x'' OR 1=1 --'".replace("''", "`")))).isEmpty();
  }

  private RunQuery where(String filter) {
    return RunQuery.in(experiment).where(Filter.parse(filter));
  }

  @Test
  void runs_ordered_byMetricParamAndAttribute() {
    double[] values = {0.5, Double.NaN, 0.9, 0.1};
    for (int i = 0; i < 5; i++) {
      RunRecord run = store.runs().create(NewRun.of(experiment, "r" + i, START.plusSeconds(i)));
      if (i < 4) {
        store
            .runs()
            .log(
                run.info().id(),
                new RunLog(
                    Map.of("p", String.valueOf((char) ('d' - i))),
                    List.of(point("acc", values[i], 1)),
                    Map.of()));
      }
    }
    RunQuery all = RunQuery.in(experiment);

    assertThat(names(all.orderBy(Field.metric("acc").descending())))
        .containsExactly("r2", "r0", "r3", "r1", "r4");
    assertThat(names(all.orderBy(Field.metric("acc").ascending())))
        .containsExactly("r3", "r0", "r2", "r1", "r4");
    assertThat(
            names(
                all.where(Field.metric("acc").above(0.2))
                    .orderBy(Field.metric("acc").descending())))
        .containsExactly("r2", "r0");
    assertThat(names(all.orderBy(Field.param("p").ascending())))
        .containsExactly("r3", "r2", "r1", "r0", "r4");
    assertThat(names(all.orderBy(Field.attribute("start_time").ascending())))
        .containsExactly("r0", "r1", "r2", "r3", "r4");
  }

  @Test
  void runs_inPages_areEachFoundOnce() {
    for (int i = 0; i < 23; i++) {
      RunRecord run = store.runs().create(NewRun.of(experiment, "r" + i, START));
      if (i % 4 != 0) {
        store.runs().log(run.info().id(), RunLog.metrics(List.of(point("acc", i % 3, 1))));
      }
    }
    for (RunQuery query :
        List.of(
            RunQuery.in(experiment),
            RunQuery.in(experiment).orderBy(Field.metric("acc").descending()),
            RunQuery.in(experiment)
                .where(Field.metric("acc").atLeast(0))
                .orderBy(Field.metric("acc").ascending()))) {
      List<String> whole = names(query);
      List<String> paged = new ArrayList<>();
      RunQuery next = query.limit(5);
      while (true) {
        Page<RunRecord> page = store.runs().search(next);
        page.items().forEach(run -> paged.add(run.info().name()));
        if (page.next().isEmpty()) {
          break;
        }
        next = query.limit(5).at(page.next().get());
      }
      assertThat(paged).isEqualTo(whole).doesNotHaveDuplicates();
    }
  }

  @Test
  void search_wrongFilter_saysWhatIsWrong() {
    assertThatThrownBy(() -> names(where("metrics.acc > 'high'")))
        .isInstanceOf(InvalidRequestException.class);
    assertThatThrownBy(() -> names(where("params.lr > '1'")))
        .isInstanceOf(InvalidRequestException.class);
    assertThatThrownBy(() -> names(where("attributes.color = 'red'")))
        .isInstanceOf(InvalidRequestException.class);
    assertThatThrownBy(() -> names(RunQuery.in(experiment).at("nonsense")))
        .isInstanceOf(InvalidRequestException.class);
  }

  @Test
  void inputs_logged_areShownAndFoundByName() {
    RunRecord run = begin("inputs");
    DatasetInput input =
        new DatasetInput(
            "shelf-photos",
            "a1b2c3",
            "shelfmark",
            "dataset:shelf-photos@3",
            "{}",
            "{\"files\":10}",
            Map.of("mlflow.data.context", "training"));
    store.runs().logInputs(run.info().id(), List.of(input), List.of());

    assertThat(read(run).datasets()).containsExactly(input);
    assertThat(names(where("datasets.name = 'shelf-photos' AND datasets.context = 'training'")))
        .containsExactly("inputs");
    assertThat(names(where("datasets.name = 'other'"))).isEmpty();
  }

  @Test
  void keysAndValues_outOfBounds_areRefused() {
    String id = begin("bounds").info().id();
    RunStore runs = store.runs();

    runs.log(id, RunLog.params(Map.of("k".repeat(250), "v")));
    for (String key :
        List.of("", "k".repeat(251), "../up", "a//b", "/a", "semi;colon", "new\nline")) {
      assertThatThrownBy(() -> runs.log(id, RunLog.params(Map.of(key, "v"))))
          .as(key)
          .isInstanceOf(InvalidRequestException.class);
      assertThatThrownBy(() -> runs.log(id, RunLog.metrics(List.of(point(key, 1, 1)))))
          .as(key)
          .isInstanceOf(InvalidRequestException.class);
    }
    assertThatThrownBy(() -> runs.log(id, RunLog.params(Map.of("long", "v".repeat(6001)))))
        .isInstanceOf(InvalidRequestException.class);
  }

  @Test
  void texts_thatAreNone_areRefusedAndKeepNobodyElse() {
    RunRecord run = begin("texts");
    String id = run.info().id();
    for (String bad : List.of("a\0b", "\ud800", "b\udc00c")) {
      assertThatThrownBy(() -> store.runs().log(id, RunLog.params(Map.of("p", bad))))
          .isInstanceOf(InvalidRequestException.class);
      assertThatThrownBy(() -> store.runs().log(id, RunLog.tags(Map.of("t", bad))))
          .isInstanceOf(InvalidRequestException.class);
      assertThatThrownBy(() -> begin(bad)).isInstanceOf(InvalidRequestException.class);
      assertThatThrownBy(() -> store.experiments().create(NewExperiment.named(bad)))
          .isInstanceOf(InvalidRequestException.class);
      assertThatThrownBy(() -> store.runs().update(id, renamed(bad)))
          .isInstanceOf(InvalidRequestException.class);
      assertThatThrownBy(() -> names(RunQuery.in(experiment).where(Field.tag("t").is(bad))))
          .isInstanceOf(InvalidRequestException.class);
    }
    store.runs().log(id, RunLog.tags(Map.of("t", "\ud83d\ude00 \u0001")));
    assertThat(read(run).tags()).containsEntry("t", "\ud83d\ude00 \u0001");
  }

  private static RunUpdate renamed(String name) {
    return new RunUpdate(Optional.empty(), Optional.empty(), Optional.of(name));
  }

  @Test
  void search_tooLong_isRefusedAndALongOneIsNot() {
    begin("alone");
    List<Condition> conditions =
        IntStream.range(0, 5000).mapToObj(i -> Field.tag("t" + i).isMissing()).toList();
    List<Order> orders =
        IntStream.range(0, 5000).mapToObj(i -> Field.metric("m" + i).descending()).toList();
    RunQuery all = RunQuery.in(experiment);

    assertThat(names(all.where(new Filter(conditions.subList(0, 50))))).containsExactly("alone");
    assertThat(names(all.orderBy(orders.subList(0, 10)))).containsExactly("alone");
    assertThatThrownBy(() -> names(all.where(new Filter(conditions))))
        .isInstanceOf(InvalidRequestException.class);
    assertThatThrownBy(() -> names(all.orderBy(orders)))
        .isInstanceOf(InvalidRequestException.class);
    assertThatThrownBy(() -> names(all.where(Field.tag("t").like("%a".repeat(100_000)))))
        .isInstanceOf(InvalidRequestException.class);
    assertThat(names(all.where(Field.attribute("start_time").below(1e300))))
        .containsExactly("alone");
    assertThat(names(all.where(Field.attribute("start_time").above(1e18)))).isEmpty();
    assertThat(
            names(
                all.where(
                    Field.attribute("run_id")
                        .in(IntStream.range(0, 50_000).mapToObj(i -> NewRun.newId()).toList()))))
        .isEmpty();
  }

  @Test
  void history_pageOfAnySize_isServedAndNoneOfNothing() {
    RunRecord run = begin("pages");
    String id = run.info().id();
    store.runs().log(id, RunLog.metrics(List.of(point("m", 1, 1), point("m", 2, 2))));

    assertThat(store.runs().history(id, "m", Integer.MAX_VALUE, Optional.empty()).items())
        .hasSize(2);
    for (int bad : List.of(0, -1, Integer.MIN_VALUE)) {
      assertThatThrownBy(() -> store.runs().history(id, "m", bad, Optional.empty()))
          .isInstanceOf(InvalidRequestException.class);
      assertThatThrownBy(() -> store.runs().curve(id, "m", bad))
          .isInstanceOf(InvalidRequestException.class);
    }
  }

  @Test
  void inputs_withNamesOutOfBounds_areRefused() {
    RunRecord run = begin("inputs");
    String id = run.info().id();
    String random =
        new Random(7)
            .ints(5000, 'a', 'z')
            .collect(StringBuilder::new, (b, c) -> b.append((char) c), StringBuilder::append)
            .toString();
    for (String bad : List.of("", random)) {
      DatasetInput nameless = new DatasetInput(bad, "d", "local", "s", "", "", Map.of());
      DatasetInput digestless = new DatasetInput("n", bad, "local", "s", "", "", Map.of());
      assertThatThrownBy(() -> store.runs().logInputs(id, List.of(nameless), List.of()))
          .isInstanceOf(InvalidRequestException.class);
      assertThatThrownBy(() -> store.runs().logInputs(id, List.of(digestless), List.of()))
          .isInstanceOf(InvalidRequestException.class);
      assertThatThrownBy(() -> store.runs().logInputs(id, List.of(), List.of(bad)))
          .isInstanceOf(InvalidRequestException.class);
    }
  }

  @Test
  void pages_byTiesNaNsAndMissingValuesInMixedDirections_areEachFoundOnce() {
    double[] values = {0.0, -0.0, 1, 1, Double.NaN, Double.NEGATIVE_INFINITY, 1e300, 5e-324};
    Random random = new Random(20261128);
    for (int i = 0; i < 60; i++) {
      String id = begin("run " + i % 7).info().id();
      if (random.nextInt(4) > 0) {
        double value = values[random.nextInt(values.length)];
        store.runs().log(id, RunLog.metrics(List.of(point("m", value, 1))));
      }
      if (random.nextBoolean()) {
        store.runs().log(id, RunLog.params(Map.of("p", List.of("", "a", "б").get(i % 3))));
      }
      if (random.nextBoolean()) {
        store.runs().update(id, RunUpdate.ended(RunStatus.FINISHED, START.plusMillis(i % 3)));
      }
    }
    Order byMetric = Field.metric("m").descending();
    Order byParam = Field.param("p").ascending();
    Order byEnd = Field.attribute("end_time").descending();
    Order byName = Field.attribute("run_name").ascending();
    for (List<Order> orders :
        List.of(
            List.of(byMetric),
            List.of(Field.metric("m").ascending(), byParam, byEnd),
            List.of(byEnd, byMetric, byName),
            List.of(byParam, byName, Field.metric("none").ascending()))) {
      RunQuery query = RunQuery.in(experiment).orderBy(orders);
      List<String> whole = ids(query);
      assertThat(whole).hasSize(60).doesNotHaveDuplicates();
      for (int size : List.of(1, 7, 30)) {
        assertThat(ids(query.limit(size))).isEqualTo(whole);
      }
    }
  }

  /** Of all pages. */
  private List<String> ids(RunQuery query) {
    List<String> ids = new ArrayList<>();
    Optional<String> next = Optional.empty();
    do {
      Page<RunRecord> page = store.runs().search(next.map(query::at).orElse(query));
      page.items().forEach(run -> ids.add(run.info().id()));
      next = page.next();
    } while (next.isPresent());
    return ids;
  }
}
