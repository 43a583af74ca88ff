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
import io.shelfmark.internal.storage.Layout;
import io.shelfmark.storage.BlobInfo;
import io.shelfmark.storage.BlobKey;
import io.shelfmark.storage.Digest;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Runs that an orchestrator leads, in the store: an event in each document, which is claimed, so
 * that all processes agree on it. Thread-safe.
 */
final class OrchestratedRuns {

  private static final String FOLDER = "orchestrated/runs/";
  private static final String STARTS = "orchestrated/starts/";
  private static final String OWNER = "orchestrated:";
  private static final int RUN_DIGITS = 32;

  /** What a bracket is in a key: the name of an element of a fan-out has one. */
  private static final String ELEMENT = KeyNames.escape("[");

  private static final int LONGEST_NAME = 100;

  private final WorkspaceContext context;

  OrchestratedRuns(Workspace workspace) {
    this.context = workspace.stepResults().context();
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
    return BlobKey.of(STARTS + name(run.value()));
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
    return (RunEvent.RunStarted) claim(start(mine.run()), mine);
  }

  /** Claims a key for an event; gives the one that has it. */
  private RunEvent claim(BlobKey key, RunEvent event) {
    Optional<RunEvent> there = read(key);
    if (there.isPresent()) {
      return there.get();
    }
    return ConditionalWrite.claim(context.store(), key, document(event))
        ? event
        : read(key).orElse(event);
  }

  private static byte[] document(RunEvent event) {
    ObjectNode document = Json.document().put("claim", UUID.randomUUID().toString());
    document.set("event", Documents.read(Documents.write(event), JsonNode.class, event));
    return Json.bytes(document);
  }

  private Optional<RunEvent> read(BlobKey key) {
    return ConditionalWrite.read(context.store(), key)
        .map(bytes -> Json.parse(bytes, key).path("event"))
        .map(event -> Documents.read(Json.bytes(event), RunEvent.class, key));
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
   * Puts an attempt on record. Of two processes that begin at once, one is on record under the next
   * number.
   */
  void started(RunEvent.AttemptStarted event) {
    RunEvent.AttemptStarted mine = event;
    while (!ConditionalWrite.claim(
        context.store(),
        attempt(mine.run(), mine.step(), "attempts", mine.attempt()),
        document(mine))) {
      mine = new RunEvent.AttemptStarted(event.run(), event.at(), event.step(), mine.attempt() + 1);
    }
  }

  void failed(RunEvent.AttemptFailed event) {
    claim(attempt(event.run(), event.step(), "failed", event.attempt()), event);
  }

  /**
   * Settles a step, unless another process has: then it is as that one says. Versions are kept
   * before anyone can see them, under a name of this attempt's own, so that nobody who loses takes
   * them from the winner.
   */
  RunEvent.StepEnded settle(RunEvent.StepEnded event) {
    BlobKey key = ended(event.run(), event.step());
    if (event.result().filter(result -> !result.versions().isEmpty()).isEmpty()) {
      return (RunEvent.StepEnded) claim(key, event);
    }
    References references = new References(context);
    String owner = owners(event.run()) + UUID.randomUUID();
    references.keep(owner, event.result().orElseThrow().versions());
    RunEvent.StepEnded winner = (RunEvent.StepEnded) claim(key, event);
    if (!winner.equals(event)) {
      references.release(owner);
    }
    return winner;
  }

  /** What the names begin with under which a run keeps versions. */
  private static String owners(RunId run) {
    return OWNER + Digest.of(run.value().getBytes(UTF_8)).hex().substring(0, RUN_DIGITS) + ":";
  }

  /** All that is on record of a run. */
  Optional<RunRecord> record(RunId run) {
    return record(run, key -> true);
  }

  /** The same without the elements of fan-outs. */
  Optional<RunRecord> outline(RunId run) {
    return record(run, key -> !key.value().contains(ELEMENT));
  }

  private Optional<RunRecord> record(RunId run, Predicate<BlobKey> wanted) {
    Optional<RunEvent> start = read(start(run));
    if (start.isEmpty()) {
      return Optional.empty();
    }
    Ledger ledger = new Ledger((RunEvent.RunStarted) start.get());
    read(keys(folder(run)).stream().filter(wanted).toList()).stream()
        .sorted(Comparator.comparing(RunEvent::at).thenComparingLong(OrchestratedRuns::rank))
        .forEach(ledger::add);
    return Optional.of(ledger.record());
  }

  /** Reads many at once: a fan-out has a few for each of its elements. */
  private List<RunEvent> read(List<BlobKey> keys) {
    List<CompletableFuture<Optional<RunEvent>>> events =
        keys.stream()
            .map(key -> CompletableFuture.supplyAsync(() -> read(key), context.executor()))
            .toList();
    try {
      return events.stream().map(CompletableFuture::join).flatMap(Optional::stream).toList();
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException failure ? failure : e;
    }
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
    if (read(start(run)).isEmpty()) {
      return Optional.empty();
    }
    List<String> missing =
        ExportedStep.of(pipeline).stream()
            .map(ExportedStep::id)
            .filter(id -> step(run, id).isEmpty())
            .toList();
    RunEvent.RunEnded mine =
        new RunEvent.RunEnded(
            run,
            now(),
            missing.isEmpty() ? RunState.SUCCEEDED : RunState.FAILED,
            missing.isEmpty() ? Optional.empty() : Optional.of("no result of " + missing));
    RunEvent ended = claim(end(run), mine);
    release(run);
    return ended.equals(mine) ? Optional.of(mine) : Optional.empty();
  }

  /** Lets go of all that is kept for a run, by processes that were killed, too. */
  private void release(RunId run) {
    List<String> owners =
        Stream.of(owners(run), StepResults.owners(run))
            .map(owner -> Layout.REFERENCES + KeyNames.encode(owner))
            .toList();
    keys(Layout.REFERENCES).stream()
        .filter(key -> owners.stream().anyMatch(key.value()::startsWith))
        .forEach(context.store()::delete);
  }

  /** Forgets what began before a time ago. */
  void forgetOlderThan(Duration age) {
    Instant limit = now().minus(age);
    List<BlobKey> old;
    try (Stream<BlobInfo> starts = context.store().list(STARTS)) {
      old =
          starts.filter(start -> start.lastModified().isBefore(limit)).map(BlobInfo::key).toList();
    }
    for (RunEvent start : read(old)) {
      release(start.run());
      // what it began with goes last: a process that is killed here leaves it to the next one
      keys(folder(start.run())).forEach(context.store()::delete);
      context.store().delete(start(start.run()));
    }
  }
}
