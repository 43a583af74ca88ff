package io.shelfmark.tracking.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What every store of runs does with what is written to it. */
public abstract class RunStoreContract extends StoreContract {

  private RunQuery where(String filter) {
    return RunQuery.in(experiment).where(Filter.parse(filter));
  }

  private static RunUpdate renamed(String name) {
    return new RunUpdate(Optional.empty(), Optional.empty(), Optional.of(name));
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
}
