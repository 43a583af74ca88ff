package io.shelfmark.pipeline;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.module.SimpleModule;
import io.shelfmark.Workspace;
import io.shelfmark.artifact.ArtifactVersion;
import io.shelfmark.artifact.VersionNotFoundException;
import io.shelfmark.artifact.VersionRef;
import io.shelfmark.dataset.DatasetVersion;
import io.shelfmark.storage.Digest;
import io.shelfmark.storage.StorageException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Results as JSON and back; versions are resolved in the workspace as they are read. Thread-safe.
 */
final class Values {

  private static final Object VERSIONS = "versions";
  private static final Set<Class<?>> VERSIONS_BY_NAME =
      Set.of(VersionRef.class, ArtifactVersion.class, DatasetVersion.class);

  private final ObjectMapper values;
  private final ObjectMapper digests;

  /** Types of which a value was read again: a type that cannot be is found out at once. */
  private final Set<ResultType<?>> readable = ConcurrentHashMap.newKeySet();

  /** A value that cannot be kept. */
  static final class UnkeptException extends Exception {
    private static final long serialVersionUID = 1L;

    UnkeptException(String message, @Nullable Throwable cause) {
      super(message, cause);
    }
  }

  Values(Workspace workspace) {
    SimpleModule names = new SimpleModule("values");
    Documents.text(
        names,
        ArtifactVersion.class,
        text -> {
          VersionRef ref = VersionRef.parse(text);
          return workspace.artifacts().require(ref.name(), ref.number());
        },
        (value, provider) -> note(value.ref(), provider));
    Documents.text(
        names,
        DatasetVersion.class,
        text -> {
          VersionRef ref = VersionRef.parse(text);
          return workspace.dataset(ref.name()).require(ref.number());
        },
        (value, provider) -> note(value.ref(), provider));
    Documents.text(names, VersionRef.class, VersionRef::parse, Values::note);
    SimpleModule identities = new SimpleModule("values");
    Documents.written(
        identities, ArtifactVersion.class, v -> v.digest().toString(), (v, provider) -> {});
    Documents.written(
        identities, DatasetVersion.class, v -> v.digest().toString(), (v, provider) -> {});
    Documents.written(identities, VersionRef.class, VersionRef::toString, (v, provider) -> {});
    values = Documents.mapper(names);
    digests = Documents.mapper(identities);
  }

  @SuppressWarnings("unchecked") // write puts it there
  private static void note(VersionRef ref, SerializerProvider provider) {
    List<VersionRef> versions = (List<VersionRef>) provider.getAttribute(VERSIONS);
    if (versions != null && !versions.contains(ref)) {
      versions.add(ref);
    }
  }

  /** A value as it is kept. */
  StepResult write(ResultType<?> type, @Nullable Object value) throws UnkeptException {
    requireType(type, value);
    List<VersionRef> versions = new ArrayList<>();
    String json;
    byte[] identity;
    try {
      Object bare = value instanceof Optional<?> optional ? optional.orElse(null) : value;
      json = values.writer().withAttribute(VERSIONS, versions).writeValueAsString(bare);
      identity = versions.isEmpty() ? json.getBytes(UTF_8) : digests.writeValueAsBytes(bare);
    } catch (JsonProcessingException | StackOverflowError e) {
      throw new UnkeptException("its result of type " + type + " cannot be written as JSON", e);
    }
    if (json.length() > StepResult.LONGEST) {
      throw new UnkeptException(StepResult.tooLong(json.length()), null);
    }
    if (!readable.contains(type)) {
      read(type, json);
      readable.add(type);
    }
    return new StepResult(json, Digest.of(identity), versions, Optional.empty());
  }

  private static void requireType(ResultType<?> type, @Nullable Object value)
      throws UnkeptException {
    if (value == null) {
      throw new UnkeptException(
          "its result is null, expected " + type + " (onlyIf gives empty results)", null);
    }
    boolean fits =
        switch (type.shape()) {
          case ONE -> type.element().isInstance(value);
          case LIST ->
              value instanceof List<?> list && list.stream().allMatch(type.element()::isInstance);
          case OPTIONAL ->
              value instanceof Optional<?> optional
                  && optional.map(type.element()::isInstance).orElse(true);
        };
    if (!fits) {
      throw new UnkeptException(
          "its result is of " + value.getClass().getName() + ", expected " + type, null);
    }
  }

  /** What was written. */
  Object read(ResultType<?> type, String json) throws UnkeptException {
    JavaType element = values.constructType(type.element());
    try {
      Object value =
          values.readValue(
              json,
              type.shape() == ResultType.Shape.LIST
                  ? values.getTypeFactory().constructCollectionType(List.class, element)
                  : element);
      return type.shape() == ResultType.Shape.OPTIONAL
          ? Optional.ofNullable(value)
          : value instanceof List<?> list ? List.copyOf(list) : value;
    } catch (JsonProcessingException e) {
      requireStore(e);
      throw new UnkeptException("its result of type " + type + " cannot be read from JSON", e);
    } catch (VersionNotFoundException e) {
      throw new UnkeptException("a version in its result is gone", e);
    }
  }

  /** A store that is away says nothing of the value. */
  private static void requireStore(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof StorageException away) {
        throw away;
      }
    }
  }

  /** A parameter's value from a command line. */
  Object parse(Parameter<?> parameter, String text) {
    try {
      return parameter.type().element() == String.class
              && parameter.type().shape() == ResultType.Shape.ONE
              && !text.startsWith("\"")
          ? text
          : read(parameter.type(), isBare(parameter) ? quote(text) : text);
    } catch (UnkeptException e) {
      throw new IllegalArgumentException(
          "Cannot set parameter %s to «%s»: expected JSON of %s"
              .formatted(parameter.name(), text, parameter.type()),
          e);
    }
  }

  /** Whether a command line, or an event, gives the value without JSON's quotes. */
  private static boolean isBare(Parameter<?> parameter) {
    Class<?> type = parameter.type().element();
    return parameter.type().shape() == ResultType.Shape.ONE
        && (type.isEnum() || VERSIONS_BY_NAME.contains(type));
  }

  private static String quote(String text) {
    return text.startsWith("\"") ? text : '"' + text + '"';
  }
}
