package io.shelfmark.tracking.store;

import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

/**
 * A run to be made.
 *
 * @param id 32 lower-case hexadecimal digits, made by the caller: making the same run again does
 *     nothing
 * @param experimentId whose run it is
 * @param name what people call it; the store makes one up when empty
 * @param user who runs it; may be empty
 * @param startTime when it began
 * @param tags to begin with
 */
public record NewRun(
    String id,
    String experimentId,
    String name,
    String user,
    Instant startTime,
    Map<String, String> tags) {

  /** The tag that names the run around a nested one. */
  public static final String PARENT_TAG = "mlflow.parentRunId";

  /** The tag that says what a run is called. */
  public static final String NAME_TAG = "mlflow.runName";

  /** The tag that holds what people wrote about a run. */
  public static final String NOTE_TAG = "mlflow.note.content";

  /** Copies the tags. */
  public NewRun {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(experimentId, "experimentId");
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(user, "user");
    Objects.requireNonNull(startTime, "startTime");
    tags = Map.copyOf(tags);
  }

  /** An id that no other run has. */
  public static String newId() {
    return UUID.randomUUID().toString().replace("-", "");
  }

  /** A run that begins now and has a new id. */
  public static NewRun of(String experimentId, String name, Instant startTime) {
    return new NewRun(newId(), experimentId, name, "", startTime, Map.of());
  }

  /** The run around this one, if it is nested. */
  public Optional<String> parent() {
    return Optional.ofNullable(tags.get(PARENT_TAG));
  }
}
