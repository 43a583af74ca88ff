package io.shelfmark.pipeline;

import io.shelfmark.pipeline.Values.UnkeptException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/** The values that a run's parameters have. */
record Settings(Values values) {

  /** How a run begins. */
  RunEvent.RunStarted start(Pipeline<?> pipeline, RunOptions options, Instant now) {
    Map<String, String> parameters = json(pipeline, options);
    options.rerun().ifPresent(rerun -> Downstream.of(pipeline.graph(), rerun.step()));
    return new RunEvent.RunStarted(
        options.id().orElseGet(() -> RunId.create(now)),
        now,
        pipeline.name(),
        pipeline.graph().digest(),
        parameters,
        options.deadline().map(now::plus),
        options.rerun());
  }

  Map<String, String> json(Pipeline<?> pipeline, RunOptions options) {
    Map<String, RunOptions.Setting> left = new LinkedHashMap<>(options.settings());
    Map<String, String> json = new LinkedHashMap<>();
    for (Parameter<?> parameter : pipeline.parameters()) {
      RunOptions.Setting setting = left.remove(parameter.name());
      Object value =
          setting == null
              ? parameter.defaultValue()
              : setting.isText()
                  ? values.parse(parameter, (String) setting.value())
                  : setting.value();
      try {
        json.put(parameter.name(), values.write(parameter.type(), value).json());
      } catch (UnkeptException e) {
        throw new IllegalArgumentException(
            "Cannot set parameter %s of %s: %s"
                .formatted(parameter.name(), pipeline, e.getMessage()),
            e);
      }
    }
    if (!left.isEmpty()) {
      throw new IllegalArgumentException(
          "Cannot start %s: found settings for %s, expected parameters among %s"
              .formatted(pipeline, left.keySet(), json.keySet()));
    }
    return json;
  }
}
