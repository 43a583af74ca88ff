package io.shelfmark.tracking.internal.sql;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.shelfmark.Workspace;
import io.shelfmark.artifact.RetentionRule;
import io.shelfmark.testing.InMemoryBlobStore;
import io.shelfmark.testing.SettableClock;
import io.shelfmark.tracking.store.Filter;
import io.shelfmark.tracking.store.ModelVersionRecord;
import io.shelfmark.tracking.store.NewModelVersion;
import io.shelfmark.tracking.store.Search;
import java.io.ByteArrayInputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelRetentionTest {

  @TempDir Path folder;
  private final SettableClock clock = SettableClock.create();
  private Workspace workspace;
  private SqlTrackingStore store;

  @BeforeEach
  void open() {
    workspace =
        Workspace.builder()
            .store(new InMemoryBlobStore())
            .home(folder.resolve("home"))
            .retention(RetentionRule.keepLast(1))
            .gracePeriod(Duration.ZERO)
            .open();
    store = SqlTrackingStore.sqlite(folder.resolve("tracking.db"), workspace, clock);
    store.models().create("m", "", Map.of());
  }

  @AfterEach
  void close() {
    store.close();
    workspace.close();
  }

  private void add() {
    store
        .models()
        .createVersion(
            new NewModelVersion(
                "m", "s3://bucket/a", Optional.empty(), Optional.empty(), "", Map.of()));
  }

  @Test
  void version_inTheRegistry_isKeptUntilItIsDeleted() {
    add();
    add();
    add();
    workspace.collectGarbage();
    assertThat(workspace.artifacts().versions("m")).hasSize(3);
    store.models().deleteVersion("m", 1);
    workspace.collectGarbage();
    assertThat(workspace.artifacts().find("m", "1")).isEmpty();
    assertThat(workspace.artifacts().versions("m")).hasSize(2);
    store.models().delete("m");
    workspace.collectGarbage();
    assertThat(workspace.artifacts().versions("m")).hasSize(1);
  }

  @Test
  void version_collectedBeforeTheRegistrySawIt_isNotOnRecord() {
    for (String content : List.of("1", "2")) {
      workspace.artifacts().publish("m", "a", new ByteArrayInputStream(content.getBytes(UTF_8)));
    }
    workspace.collectGarbage();
    assertThat(store.models().findVersion("m", 1)).isEmpty();
    assertThat(store.models().findVersion("m", 2)).isPresent();
  }

  @Test
  void search_ofAllModels_seesWhatWasPublishedFiveSecondsBefore() {
    workspace.artifacts().publish("m", "a", new ByteArrayInputStream("1".getBytes(UTF_8)));
    assertThat(numbers()).containsExactly(1L);
    workspace.artifacts().publish("m", "a", new ByteArrayInputStream("2".getBytes(UTF_8)));
    clock.advance(Duration.ofSeconds(5));
    assertThat(numbers()).containsExactlyInAnyOrder(1L, 2L);
  }

  private List<Long> numbers() {
    return store
        .models()
        .searchVersions(Search.where(Filter.parse("version_number > 0")))
        .items()
        .stream()
        .map(ModelVersionRecord::version)
        .toList();
  }
}
