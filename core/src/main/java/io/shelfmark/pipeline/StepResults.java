package io.shelfmark.pipeline;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.shelfmark.artifact.References;
import io.shelfmark.artifact.VersionRef;
import io.shelfmark.internal.WorkspaceContext;
import io.shelfmark.internal.storage.ConditionalWrite;
import io.shelfmark.internal.storage.Json;
import io.shelfmark.internal.storage.KeyNames;
import io.shelfmark.storage.BlobInfo;
import io.shelfmark.storage.BlobKey;
import io.shelfmark.storage.BlobStore;
import io.shelfmark.storage.Digest;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What cached steps gave, in the store, for all pipelines and machines on it. Get it from {@code
 * workspace.stepResults()}. A result is kept until it is forgotten, and the versions in it with it.
 * Thread-safe.
 */
public final class StepResults {

  private static final String FOLDER = "steps/";
  private static final int OWNER_DIGITS = 32;

  private final WorkspaceContext context;

  /** Used by the workspace; hosts call {@code workspace.stepResults()}. */
  public StepResults(WorkspaceContext context) {
    this.context = context;
  }

  /** What a key is made of. */
  record Key(String step, String codeVersion, ResultType<?> type, Map<String, Digest> inputs) {

    /** The key of a step whose inputs have these digests, if it is cached. */
    static Optional<Key> of(Node node, List<Digest> digests) {
      return node.spec().cache().map(policy -> of(node, policy.codeVersion(), digests));
    }

    private static Key of(Node node, String codeVersion, List<Digest> digests) {
      Map<String, Digest> inputs = new LinkedHashMap<>();
      for (int i = 0; i < digests.size(); i++) {
        String name = node.isFanOut() && i == 0 ? "element" : node.spec().arguments().get(i).name();
        inputs.put(inputs.containsKey(name) ? name + "#" + i : name, digests.get(i));
      }
      return new Key(node.spec().name(), codeVersion, node.bodyType(), inputs);
    }

    Digest digest() {
      StringBuilder text = new StringBuilder(step + "\n" + codeVersion + "\n" + type + "\n");
      inputs.values().forEach(input -> text.append(input).append('\n'));
      return Digest.of(text.toString().getBytes(UTF_8));
    }

    BlobKey blob() {
      return BlobKey.of(folder(step) + digest().hex());
    }
  }

  /** Which attempt made a result. */
  record Maker(RunId run, String step, int attempt) {
    /** Who keeps the versions of a result that it makes. */
    private String owner(Key key) {
      return "step:%s:%s"
          .formatted(
              key.digest().hex(),
              Digest.of((run + "/" + step + "." + attempt).getBytes(UTF_8)).hex());
    }
  }

  /** A result that is there. */
  record Entry(
      String codeVersion,
      Map<String, String> inputs,
      StepResult result,
      RunId run,
      Instant at,
      Optional<String> owner) {}

  private static String folder(String step) {
    return FOLDER + KeyNames.encode(step) + "/";
  }

  WorkspaceContext context() {
    return context;
  }

  Clock clock() {
    return context.clock();
  }

  Optional<Entry> find(Key key) {
    return read(key.blob());
  }

  /** The last result of a step, whatever its inputs. */
  Optional<Entry> latest(String step) {
    try (Stream<BlobInfo> blobs = context.store().list(folder(step))) {
      return blobs
          .max(Comparator.comparing(BlobInfo::lastModified))
          .flatMap(info -> read(info.key()));
    }
  }

  private Optional<Entry> read(BlobKey key) {
    return ConditionalWrite.read(context.store(), key)
        .map(bytes -> entry(Json.parse(bytes, key), key));
  }

  private static Entry entry(JsonNode document, BlobKey key) {
    List<VersionRef> versions = new ArrayList<>();
    document.path("versions").forEach(ref -> versions.add(VersionRef.parse(ref.asText())));
    RunId run = RunId.of(Json.text(document, "run", key));
    StepResult result =
        new StepResult(
            Json.text(document, "result", key),
            Digest.parse(Json.text(document, "digest", key)),
            versions,
            Optional.of(run));
    return new Entry(
        Json.text(document, "codeVersion", key),
        Json.texts(document, "inputs"),
        result,
        run,
        Instant.parse(Json.text(document, "at", key)),
        Json.optionalText(document, "owner"));
  }

  /**
   * Keeps a result, unless someone was faster: then it is theirs. The versions are kept before
   * anyone can see the result.
   */
  StepResult keep(Key key, StepResult result, Maker maker) {
    References references = new References(context);
    String owner = maker.owner(key);
    if (!result.versions().isEmpty()) {
      references.keep(owner, result.versions());
    }
    byte[] document = Json.bytes(document(key, result, maker.run(), owner));
    if (ConditionalWrite.claim(context.store(), key.blob(), document)) {
      return result;
    }
    Optional<Entry> winner = find(key);
    if (winner.flatMap(Entry::owner).equals(Optional.of(owner))) {
      // the same attempt, done twice: what the winner kept was replaced above
      references.keep(owner, winner.orElseThrow().result().versions());
    } else if (!result.versions().isEmpty()) {
      references.release(owner);
    }
    return winner.map(Entry::result).orElse(result);
  }

  /**
   * Releases what earlier attempts of the same step kept: one whose process died between that and
   * its claim left it. The owner of the result that is there stays.
   */
  void releaseEarlier(Key key, Maker maker) {
    Optional<String> present = find(key).flatMap(Entry::owner);
    for (int attempt = 1; attempt < maker.attempt(); attempt++) {
      String owner = new Maker(maker.run(), maker.step(), attempt).owner(key);
      if (!present.equals(Optional.of(owner))) {
        new References(context).release(owner);
      }
    }
  }

  private ObjectNode document(Key key, StepResult result, RunId run, String owner) {
    ObjectNode document =
        Json.document()
            .put("step", key.step())
            .put("codeVersion", key.codeVersion())
            .put("run", run.value())
            .put("at", context.clock().instant().toString())
            .put("owner", owner)
            .put("result", result.json())
            .put("digest", result.digest().toString());
    ObjectNode inputs = document.putObject("inputs");
    key.inputs().forEach((name, digest) -> inputs.put(name, digest.toString()));
    result.versions().forEach(ref -> document.withArray("versions").add(ref.toString()));
    return document;
  }

  /** Removes a result that is too old or whose versions are gone. */
  void remove(Key key, Entry entry) {
    context.store().delete(key.blob());
    entry.owner().ifPresent(new References(context)::release);
  }

  /** The names of the steps that have results, in order. */
  public List<String> steps() {
    Map<String, Boolean> names = new LinkedHashMap<>();
    try (Stream<BlobInfo> blobs = context.store().list(FOLDER)) {
      blobs.forEach(info -> names.put(KeyNames.decode(info.key().value().split("/", -1)[1]), true));
    }
    return List.copyOf(names.keySet());
  }

  /**
   * Forgets all results of a step: it runs the next time, and its versions are kept no longer by
   * them.
   *
   * @return how many there were
   */
  public int forget(String step) {
    BlobStore store = context.store();
    List<BlobKey> keys;
    try (Stream<BlobInfo> blobs = store.list(folder(step))) {
      keys = blobs.map(BlobInfo::key).toList();
    }
    for (BlobKey key : keys) {
      Optional<String> owner = read(key).flatMap(Entry::owner);
      store.delete(key);
      owner.ifPresent(new References(context)::release);
    }
    return keys.size();
  }

  /**
   * Keeps the versions that an attempt at a step of a run gave, for as long as the run goes on: one
   * that comes late takes nothing from another that has settled the step.
   */
  void keep(RunId run, String step, int attempt, List<VersionRef> versions) {
    new References(context).keep(owner(run, step, attempt), versions);
  }

  /** What an attempt gave is kept no longer. */
  void release(RunId run, String step, int attempt) {
    new References(context).release(owner(run, step, attempt));
  }

  private static String owner(RunId run, String step, int attempt) {
    String name = step + "." + attempt;
    return owners(run) + Digest.of(name.getBytes(UTF_8)).hex().substring(0, OWNER_DIGITS);
  }

  /** What the names begin with under which versions are kept for a run. */
  static String owners(RunId run) {
    String hash = Digest.of(run.value().getBytes(UTF_8)).hex().substring(0, OWNER_DIGITS);
    return "pipeline-run:" + hash + ":";
  }
}
