package io.shelfmark.tracking.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What every store of experiments does. */
public abstract class ExperimentStoreContract extends StoreContract {

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
}
