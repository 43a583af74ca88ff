package io.shelfmark.inference;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.shelfmark.inference.batching.BatchPolicy;
import io.shelfmark.inference.batching.StagePolicy;
import io.shelfmark.inference.batching.Tuning;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A tuning kept as {@code batching-KEY.json}, where the key is a digest of what the figures depend
 * on: machine, engine and models. Written beside its place and moved there in one step.
 * Thread-safe.
 */
final class TuningFile {

  private static final Logger LOG = LoggerFactory.getLogger(TuningFile.class);
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Raised when a file of before would be misread. */
  private static final int FORMAT = 1;

  private final Path file;
  private final List<String> circumstances;

  /**
   * The file of these circumstances in a folder, whether it is there or not.
   *
   * @param circumstances what the figures depend on
   */
  TuningFile(Path folder, List<String> circumstances) {
    this.circumstances = List.copyOf(circumstances);
    this.file = folder.resolve("batching-" + key(circumstances) + ".json");
  }

  private static String key(List<String> circumstances) {
    try {
      MessageDigest sha = MessageDigest.getInstance("SHA-256");
      byte[] digest = sha.digest(String.join("\n", circumstances).getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest, 0, 8);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Cannot name a tuning: found no SHA-256", e);
    }
  }

  Path path() {
    return file;
  }

  /** What was measured in these very circumstances; a file that is none is measured anew. */
  Optional<Tuning> read() {
    try {
      JsonNode root = JSON.readTree(Files.readAllBytes(file));
      if (root.path("format").asInt() != FORMAT || !circumstances.equals(texts(root))) {
        return anew("found another format, expected " + FORMAT);
      }
      List<Tuning.Candidate> candidates = new ArrayList<>();
      root.path("candidates").forEach(candidate -> candidates.add(candidate(candidate)));
      return Optional.of(
          new Tuning(
              policy(root.path("policy")),
              candidates,
              Instant.parse(root.path("measured").asText()),
              file));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (JsonProcessingException e) {
      return anew(e.getOriginalMessage());
    } catch (IllegalArgumentException | DateTimeException e) {
      return anew(e.getMessage());
    } catch (IOException e) {
      throw unusable(e);
    }
  }

  private Optional<Tuning> anew(@Nullable String reason) {
    LOG.warn("Tuning {} cannot be used, it is measured anew: {}", file, reason);
    return Optional.empty();
  }

  void write(Tuning tuning) {
    ObjectNode root = JSON.createObjectNode().put("format", FORMAT);
    ArrayNode of = root.putArray("of");
    circumstances.forEach(of::add);
    root.put("measured", tuning.measuredAt().toString());
    put(tuning.policy(), root.putObject("policy"));
    ArrayNode candidates = root.putArray("candidates");
    tuning.candidates().forEach(candidate -> put(candidate, candidates.addObject()));
    try {
      Path folder = file.toAbsolutePath().getParent();
      Files.createDirectories(folder);
      Path unfinished = Files.createTempFile(folder, "batching", ".tmp");
      try {
        Files.write(unfinished, JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(root));
        Files.move(unfinished, file, StandardCopyOption.REPLACE_EXISTING);
      } finally {
        Files.deleteIfExists(unfinished);
      }
    } catch (IOException e) {
      throw unusable(e);
    }
  }

  private IllegalArgumentException unusable(IOException cause) {
    return new IllegalArgumentException(
        "Cannot keep tuning %s: %s, expected a folder that can be written (check the path)"
            .formatted(file, cause),
        cause);
  }

  private static List<String> texts(JsonNode root) {
    List<String> texts = new ArrayList<>();
    root.path("of").forEach(text -> texts.add(text.asText()));
    return texts;
  }

  private static void put(Tuning.Candidate candidate, ObjectNode node) {
    put(candidate.policy(), node);
    node.put("photos", candidate.photos())
        .put("photosPerSecond", candidate.photosPerSecond())
        .put("medianMicros", micros(candidate.median()))
        .put("slowestMicros", micros(candidate.slowest()));
  }

  private static Tuning.Candidate candidate(JsonNode node) {
    return new Tuning.Candidate(
        policy(node),
        node.path("photos").asInt(),
        node.path("photosPerSecond").asDouble(),
        ofMicros(node.path("medianMicros")),
        ofMicros(node.path("slowestMicros")));
  }

  private static void put(BatchPolicy policy, ObjectNode node) {
    node.put("threads", policy.threads());
    put(policy.photos(), node.putObject("photosStage"));
    put(policy.tags(), node.putObject("tagsStage"));
    put(policy.lines(), node.putObject("linesStage"));
  }

  private static BatchPolicy policy(JsonNode node) {
    return new BatchPolicy(
        node.path("threads").asInt(),
        stage(node.path("photosStage")),
        stage(node.path("tagsStage")),
        stage(node.path("linesStage")));
  }

  private static void put(StagePolicy stage, ObjectNode node) {
    node.put("lanes", stage.lanes())
        .put("maxBatch", stage.maxBatch())
        .put("maxDelayMicros", micros(stage.maxDelay()));
  }

  private static StagePolicy stage(JsonNode node) {
    return new StagePolicy(
        node.path("lanes").asInt(),
        node.path("maxBatch").asInt(),
        ofMicros(node.path("maxDelayMicros")));
  }

  private static long micros(Duration time) {
    return time.toNanos() / 1_000;
  }

  private static Duration ofMicros(JsonNode node) {
    return Duration.ofNanos(1_000 * node.asLong());
  }
}
