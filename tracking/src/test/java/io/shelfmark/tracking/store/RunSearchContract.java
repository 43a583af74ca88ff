package io.shelfmark.tracking.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** How every store of runs is searched. */
public abstract class RunSearchContract extends StoreContract {

  private RunQuery where(String filter) {
    return RunQuery.in(experiment).where(Filter.parse(filter));
  }

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
}
