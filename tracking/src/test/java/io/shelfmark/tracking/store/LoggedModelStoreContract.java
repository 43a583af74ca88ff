package io.shelfmark.tracking.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every store of logged models does. Each test makes an experiment of its own. */
public abstract class LoggedModelStoreContract {

  private static final Instant START = Instant.parse("2026-03-01T10:00:00Z");

  private TrackingStore store;
  private LoggedModelStore models;
  private String experiment;

  /** The store, the same for all tests of a class or another for each. */
  protected abstract TrackingStore store();

  @BeforeEach
  void makeExperiment() {
    store = store();
    models = store.loggedModels();
    experiment = store.experiments().create(NewExperiment.named("e-" + NewRun.newId())).id();
  }

  private LoggedModelRecord make(String name, Map<String, String> params) {
    return models.create(
        new NewLoggedModel(experiment, name, "", Optional.empty(), params, Map.of()));
  }

  @Test
  void model_created_isPendingAndFound() {
    RunRecord run = store.runs().create(NewRun.of(experiment, "train", START));
    LoggedModelRecord made =
        models.create(
            new NewLoggedModel(
                experiment,
                "ocr",
                "Agent",
                Optional.of(run.info().id()),
                Map.of("lr", "0.1"),
                Map.of("team", "ml")));
    assertThat(made.id()).matches("m-[0-9a-f]{32}");
    assertThat(made.name()).isEqualTo("ocr");
    assertThat(made.type()).isEqualTo("Agent");
    assertThat(made.status()).isEqualTo(LoggedModelStatus.PENDING);
    assertThat(made.sourceRunId()).contains(run.info().id());
    assertThat(made.artifactLocation()).contains(made.id());
    assertThat(made.params()).isEqualTo(Map.of("lr", "0.1"));
    assertThat(made.tags()).isEqualTo(Map.of("team", "ml"));
    assertThat(models.find(made.id())).contains(made);
    assertThat(models.find("m-" + NewRun.newId())).isEmpty();
    assertThat(make("", Map.of()).name()).isNotEmpty();
  }

  @Test
  void model_ofAnUnknownOrDeletedExperiment_isRefused() {
    NewLoggedModel lost =
        new NewLoggedModel("404404", "a", "", Optional.empty(), Map.of(), Map.of());
    assertThatThrownBy(() -> models.create(lost)).isInstanceOf(RecordNotFoundException.class);
    store.experiments().delete(experiment);
    assertThatThrownBy(() -> make("late", Map.of())).isInstanceOf(InvalidRequestException.class);
  }

  @Test
  void model_finishedAndTagged_showsIt() {
    String id = make("m", Map.of()).id();
    assertThat(models.finish(id, LoggedModelStatus.READY).status())
        .isEqualTo(LoggedModelStatus.READY);
    models.setTags(id, Map.of("a", "1", "b", "2"));
    models.setTags(id, Map.of("a", "3"));
    models.deleteTag(id, "b");
    assertThat(models.find(id).orElseThrow().tags()).isEqualTo(Map.of("a", "3"));
    assertThat(models.find(id).orElseThrow().status()).isEqualTo(LoggedModelStatus.READY);
  }

  @Test
  void params_areWrittenOnce() {
    String id = make("m", Map.of("lr", "0.1")).id();
    models.logParams(id, Map.of("lr", "0.1", "depth", "4"));
    assertThatThrownBy(() -> models.logParams(id, Map.of("lr", "0.2", "width", "8")))
        .isInstanceOf(InvalidRequestException.class);
    assertThat(models.find(id).orElseThrow().params()).isEqualTo(Map.of("lr", "0.1", "depth", "4"));
  }

  @Test
  void metrics_areThoseOfItsRuns() {
    RunRecord run = store.runs().create(NewRun.of(experiment, "train", START));
    LoggedModelRecord model =
        models.create(
            new NewLoggedModel(
                experiment, "ocr", "", Optional.of(run.info().id()), Map.of(), Map.of()));
    store
        .runs()
        .log(
            run.info().id(),
            RunLog.metrics(
                List.of(
                    new Metric("cer", 0.5, 1, START),
                    new Metric("cer", 0.25, 2, START.plusMillis(9)))));
    assertThat(models.find(model.id()).orElseThrow().metrics())
        .containsExactly(new Metric("cer", 0.25, 2, START.plusMillis(9)));
    RunRecord later = store.runs().create(NewRun.of(experiment, "evaluate", START));
    store.runs().logInputs(later.info().id(), List.of(), List.of(model.id()));
    Instant evaluated = START.plusSeconds(60);
    store
        .runs()
        .log(
            later.info().id(),
            RunLog.metrics(
                List.of(
                    new Metric("cer", 0.3, 0, evaluated), new Metric("wer", 0.6, 0, evaluated))));
    assertThat(models.find(model.id()).orElseThrow().metrics())
        .containsExactlyInAnyOrder(
            new Metric("cer", 0.3, 0, evaluated), new Metric("wer", 0.6, 0, evaluated));
  }

  @Test
  void search_findsByAttributeParamTagAndMetric() {
    RunRecord run = store.runs().create(NewRun.of(experiment, "train", START));
    store.runs().log(run.info().id(), RunLog.metrics(List.of(new Metric("cer", 0.2, 1, START))));
    LoggedModelRecord good =
        models.create(
            new NewLoggedModel(
                experiment,
                "good",
                "",
                Optional.of(run.info().id()),
                Map.of("lr", "0.1"),
                Map.of("kind", "ocr")));
    LoggedModelRecord plain = make("plain", Map.of("lr", "0.2"));
    models.finish(good.id(), LoggedModelStatus.READY);
    assertThat(names("name = 'good'")).containsExactly("good");
    assertThat(names("status = 'READY'")).containsExactly("good");
    assertThat(names("source_run_id = '" + run.info().id() + "'")).containsExactly("good");
    assertThat(names("params.lr = '0.2'")).containsExactly("plain");
    assertThat(names("tags.kind = 'ocr'")).containsExactly("good");
    assertThat(names("metrics.cer < 0.3")).containsExactly("good");
    assertThat(names("metrics.cer > 0.3")).isEmpty();
    assertThat(names("")).containsExactlyInAnyOrder("good", "plain");
    Search byMetric =
        new Search(
            Filter.NONE,
            List.of(Field.metric("cer").ascending()),
            Visibility.ACTIVE,
            1,
            Optional.empty());
    Page<LoggedModelRecord> first = models.search(List.of(experiment), byMetric);
    assertThat(first.items()).extracting(LoggedModelRecord::id).containsExactly(good.id());
    assertThat(models.search(List.of(experiment), byMetric.at(first.next().orElseThrow())).items())
        .extracting(LoggedModelRecord::id)
        .containsExactly(plain.id());
    assertThat(models.search(List.of(), Search.all()).items()).isEmpty();
  }

  private List<String> names(String filter) {
    return models.search(List.of(experiment), Search.where(Filter.parse(filter))).items().stream()
        .map(LoggedModelRecord::name)
        .toList();
  }

  @Test
  void model_deletedOrUnknown_isNotFound() {
    String id = make("m", Map.of()).id();
    models.delete(id);
    assertThat(models.find(id)).isEmpty();
    assertThat(names("")).isEmpty();
    List<Runnable> calls =
        List.of(
            () -> models.delete(id),
            () -> models.finish(id, LoggedModelStatus.READY),
            () -> models.logParams(id, Map.of("a", "1")),
            () -> models.setTags(id, Map.of("a", "1")),
            () -> models.deleteTag(id, "a"));
    for (Runnable call : calls) {
      assertThatThrownBy(call::run)
          .isInstanceOf(RecordNotFoundException.class)
          .hasMessageContaining(id);
    }
  }
}
