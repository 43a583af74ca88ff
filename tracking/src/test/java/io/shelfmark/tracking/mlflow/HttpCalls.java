package io.shelfmark.tracking.mlflow;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** Raw requests to a server, and its answers as they came. */
final class HttpCalls {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpClient http =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(10)).build();
  private final URI base;
  private final String[] headers;

  HttpCalls(URI base, String... headers) {
    this.base = base;
    this.headers = headers;
  }

  /** An answer. */
  record Reply(int status, HttpResponse<byte[]> response) {

    String text() {
      return new String(response.body(), StandardCharsets.UTF_8);
    }

    JsonNode json() {
      try {
        return JSON.readTree(response.body());
      } catch (IOException e) {
        throw new UncheckedIOException(text(), e);
      }
    }

    String header(String name) {
      return response.headers().firstValue(name).orElse("");
    }

    /** The status and the error code of a refusal. */
    String refusal() {
      return status + " " + json().path("error_code").asText();
    }
  }

  Reply get(String path, String... more) {
    return send("GET", path, new byte[0], more);
  }

  Reply post(String path, String json) {
    return json("POST", path, json);
  }

  Reply json(String method, String path, String json) {
    return send(
        method, path, json.getBytes(StandardCharsets.UTF_8), "Content-Type", "application/json");
  }

  Reply send(String method, String path, byte[] body, String... more) {
    boolean bodiless = body.length == 0 && !method.equals("POST") && !method.equals("PUT");
    return send(
        method,
        path,
        bodiless
            ? HttpRequest.BodyPublishers.noBody()
            : HttpRequest.BodyPublishers.ofByteArray(body),
        more);
  }

  /** Sends a body in chunks, without saying how long it is. */
  Reply stream(String method, String path, byte[] body) {
    return send(
        method,
        path,
        HttpRequest.BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body)));
  }

  private Reply send(String method, String path, HttpRequest.BodyPublisher body, String... more) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(base + path))
            .timeout(Duration.ofSeconds(60))
            .method(method, body);
    for (int i = 0; i < headers.length; i += 2) {
      request.header(headers[i], headers[i + 1]);
    }
    for (int i = 0; i < more.length; i += 2) {
      request.header(more[i], more[i + 1]);
    }
    try {
      HttpResponse<byte[]> response =
          http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
      return new Reply(response.statusCode(), response);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
