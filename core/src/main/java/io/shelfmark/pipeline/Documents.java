package io.shelfmark.pipeline;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.shelfmark.artifact.VersionRef;
import io.shelfmark.internal.storage.Json;
import io.shelfmark.storage.Digest;
import io.shelfmark.storage.StorageException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.BiConsumer;
import java.util.function.Function;

/** The JSON of journals, records and results. */
final class Documents {

  private static final ObjectMapper MAPPER = mapper(new SimpleModule());

  private Documents() {}

  /** A mapper that also has the types of a module. */
  static ObjectMapper mapper(SimpleModule more) {
    SimpleModule texts = new SimpleModule();
    text(texts, RunId.class, RunId::of, (value, provider) -> {});
    text(texts, Digest.class, Digest::parse, (value, provider) -> {});
    text(texts, Path.class, Path::of, (value, provider) -> {});
    if (!more.getModuleName().equals("values")) {
      text(texts, VersionRef.class, VersionRef::parse, (value, provider) -> {});
    }
    return JsonMapper.builder(Json.factory())
        .addModule(new Jdk8Module())
        .addModule(new JavaTimeModule())
        .addModule(texts)
        .addModule(more)
        .configure(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY, true)
        .configure(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS, true)
        .configure(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS, false)
        .configure(SerializationFeature.WRITE_DURATIONS_AS_TIMESTAMPS, false)
        .configure(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES, false)
        .configure(DeserializationFeature.ADJUST_DATES_TO_CONTEXT_TIME_ZONE, false)
        .build();
  }

  /** A type that is a text in JSON. */
  static <T> void text(
      SimpleModule module,
      Class<T> type,
      Function<String, T> read,
      BiConsumer<T, SerializerProvider> seen) {
    written(module, type, Object::toString, seen);
    module.addDeserializer(
        type,
        new StdDeserializer<T>(type) {
          private static final long serialVersionUID = 1L;

          @Override
          public T deserialize(JsonParser parser, DeserializationContext context)
              throws IOException {
            return read.apply(parser.getText());
          }
        });
  }

  /** How a type is written. */
  static <T> void written(
      SimpleModule module,
      Class<T> type,
      Function<T, String> write,
      BiConsumer<T, SerializerProvider> seen) {
    module.addSerializer(
        type,
        new StdSerializer<T>(type) {
          private static final long serialVersionUID = 1L;

          @Override
          public void serialize(T value, JsonGenerator json, SerializerProvider provider)
              throws IOException {
            seen.accept(value, provider);
            json.writeString(write.apply(value));
          }
        });
  }

  static byte[] write(Object document) {
    try {
      return MAPPER.writeValueAsBytes(document);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("records of runs can be written", e);
    }
  }

  static <T> T read(byte[] bytes, Class<T> type, Object what) {
    try {
      return MAPPER.readValue(bytes, type);
    } catch (IOException e) {
      throw new StorageException(
          "Cannot read %s: found broken JSON, expected a %s (restore it from another copy)"
              .formatted(what, type.getSimpleName()),
          e);
    }
  }
}
