package io.shelfmark.pipeline;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.shelfmark.Workspace;
import io.shelfmark.artifact.References;
import io.shelfmark.internal.WorkspaceContext;
import io.shelfmark.internal.storage.ConditionalWrite;
import io.shelfmark.internal.storage.Json;
import io.shelfmark.internal.storage.KeyNames;
import io.shelfmark.storage.BlobInfo;
import io.shelfmark.storage.BlobKey;
import io.shelfmark.storage.Digest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * Runs that an orchestrator leads, in the store: an event in each document, which is claimed, so
 * that all processes agree on it. Thread-safe.
 */
final class OrchestratedRuns {

  private static final String FOLDER = "orchestrated/";
  private static final int LONGEST_NAME = 100;

  private final WorkspaceContext context;
  private final StepResults results;

  OrchestratedRuns(Workspace workspace) {
    this.results = workspace.stepResults();
    this.context = results.context();
  }

  Instant now() {
    return context.clock().instant();
  }

  private static String folder(RunId run) {
    return FOLDER + name(run.value()) + "/";
  }

  /** A segment for a name of any length; that of a step in sub-pipelines may be long. */
  private static String name(String text) {
    String name = KeyNames.escape(text);
    return name.length() <= LONGEST_NAME
        ? name
        : KeyNames.escape(text, 57) + "==" + Digest.of(text.getBytes(UTF_8)).hex().substring(0, 40);
  }

  private static BlobKey start(RunId run) {
    return BlobKey.of(folder(run) + "start");
  }

  private static BlobKey end(RunId run) {
    return BlobKey.of(folder(run) + "end");
  }

  private static BlobKey ended(RunId run, String step) {
    return BlobKey.of(folder(run) + "ended/" + name(step));
  }

  private static BlobKey attempt(RunId run, String step, String what, int number) {
    return BlobKey.of("%s%s/%s/%06d".formatted(folder(run), what, name(step), number));
  }

  /** Begins a run, unless it has begun: then it is as it was. */
  RunEvent.RunStarted begin(RunEvent.RunStarted mine) {
    return (RunEvent.RunStarted) claim(start(mine.run()), mine, Optional.empty());
  }

  /** Claims a key for an event; gives the one that has it. */
  private RunEvent claim(BlobKey key, RunEvent event, Optional<String> owner) {
    Optional<RunEvent> there = read(key);
    if (there.isPresent()) {
      return there.get();
    }
    return ConditionalWrite.claim(context.store(), key, Json.bytes(document(event, owner)))
        ? event
        : read(key).orElse(event);
  }

  private static ObjectNode document(RunEvent event, Optional<String> owner) {
    ObjectNode document = Json.document().put("claim", UUID.randomUUID().toString());
    owner.ifPresent(name -> document.put("owner", name));
    document.set("event", Documents.read(Documents.write(event), JsonNode.class, event));
    return document;
  }

  private Optional<RunEvent> read(BlobKey key) {
    return document(key).map(document -> event(document, key));
  }

  private Optional<JsonNode> document(BlobKey key) {
    return ConditionalWrite.read(context.store(), key).map(bytes -> Json.parse(bytes, key));
  }

  private static RunEvent event(JsonNode document, BlobKey key) {
    return Documents.read(Json.bytes(document.path("event")), RunEvent.class, key);
  }

  /** How a step, or an element of one, ended. */
  Optional<RunEvent.StepEnded> step(RunId run, String step) {
    return read(ended(run, step)).map(RunEvent.StepEnded.class::cast);
  }

  /** The number of the next attempt at a step or element, from 1. */
  int nextAttempt(RunId run, String step) {
    return count(run, step, "attempts") + 1;
  }

  /** How many attempts gave nothing, those left out whose process was killed. */
  int failures(RunId run, String step) {
    return count(run, step, "failed");
  }

  private int count(RunId run, String step, String what) {
    String prefix = folder(run) + what + "/" + name(step) + "/";
    try (Stream<BlobInfo> blobs = context.store().list(prefix)) {
      return blobs
          .map(info -> info.key().value().substring(prefix.length()))
          .mapToInt(Integer::parseInt)
          .max()
          .orElse(0);
    }
  }

  /**
   * Puts an attempt on record, with the name under which it will keep versions: should its process
   * be killed, someone else lets go of them. Of two processes that begin at once, one is on record
   * under the next number.
   */
  void started(RunEvent.AttemptStarted event, String owner) {
    RunEvent.AttemptStarted mine = event;
    while (!claimed(mine, owner)) {
      mine = new RunEvent.AttemptStarted(event.run(), event.at(), event.step(), mine.attempt() + 1);
    }
  }

  private boolean claimed(RunEvent.AttemptStarted event, String owner) {
    BlobKey key = attempt(event.run(), event.step(), "attempts", event.attempt());
    return ConditionalWrite.claim(
        context.store(), key, Json.bytes(document(event, Optional.of(owner))));
  }

  void failed(RunEvent.AttemptFailed event) {
    claim(attempt(event.run(), event.step(), "failed", event.attempt()), event, Optional.empty());
  }

  /**
   * Settles a step, unless another process has: then it is as that one says. Versions are kept
   * before anyone can see them, under a name of this attempt's own, so that nobody who loses takes
   * them from the winner.
   */
  RunEvent.StepEnded settle(RunEvent.StepEnded event, String owner) {
    boolean hasVersions = event.result().filter(r -> !r.versions().isEmpty()).isPresent();
    References references = new References(context);
    if (hasVersions) {
      references.keep(owner, event.result().orElseThrow().versions());
    }
    RunEvent.StepEnded winner =
        (RunEvent.StepEnded) claim(ended(event.run(), event.step()), event, Optional.of(owner));
    if (hasVersions && !winner.equals(event)) {
      references.release(owner);
    }
    return winner;
  }

  /** A name to keep versions under, that nobody else has. */
  static String newOwner() {
    return "orchestrated:" + UUID.randomUUID();
  }

  /** All that is on record of a run. */
  Optional<RunRecord> record(RunId run) {
    Optional<RunEvent> start = read(start(run));
    if (start.isEmpty()) {
      return Optional.empty();
    }
    Ledger ledger = new Ledger((RunEvent.RunStarted) start.get());
    List<RunEvent> events = new ArrayList<>();
    for (BlobKey key : keys(folder(run))) {
      if (!key.equals(start(run))) {
        read(key).ifPresent(events::add);
      }
    }
    events.sort(Comparator.comparing(RunEvent::at).thenComparingLong(OrchestratedRuns::rank));
    events.forEach(ledger::add);
    return Optional.of(ledger.record());
  }

  /** What comes first of events at one time. */
  private static long rank(RunEvent event) {
    if (event instanceof RunEvent.AttemptStarted started) {
      return 2L * started.attempt();
    }
    if (event instanceof RunEvent.AttemptFailed failed) {
      return 2L * failed.attempt() + 1;
    }
    return event instanceof RunEvent.StepEnded ? Long.MAX_VALUE - 1 : Long.MAX_VALUE;
  }

  private List<BlobKey> keys(String prefix) {
    try (Stream<BlobInfo> blobs = context.store().list(prefix)) {
      return blobs.map(BlobInfo::key).toList();
    }
  }

  /** Ends a run that has begun; gives the event if it had not ended. */
  Optional<RunEvent> end(Pipeline<?> pipeline, RunId run) {
    Optional<RunRecord> record = record(run);
    if (record.isEmpty()) {
      return Optional.empty();
    }
    List<String> missing =
        ExportedStep.of(pipeline).stream()
            .map(ExportedStep::id)
            .filter(id -> record.get().step(id).flatMap(StepRecord::result).isEmpty())
            .toList();
    RunEvent.RunEnded mine =
        new RunEvent.RunEnded(
            run,
            now(),
            missing.isEmpty() ? RunState.SUCCEEDED : RunState.FAILED,
            missing.isEmpty() ? Optional.empty() : Optional.of("no result of " + missing));
    RunEvent ended = claim(end(run), mine, Optional.empty());
    release(record.get());
    return ended.equals(mine) ? Optional.of(mine) : Optional.empty();
  }

  private void release(RunRecord record) {
    References references = new References(context);
    for (StepRecord step : record.steps()) {
      if (step.result().filter(result -> !result.versions().isEmpty()).isPresent()) {
        results.release(record.id(), step.name());
      }
    }
    // among them those of processes that were killed before they committed
    for (BlobKey key : keys(folder(record.id()))) {
      document(key)
          .flatMap(document -> Json.optionalText(document, "owner"))
          .ifPresent(references::release);
    }
  }

  /** Forgets what began before a time ago. */
  void forgetOlderThan(Duration age) {
    Set<String> folders = new LinkedHashSet<>();
    for (BlobKey key : keys(FOLDER)) {
      folders.add(key.value().split("/", -1)[1]);
    }
    for (String folder : folders) {
      Optional<RunEvent> start = read(BlobKey.of(FOLDER + folder + "/start"));
      if (start.filter(event -> event.at().plus(age).isBefore(now())).isPresent()) {
        RunId run = start.orElseThrow().run();
        record(run).ifPresent(this::release);
        // what it began with goes last: a process that is killed here leaves it to the next one
        keys(folder(run)).stream()
            .filter(key -> !key.equals(start(run)))
            .forEach(context.store()::delete);
        context.store().delete(start(run));
      }
    }
  }
}
