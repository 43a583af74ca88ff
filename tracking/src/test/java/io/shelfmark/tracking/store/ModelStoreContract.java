package io.shelfmark.tracking.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every store of registered models does. Each test makes models of its own. */
public abstract class ModelStoreContract {

  private static final String SOURCE = "s3://bucket/models/a";

  protected ModelStore models;

  /** The store, the same for all tests of a class or another for each. */
  protected abstract TrackingStore store();

  @BeforeEach
  void openModels() {
    models = store().models();
  }

  protected static String unique(String name) {
    return name + "-" + NewRun.newId();
  }

  protected final String make(String name) {
    return models.create(unique(name), "", Map.of()).name();
  }

  protected final ModelVersionRecord addVersion(String model) {
    return models.createVersion(
        new NewModelVersion(model, SOURCE, Optional.empty(), Optional.empty(), "", Map.of()));
  }

  private static Search where(String filter) {
    return Search.where(Filter.parse(filter));
  }

  @Test
  void model_created_isFound() {
    String name = unique("Детектор ценников v2");
    ModelRecord made = models.create(name, "reads prices", Map.of("team", "ml", "магазин", "42"));

    assertThat(made.name()).isEqualTo(name);
    assertThat(made.description()).isEqualTo("reads prices");
    assertThat(made.tags()).isEqualTo(Map.of("team", "ml", "магазин", "42"));
    assertThat(made.aliases()).isEmpty();
    assertThat(made.latestVersions()).isEmpty();
    assertThat(models.find(name)).contains(made);
    assertThat(models.find(unique("none"))).isEmpty();
  }

  @Test
  void model_nameTakenOrEmpty_isRefused() {
    String name = make("twice");
    assertThatThrownBy(() -> models.create(name, "", Map.of()))
        .isInstanceOf(RecordExistsException.class)
        .hasMessageContaining(name);
    assertThatThrownBy(() -> models.create("", "", Map.of()))
        .isInstanceOf(InvalidRequestException.class);
    String other = make("other");
    assertThatThrownBy(() -> models.rename(other, name)).isInstanceOf(RecordExistsException.class);
  }

  @Test
  void model_unknown_isNotFound() {
    String name = unique("none");
    List<Runnable> calls =
        List.of(
            () -> models.rename(name, "b"),
            () -> models.describe(name, "b"),
            () -> models.delete(name),
            () -> models.setTag(name, "k", "v"),
            () -> models.setAlias(name, "champion", 1),
            () -> addVersion(name),
            () -> models.latestVersions(name, List.of()),
            () -> models.describeVersion(name, 1, "b"),
            () -> models.setStage(name, 1, "Staging"),
            () -> models.deleteVersion(name, 1),
            () -> models.setVersionTag(name, 1, "k", "v"));
    for (Runnable call : calls) {
      assertThatThrownBy(call::run)
          .isInstanceOf(RecordNotFoundException.class)
          .hasMessageContaining(name);
    }
    assertThat(models.findVersion(name, 1)).isEmpty();
  }

  @Test
  void model_describedAndTagged_showsIt() {
    String name = make("described");
    assertThat(models.describe(name, "better").description()).isEqualTo("better");
    models.setTag(name, "a", "1");
    models.setTag(name, "a", "2");
    models.setTag(name, "b", "3");
    models.deleteTag(name, "b");
    assertThat(models.find(name).orElseThrow().tags()).isEqualTo(Map.of("a", "2"));
  }

  @Test
  void model_renamed_keepsItsVersionsAndAliases() {
    String name = make("before");
    addVersion(name);
    models.setAlias(name, "champion", 1);
    String later = unique("after");
    assertThat(models.rename(name, later).name()).isEqualTo(later);
    assertThat(models.find(name)).isEmpty();
    assertThat(models.find(later).orElseThrow().aliases()).isEqualTo(Map.of("champion", 1L));
    assertThat(models.findVersion(later, 1)).map(ModelVersionRecord::model).contains(later);
    assertThat(addVersion(later).version()).isEqualTo(2);
  }

  @Test
  void model_deleted_isGoneWithItsVersions() {
    String name = make("deleted");
    addVersion(name);
    models.setAlias(name, "champion", 1);
    models.delete(name);
    assertThat(models.find(name)).isEmpty();
    assertThat(models.findVersion(name, 1)).isEmpty();
    assertThat(models.searchVersions(where("name = '" + name + "'")).items()).isEmpty();
    ModelRecord again = models.create(name, "again", Map.of());
    assertThat(again.latestVersions()).isEmpty();
    assertThat(again.aliases()).isEmpty();
  }

  @Test
  void version_created_hasTheNextNumberAndAllThatWasSaid() {
    String name = make("counted");
    NewModelVersion said =
        new NewModelVersion(
            name,
            SOURCE,
            Optional.of(NewRun.newId()),
            Optional.empty(),
            "larger",
            Map.of("mAP50", "0.97"));
    ModelVersionRecord first = models.createVersion(said);
    assertThat(first.model()).isEqualTo(name);
    assertThat(first.version()).isEqualTo(1);
    assertThat(first.source()).isEqualTo(SOURCE);
    assertThat(first.location()).isEqualTo(SOURCE);
    assertThat(first.runId()).isEqualTo(said.runId());
    assertThat(first.description()).isEqualTo("larger");
    assertThat(first.stage()).isEqualTo(ModelVersionRecord.NO_STAGE);
    assertThat(first.tags()).isEqualTo(Map.of("mAP50", "0.97"));
    assertThat(first.aliases()).isEmpty();
    assertThat(models.findVersion(name, 1)).contains(first);
    assertThat(addVersion(name).version()).isEqualTo(2);
    assertThat(models.findVersion(name, 3)).isEmpty();
  }

  @Test
  void version_changed_showsIt() {
    String name = make("changed");
    addVersion(name);
    assertThat(models.describeVersion(name, 1, "good").description()).isEqualTo("good");
    models.setVersionTag(name, 1, "a", "1");
    models.setVersionTag(name, 1, "a", "2");
    models.setVersionTag(name, 1, "b", "3");
    models.deleteVersionTag(name, 1, "b");
    ModelVersionRecord version = models.findVersion(name, 1).orElseThrow();
    assertThat(version.tags()).isEqualTo(Map.of("a", "2"));
    assertThatThrownBy(() -> models.setVersionTag(name, 2, "a", "1"))
        .isInstanceOf(RecordNotFoundException.class);
  }

  @Test
  void version_deleted_isGoneWithItsAliasesAndItsNumberStays() {
    String name = make("shrinking");
    addVersion(name);
    addVersion(name);
    models.setAlias(name, "champion", 2);
    models.setAlias(name, "baseline", 1);
    models.deleteVersion(name, 2);
    assertThat(models.findVersion(name, 2)).isEmpty();
    assertThat(models.findByAlias(name, "champion")).isEmpty();
    assertThat(models.find(name).orElseThrow().aliases()).isEqualTo(Map.of("baseline", 1L));
    assertThat(models.latestVersions(name, List.of()))
        .extracting(ModelVersionRecord::version)
        .containsExactly(1L);
    assertThatThrownBy(() -> models.deleteVersion(name, 2))
        .isInstanceOf(RecordNotFoundException.class);
  }

  @Test
  void alias_movesAndIsRemoved() {
    String name = make("aliased");
    addVersion(name);
    addVersion(name);
    models.setAlias(name, "champion", 1);
    models.setAlias(name, "Candidate_2", 1);
    models.setAlias(name, "champion", 2);
    assertThat(models.findByAlias(name, "champion")).map(ModelVersionRecord::version).contains(2L);
    assertThat(models.findVersion(name, 1).orElseThrow().aliases()).containsExactly("Candidate_2");
    assertThat(models.findVersion(name, 2).orElseThrow().aliases()).containsExactly("champion");
    assertThat(models.find(name).orElseThrow().aliases())
        .isEqualTo(Map.of("champion", 2L, "Candidate_2", 1L));
    models.deleteAlias(name, "champion");
    models.deleteAlias(name, "champion");
    models.deleteAlias(name, "never");
    assertThat(models.findByAlias(name, "champion")).isEmpty();
    assertThat(models.find(name).orElseThrow().aliases()).isEqualTo(Map.of("Candidate_2", 1L));
  }

  @Test
  void alias_reservedOrOfAnUnknownVersion_isRefused() {
    String name = make("strict");
    addVersion(name);
    for (String alias : List.of("latest", "Latest", "v1", "V12", "", "a b", "a/b", "../x")) {
      assertThatThrownBy(() -> models.setAlias(name, alias, 1))
          .as(alias)
          .isInstanceOf(InvalidRequestException.class);
    }
    assertThatThrownBy(() -> models.setAlias(name, "champion", 7))
        .isInstanceOf(RecordNotFoundException.class);
  }

  @Test
  void stages_haveTheirLastVersions() {
    String name = make("staged");
    for (int i = 0; i < 4; i++) {
      addVersion(name);
    }
    assertThat(models.setStage(name, 1, "staging").stage()).isEqualTo("Staging");
    models.setStage(name, 2, "Production");
    models.setStage(name, 3, "PRODUCTION");
    assertThatThrownBy(() -> models.setStage(name, 1, "Best"))
        .isInstanceOf(InvalidRequestException.class);
    assertThat(models.latestVersions(name, List.of()))
        .extracting(version -> version.stage() + " " + version.version())
        .containsExactlyInAnyOrder("Staging 1", "Production 3", "None 4");
    assertThat(models.latestVersions(name, List.of("production", "Archived")))
        .extracting(ModelVersionRecord::version)
        .containsExactly(3L);
    assertThat(models.find(name).orElseThrow().latestVersions()).hasSize(3);
  }

  @Test
  void search_findsModelsByNameAndTag() {
    String group = NewRun.newId();
    for (String letter : List.of("c", "a", "d", "b")) {
      models.create(group + "-" + letter, "", Map.of("letter", letter, "group", group));
    }
    models.create(unique("other"), "", Map.of("letter", "a"));
    String all = "name LIKE '" + group + "%'";
    assertThat(names(where(all)))
        .containsExactly(group + "-a", group + "-b", group + "-c", group + "-d");
    assertThat(names(where(all + " AND tags.letter = 'b'"))).containsExactly(group + "-b");
    assertThat(names(where("name ILIKE '" + group.toUpperCase(Locale.ROOT) + "-A'")))
        .containsExactly(group + "-a");
    assertThat(names(where("name = '" + group + "-c'"))).containsExactly(group + "-c");
    Search descending =
        new Search(
            Filter.parse(all),
            List.of(Field.attribute("name").descending()),
            Visibility.ACTIVE,
            3,
            Optional.empty());
    Page<ModelRecord> page = models.search(descending);
    assertThat(page.items())
        .extracting(ModelRecord::name)
        .containsExactly(group + "-d", group + "-c", group + "-b");
    assertThat(models.search(descending.at(page.next().orElseThrow())).items())
        .extracting(ModelRecord::name)
        .containsExactly(group + "-a");
    assertThatThrownBy(() -> models.search(where("metrics.a > 1")))
        .isInstanceOf(InvalidRequestException.class);
  }

  private List<String> names(Search search) {
    return models.search(search).items().stream().map(ModelRecord::name).toList();
  }

  @Test
  void searchVersions_findsThemByNameRunAndTag() {
    String name = make("searched");
    String run = NewRun.newId();
    for (int i = 1; i <= 5; i++) {
      models.createVersion(
          new NewModelVersion(
              name,
              SOURCE + i,
              i % 2 == 0 ? Optional.of(run) : Optional.empty(),
              Optional.empty(),
              "",
              Map.of("parity", i % 2 == 0 ? "even" : "odd")));
    }
    String own = "name = '" + name + "'";
    assertThat(numbers(where(own))).containsExactlyInAnyOrder(1L, 2L, 3L, 4L, 5L);
    assertThat(numbers(where("run_id = '" + run + "'"))).containsExactlyInAnyOrder(2L, 4L);
    assertThat(numbers(where(own + " AND tags.parity = 'odd'")))
        .containsExactlyInAnyOrder(1L, 3L, 5L);
    assertThat(numbers(where(own + " AND source_path = '" + SOURCE + "3'"))).containsExactly(3L);
    List<Long> paged = new ArrayList<>();
    Search search =
        new Search(
            Filter.parse(own),
            List.of(Field.attribute("version_number").descending()),
            Visibility.ACTIVE,
            2,
            Optional.empty());
    Optional<String> next = Optional.empty();
    do {
      Page<ModelVersionRecord> page = models.searchVersions(next.map(search::at).orElse(search));
      page.items().forEach(version -> paged.add(version.version()));
      next = page.next();
    } while (next.isPresent());
    assertThat(paged).containsExactly(5L, 4L, 3L, 2L, 1L);
  }

  private List<Long> numbers(Search search) {
    return models.searchVersions(search).items().stream().map(ModelVersionRecord::version).toList();
  }

  @Test
  void names_thatLookLikeSql_areBound() {
    String name = unique("a'; drop table model; --");
    models.create(name, "", Map.of());
    addVersion(name);
    assertThat(names(where("name = \"" + name + "\""))).containsExactly(name);
    assertThat(models.findVersion(name, 1)).isPresent();
  }
}
