package io.shelfmark.pipeline;

import com.fasterxml.jackson.databind.JsonNode;
import io.shelfmark.artifact.ArtifactVersion;
import io.shelfmark.dataset.DatasetVersion;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Defaults of parameters as JSON, without a workspace. */
final class ParameterJson {

  private ParameterJson() {}

  static JsonNode of(Parameter<?> parameter) {
    return Documents.read(
        Documents.write(bare(parameter.defaultValue())), JsonNode.class, parameter);
  }

  /** Versions are written by name. */
  private static Object bare(Object value) {
    if (value instanceof ArtifactVersion version) {
      return version.ref();
    }
    if (value instanceof DatasetVersion version) {
      return version.ref();
    }
    return value instanceof List<?> list ? list.stream().map(ParameterJson::bare).toList() : value;
  }

  /** The names of an enum's constants. */
  static Optional<List<String>> choices(Parameter<?> parameter) {
    return parameter.type().shape() == ResultType.Shape.ONE && parameter.type().element().isEnum()
        ? Optional.of(
            Stream.of(parameter.type().element().getEnumConstants())
                .map(constant -> ((Enum<?>) constant).name())
                .toList())
        : Optional.empty();
  }
}
