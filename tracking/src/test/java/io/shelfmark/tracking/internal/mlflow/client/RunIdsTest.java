package io.shelfmark.tracking.internal.mlflow.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.shelfmark.tracking.store.InvalidRequestException;
import io.shelfmark.tracking.store.Metric;
import io.shelfmark.tracking.store.ModelOutput;
import io.shelfmark.tracking.store.NewRun;
import io.shelfmark.tracking.store.RecordNotFoundException;
import io.shelfmark.tracking.store.RunLog;
import io.shelfmark.tracking.store.RunQuery;
import io.shelfmark.tracking.store.RunRecord;
import io.shelfmark.tracking.store.RunStatus;
import io.shelfmark.tracking.store.RunUpdate;
import io.shelfmark.tracking.store.RunWrite;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Against MLflow, which makes its own ids. */
@Timeout(60)
class RunIdsTest {

  private static final Instant TIME = Instant.ofEpochMilli(1_700_000_000_123L);
  private static final RunLog LOG = RunLog.metrics(List.of(new Metric("m", 1, 1, TIME)));

  private FakeMlflow server;
  private RestTrackingStore store;

  @BeforeEach
  void start() throws IOException {
    server = new FakeMlflow();
    store = server.open();
  }

  @AfterEach
  void stop() {
    store.close();
    server.close();
  }

  private String serverId() {
    return server.runs.keySet().iterator().next();
  }

  @Test
  void created_carriesTheCallersIdEverywhere() {
    NewRun run = NewRun.of("7", "yolo", TIME);
    RunRecord made = store.runs().create(run);

    assertThat(made.info().id()).isEqualTo(run.id());
    assertThat(made.tags()).doesNotContainKey("shelfmark.runId");
    assertThat(made.info().artifactLocation()).contains(serverId());
    assertThat(store.runs().find(run.id())).contains(made);
    assertThat(store.runs().find(serverId())).contains(made);
    assertThat(store.runs().search(RunQuery.in("7")).items()).containsExactly(made);
  }

  @Test
  void logged_goesToTheServersId() {
    NewRun run = NewRun.of("7", "yolo", TIME);
    store.runs().create(run);
    server.paths.clear();

    store.runs().log(run.id(), LOG);
    assertThat(store.runs().update(run.id(), RunUpdate.ended(RunStatus.FAILED, TIME)).id())
        .isEqualTo(run.id());
    assertThat(server.paths)
        .containsExactly("runs/log-batch " + serverId(), "runs/update " + serverId());
  }

  @Test
  void created_replyLost_isOneRun() {
    server.loseReplies(1);
    NewRun run = NewRun.of("7", "yolo", TIME);

    assertThat(store.runs().create(run).info().id()).isEqualTo(run.id());
    assertThat(server.runs).hasSize(1);
  }

  @Test
  void created_againByAnotherProcess_isOneRun() {
    NewRun run = NewRun.of("7", "yolo", TIME);
    RunRecord made = store.runs().create(run);
    try (RestTrackingStore other = server.open()) {
      assertThat(other.runs().create(run)).isEqualTo(made);
      assertThat(other.runs().write(List.of(new RunWrite.Create(run)))).isEmpty();
    }
    assertThat(server.runs).hasSize(1);
  }

  @Test
  void restarted_findsTheRunByItsTag() {
    NewRun run = NewRun.of("7", "yolo", TIME);
    store.runs().create(run);
    try (RestTrackingStore other = server.open()) {
      other.runs().log(run.id(), LOG);
    }

    assertThat(server.paths).contains("runs/log-batch " + serverId());
  }

  @Test
  void twoOfOneId_everyProcessTakesTheSame() {
    NewRun run = NewRun.of("7", "yolo", TIME);
    store.runs().create(run);
    ObjectNode first = server.runs.get(serverId());
    String smaller = "0".repeat(32);
    ObjectNode doubled = first.deepCopy();
    ((ObjectNode) doubled.path("info")).put("run_id", smaller);
    server.runs.put(smaller, doubled);

    try (RestTrackingStore other = server.open()) {
      other.runs().log(run.id(), LOG);
    }
    assertThat(server.paths).contains("runs/log-batch " + smaller);
  }

  @Test
  void runOfAnotherTool_carriesTheServersId() {
    store.runs().create(NewRun.of("7", "yolo", TIME));
    String id = serverId();
    ((ObjectNode) server.runs.get(id).path("data")).putArray("tags");

    try (RestTrackingStore other = server.open()) {
      assertThat(other.runs().find(id).orElseThrow().info().id()).isEqualTo(id);
      other.runs().log(id, LOG);
    }
    assertThat(server.paths).contains("runs/log-batch " + id);
  }

  @Test
  void nested_parentIsTranslatedBothWays() {
    NewRun outer = NewRun.of("7", "outer", TIME);
    store.runs().create(outer);
    NewRun inner =
        new NewRun(NewRun.newId(), "7", "inner", "", TIME, Map.of(NewRun.PARENT_TAG, outer.id()));
    store.runs().create(inner);
    String outerOnServer = serverId();

    List<ObjectNode> onServer = List.copyOf(server.runs.values());
    assertThat(onServer.get(1).at("/data/tags").toString()).contains(outerOnServer);
    try (RestTrackingStore other = server.open()) {
      List<RunRecord> found = other.runs().search(RunQuery.in("7")).items();
      assertThat(found.get(1).tags()).containsEntry(NewRun.PARENT_TAG, outer.id());
      assertThat(other.runs().find(inner.id()).orElseThrow().tags())
          .containsEntry(NewRun.PARENT_TAG, outer.id());
    }
  }

  @Test
  void unknown_isNotFound() {
    String id = NewRun.newId();
    assertThat(store.runs().find(id)).isEmpty();
    assertThat(store.runs().find("../7")).isEmpty();
    assertThatThrownBy(() -> store.runs().log(id, LOG))
        .isInstanceOf(RecordNotFoundException.class)
        .hasMessageContaining(id);
  }

  @Test
  void modelsOfARun_onMlflow2_areRefused() {
    NewRun run = NewRun.of("7", "yolo", TIME);
    store.runs().create(run);

    assertThatThrownBy(() -> store.runs().logOutputs(run.id(), List.of(new ModelOutput("m-1", 1))))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("MLflow 2.17.2, which has no logged models");
    assertThatThrownBy(() -> store.runs().logInputs(run.id(), List.of(), List.of("m-1")))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("expected 3 or later");
  }
}
