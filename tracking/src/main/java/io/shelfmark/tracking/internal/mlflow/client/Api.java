package io.shelfmark.tracking.internal.mlflow.client;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.shelfmark.tracking.internal.mlflow.client.Exchange.Repeat;
import io.shelfmark.tracking.internal.mlflow.wire.Reply;
import io.shelfmark.tracking.store.RecordNotFoundException;
import java.io.IOException;
import java.net.URI;
import java.util.Map;
import java.util.Optional;
import okhttp3.HttpUrl;
import okhttp3.Response;

/** The server's endpoints. Thread-safe. */
final class Api {

  private static final String REST = "api/2.0/mlflow/";
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final HttpUrl server;
  private final Requests requests;

  Api(URI server, Requests requests) {
    HttpUrl url = HttpUrl.get(server);
    if (url == null) {
      throw new IllegalArgumentException(
          "Cannot use server %s: expected an address such as https://host:port".formatted(server));
    }
    this.server = url;
    this.requests = requests;
  }

  static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }

  /** A list of objects with {@code key} and {@code value}, by key. */
  static ArrayNode pairs(Map<String, String> pairs) {
    ArrayNode list = JsonNodeFactory.instance.arrayNode();
    pairs.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .forEach(pair -> list.add(pair(pair.getKey(), pair.getValue())));
    return list;
  }

  static ObjectNode pair(String key, String value) {
    return object().put("key", key).put("value", value);
  }

  Requests requests() {
    return requests;
  }

  HttpUrl server() {
    return server;
  }

  /** An address below the server's, of names that are joined by slashes. */
  HttpUrl.Builder url(String path) {
    return server.newBuilder().addPathSegments(path);
  }

  /** An address below that of MLflow's REST endpoints. */
  HttpUrl.Builder rest(String path) {
    return url(REST + path);
  }

  /** Asks for what there is; one query parameter for each pair. */
  Reply get(String what, String path, String... query) {
    return get(what, rest(path), query);
  }

  /** Asks a Shelfmark server for what MLflow has no endpoint for. */
  Reply getShelfmark(String what, String path, String... query) {
    return get(what, url("api/2.0/shelfmark/" + path), query);
  }

  private Reply get(String what, HttpUrl.Builder url, String... query) {
    for (int i = 0; i < query.length; i += 2) {
      url.addQueryParameter(query[i], query[i + 1]);
    }
    return requests.send(Exchange.get(what, url.build()), response -> read(what, response));
  }

  /** The same; empty when it is not on record. */
  Optional<Reply> find(String what, String path, String... query) {
    try {
      return Optional.of(get(what, path, query));
    } catch (RecordNotFoundException e) {
      return Optional.empty();
    }
  }

  /** Asks for what can be asked again. */
  Reply post(String what, String path, JsonNode body) {
    return send(what, "POST", path, body, Repeat.ALWAYS);
  }

  Reply send(String what, String method, String path, JsonNode body, Repeat repeat) {
    return send(what, method, rest(path).build(), body, repeat);
  }

  Reply send(String what, String method, HttpUrl url, JsonNode body, Repeat repeat) {
    return requests.send(
        new Exchange(what, method, url, new JsonBody(bytes(body)), Map.of(), repeat),
        response -> read(what, response));
  }

  static byte[] bytes(JsonNode body) {
    try {
      return MAPPER.writeValueAsBytes(body);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree of JSON nodes can be written", e);
    }
  }

  static Reply read(String what, Response response) throws IOException {
    byte[] body = response.body().bytes();
    if (body.length == 0) {
      return Reply.empty();
    }
    try {
      return new Reply(MAPPER.readTree(body));
    } catch (JsonProcessingException e) {
      throw new UnexpectedServerException(
          "Cannot %s on %s: found a reply that is no JSON, expected an MLflow server (check the address)"
              .formatted(what, response.request().url().host()),
          e);
    }
  }

  /** A document; empty when it is none. */
  static Optional<Reply> parse(String text) {
    try {
      return text.isBlank() ? Optional.empty() : Optional.of(new Reply(MAPPER.readTree(text)));
    } catch (JsonProcessingException e) {
      return Optional.empty();
    }
  }
}
