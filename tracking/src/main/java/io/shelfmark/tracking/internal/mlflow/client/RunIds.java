package io.shelfmark.tracking.internal.mlflow.client;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.shelfmark.tracking.internal.mlflow.wire.Reply;
import io.shelfmark.tracking.internal.mlflow.wire.RunReply;
import io.shelfmark.tracking.store.NewRun;
import io.shelfmark.tracking.store.RunInfo;
import io.shelfmark.tracking.store.RunRecord;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Ids of runs on both sides. MLflow makes its own id for a run, so that the one which the caller
 * made goes along as the tag {@link #TAG} and is found again by it, also by another process or
 * after a reply was lost. Callers may name a run by either; records carry the caller's id where the
 * run has the tag, else the server's. A Shelfmark server keeps the caller's ids: there nothing is
 * translated. Thread-safe.
 */
final class RunIds {

  /** The tag of a run that holds the id which its maker gave it. */
  static final String TAG = "shelfmark.runId";

  /** The tag that says when a run's process last lived. */
  static final String HEARTBEAT_TAG = "shelfmark.heartbeat";

  private static final Set<String> OWN_TAGS = Set.of(TAG, HEARTBEAT_TAG);
  private static final Pattern ID = Pattern.compile("[0-9a-f]{32}");
  private static final int EXPERIMENTS_A_SEARCH = 500;
  private static final int IDS_A_SEARCH = 100;

  private final Api api;
  private final ServerKind kind;
  private final IdCache cache = new IdCache(100_000);

  RunIds(Api api, ServerKind kind) {
    this.api = api;
    this.kind = kind;
  }

  /** The server's id of a run, whichever id of it is given; the same when it is unknown. */
  String server(String id) {
    if (!ID.matcher(id).matches() || kind.isShelfmark()) {
      return id;
    }
    Optional<String> known = cache.server(id);
    return known.isPresent() ? known.get() : lookUp(id).map(run -> run.info().id()).orElse(id);
  }

  /** The caller's id of a run; the server's when it has none. */
  String caller(String serverId) {
    if (!ID.matcher(serverId).matches() || kind.isShelfmark()) {
      return serverId;
    }
    Optional<String> known = cache.caller(serverId);
    if (known.isEmpty()) {
      get(serverId).ifPresentOrElse(this::learn, () -> cache.put(serverId, serverId));
      known = cache.caller(serverId);
    }
    return known.orElse(serverId);
  }

  /** The run of either id, as the server has it. */
  Optional<RunRecord> find(String id) {
    if (kind.isShelfmark()) {
      return get(id);
    }
    Optional<String> known = cache.server(id);
    return known.isPresent() ? get(known.get()) : lookUp(id);
  }

  /** The run that was made with an id in an experiment, if it is there. */
  Optional<RunRecord> findMade(String id, String experimentId) {
    Optional<String> known = cache.server(id);
    Optional<RunRecord> run =
        known.isPresent() ? get(known.get()) : searchTag(id, List.of(experimentId));
    run.ifPresent(this::learn);
    return run;
  }

  /** What the server has, as the caller sees it. */
  RunRecord record(RunRecord run) {
    return records(List.of(run)).get(0);
  }

  /** What the server has, as the caller sees it, in its order. */
  List<RunRecord> records(List<RunRecord> runs) {
    if (kind.isShelfmark()) {
      return runs;
    }
    runs.forEach(this::learn);
    learnParents(runs);
    return runs.stream().map(this::translate).toList();
  }

  /** A head without tags, as the caller sees it. */
  RunInfo info(RunInfo info) {
    return kind.isShelfmark() ? info : withId(info, caller(info.id()));
  }

  /** Tags as the server is to have them. */
  Map<String, String> serverTags(Map<String, String> tags) {
    String parent = tags.get(NewRun.PARENT_TAG);
    if (parent == null || kind.isShelfmark()) {
      return tags;
    }
    Map<String, String> translated = new HashMap<>(tags);
    translated.put(NewRun.PARENT_TAG, server(parent));
    return translated;
  }

  private RunRecord translate(RunRecord run) {
    Map<String, String> tags = new HashMap<>(run.tags());
    tags.keySet().removeAll(OWN_TAGS);
    tags.computeIfPresent(NewRun.PARENT_TAG, (key, parent) -> cache.caller(parent).orElse(parent));
    return new RunRecord(
        withId(run.info(), cache.caller(run.info().id()).orElse(run.info().id())),
        run.params(),
        run.metrics(),
        tags,
        run.datasets(),
        run.modelInputs(),
        run.modelOutputs());
  }

  private static RunInfo withId(RunInfo info, String id) {
    return new RunInfo(
        id,
        info.experimentId(),
        info.name(),
        info.user(),
        info.status(),
        info.startTime(),
        info.endTime(),
        info.artifactLocation(),
        info.lifecycle());
  }

  private void learn(RunRecord run) {
    String serverId = run.info().id();
    cache.put(run.tags().getOrDefault(TAG, serverId), serverId);
  }

  /** One search tells about the parents that a page names for the first time. */
  private void learnParents(List<RunRecord> runs) {
    Set<String> unknown = new LinkedHashSet<>();
    Set<String> experiments = new LinkedHashSet<>();
    for (RunRecord run : runs) {
      String parent = run.tags().get(NewRun.PARENT_TAG);
      if (parent != null && ID.matcher(parent).matches() && cache.caller(parent).isEmpty()) {
        unknown.add(parent);
        experiments.add(run.info().experimentId());
      }
    }
    List<String> ids = List.copyOf(unknown);
    for (int from = 0; from < ids.size(); from += IDS_A_SEARCH) {
      List<String> some = ids.subList(from, Math.min(ids.size(), from + IDS_A_SEARCH));
      search("run_id IN ('" + String.join("', '", some) + "')", experiments, IDS_A_SEARCH)
          .forEach(this::learn);
    }
    // a parent elsewhere keeps the server's id, by which it is found as well
    ids.stream().filter(id -> cache.caller(id).isEmpty()).forEach(id -> cache.put(id, id));
  }

  private Optional<RunRecord> lookUp(String id) {
    Optional<RunRecord> run = get(id);
    if (run.isEmpty() && ID.matcher(id).matches()) {
      run = searchTag(id, experiments());
    }
    run.ifPresent(this::learn);
    return run;
  }

  private Optional<RunRecord> get(String serverId) {
    return api.find("read run " + serverId, "runs/get", "run_id", serverId)
        .map(reply -> RunReply.read(reply.at("run")));
  }

  /**
   * Of two that a request in flight and its repetition made, every process takes the same: the one
   * with the least id.
   */
  private Optional<RunRecord> searchTag(String id, List<String> experiments) {
    String filter = "tags.`" + TAG + "` = '" + id + "'";
    for (int from = 0; from < experiments.size(); from += EXPERIMENTS_A_SEARCH) {
      int to = Math.min(experiments.size(), from + EXPERIMENTS_A_SEARCH);
      Optional<RunRecord> found =
          search(filter, experiments.subList(from, to), 10).stream()
              .min(Comparator.comparing(run -> run.info().id()));
      if (found.isPresent()) {
        return found;
      }
    }
    return Optional.empty();
  }

  private List<RunRecord> search(String filter, Collection<String> experiments, int limit) {
    ObjectNode body = Api.object();
    experiments.forEach(body.putArray("experiment_ids")::add);
    body.put("filter", filter).put("run_view_type", "ALL").put("max_results", limit);
    Reply reply = api.post("look for runs by their ids", "runs/search", body);
    return reply.list("runs").stream().map(RunReply::read).toList();
  }

  private List<String> experiments() {
    List<String> ids = new ArrayList<>();
    Optional<String> page = Optional.empty();
    do {
      ObjectNode body = Api.object().put("view_type", "ALL").put("max_results", 1000);
      page.ifPresent(token -> body.put("page_token", token));
      Reply reply = api.post("list the experiments", "experiments/search", body);
      reply.list("experiments").forEach(e -> ids.add(e.text("experiment_id")));
      page = reply.find("next_page_token");
    } while (page.isPresent());
    return ids;
  }
}
