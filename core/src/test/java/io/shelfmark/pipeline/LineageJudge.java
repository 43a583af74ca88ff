package io.shelfmark.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.openlineage.client.OpenLineage.RunEvent;
import io.openlineage.client.OpenLineageClientUtils;
import java.lang.reflect.Method;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;

/**
 * Reads events by the model of openlineage-java, more strictly than it does itself: fields that it
 * does not know are refused, also where it would keep them as additional ones, and what it writes
 * again must be what it read.
 */
final class LineageJudge {

  private static final ObjectMapper MAPPER =
      OpenLineageClientUtils.newObjectMapper()
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

  private LineageJudge() {}

  static RunEvent read(String json) throws Exception {
    RunEvent event = MAPPER.readValue(json, RunEvent.class);
    assertThat(event.getSchemaURL().toString())
        .isEqualTo("https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent");
    requireKnownFields(event, "event");
    ObjectNode written = (ObjectNode) MAPPER.readTree(json);
    ObjectNode again = (ObjectNode) MAPPER.readTree(OpenLineageClientUtils.toJson(event));
    // the same time, without zeros at its end
    String time = again.get("eventTime").asText();
    assertThat(Instant.parse(written.get("eventTime").asText())).isEqualTo(Instant.parse(time));
    written.put("eventTime", time);
    assertThat(again).as("as openlineage-java writes it").isEqualTo(written);
    return event;
  }

  /** Additional properties are how the model takes what it does not know. */
  private static void requireKnownFields(Object value, String path) throws Exception {
    if (value instanceof Collection<?> values) {
      for (Object element : values) {
        requireKnownFields(element, path + "[]");
      }
      return;
    }
    if (!value.getClass().getName().startsWith("io.openlineage.client.OpenLineage$")
        || value instanceof Enum<?>) {
      return;
    }
    for (Method method : value.getClass().getMethods()) {
      if (method.getName().startsWith("get")
          && method.getParameterCount() == 0
          && !method.getName().equals("getClass")) {
        Object field = method.invoke(value);
        if (method.getName().equals("getAdditionalProperties")) {
          assertThat((Map<?, ?>) field).as("unknown fields of " + path).isEmpty();
        } else if (field != null) {
          requireKnownFields(field, path + "." + method.getName().substring(3));
        }
      }
    }
  }
}
