package io.shelfmark.tracking.internal.mlflow.server;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.shelfmark.tracking.internal.mlflow.wire.Answer;
import io.shelfmark.tracking.internal.mlflow.wire.ErrorCode;
import io.shelfmark.tracking.internal.mlflow.wire.RequestFields;
import io.shelfmark.tracking.store.InvalidRequestException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.CharConversionException;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One request and its answer. For the request's thread. */
final class Exchange {

  /** Python's clients write NaN bare, which JSON does not have. */
  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private final HttpServletRequest request;
  private final HttpServletResponse response;
  private final Caller caller;
  private final Limits limits;
  private final Map<String, String> names;
  private final List<String> rest;
  private @Nullable RequestFields fields;

  /**
   * Makes one.
   *
   * @param names what the pattern's names in braces stand for
   * @param rest the path's names from where the pattern says {@code **}
   */
  Exchange(
      HttpServletRequest request,
      HttpServletResponse response,
      Caller caller,
      Limits limits,
      Map<String, String> names,
      List<String> rest) {
    this.request = request;
    this.response = response;
    this.caller = caller;
    this.limits = limits;
    this.names = names;
    this.rest = rest;
  }

  HttpServletRequest request() {
    return request;
  }

  HttpServletResponse response() {
    return response;
  }

  Caller caller() {
    return caller;
  }

  Limits limits() {
    return limits;
  }

  /** What a name in braces of the route's pattern stands for. */
  String name(String name) {
    String value = names.get(name);
    if (value == null) {
      throw new IllegalStateException("The pattern of this route has no {" + name + "}");
    }
    return value;
  }

  /** The path's names from where the pattern says {@code **}. */
  List<String> rest() {
    return rest;
  }

  /** What the request asks for: its body's fields, or its query's where no body is expected. */
  RequestFields fields() throws IOException {
    RequestFields known = fields;
    if (known == null) {
      known = hasBody() ? RequestFields.of(body()) : query();
      fields = known;
    }
    return known;
  }

  /** The query's fields. */
  RequestFields query() {
    return RequestFields.ofQuery(RequestPath.query(request.getQueryString()));
  }

  /** Answers with a JSON object. */
  void answer(Answer answer) throws IOException {
    answer(HttpServletResponse.SC_OK, answer);
  }

  private void answer(int status, Answer answer) throws IOException {
    response.setStatus(status);
    response.setContentType("application/json");
    response.setHeader("X-Content-Type-Options", "nosniff");
    response.setHeader("Cache-Control", "no-store");
    try (JsonGenerator out = JSON.createGenerator(response.getOutputStream())) {
      // the container closes the stream when all is written, and not when writing failed midway
      out.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
      out.disable(JsonGenerator.Feature.AUTO_CLOSE_JSON_CONTENT);
      // and what is short goes out at once, with its length
      out.disable(JsonGenerator.Feature.FLUSH_PASSED_TO_STREAM);
      out.writeStartObject();
      answer.write(out);
      out.writeEndObject();
    }
  }

  /** Answers with an error as MLflow's servers shape it. */
  static void refuse(
      HttpServletResponse response, int status, ErrorCode code, @Nullable String message)
      throws IOException {
    response.setStatus(status);
    response.setContentType("application/json");
    response.setHeader("X-Content-Type-Options", "nosniff");
    response.setHeader("Cache-Control", "no-store");
    ObjectNode error = JSON.createObjectNode();
    error.put("error_code", code.name());
    error.put("message", message == null ? "" : message);
    byte[] body = JSON.writeValueAsBytes(error);
    response.setContentLength(body.length);
    response.getOutputStream().write(body);
  }

  private boolean hasBody() {
    return switch (request.getMethod()) {
      case "POST", "PUT", "PATCH" -> true;
      case "DELETE" ->
          request.getContentLengthLong() > 0 || request.getHeader("Transfer-Encoding") != null;
      default -> false;
    };
  }

  private ObjectNode body() throws IOException {
    requireJson();
    byte[] bytes = bytes();
    if (bytes.length == 0) {
      return JSON.createObjectNode();
    }
    try {
      JsonNode node = JSON.readTree(bytes);
      // clients from long ago send the object as a text
      JsonNode object = node.isTextual() ? JSON.readTree(node.textValue()) : node;
      if (object instanceof ObjectNode found) {
        return found;
      }
      throw new InvalidRequestException("Cannot read request body: expected a JSON object");
    } catch (JacksonException | CharConversionException e) {
      String found =
          e instanceof JacksonException json ? json.getOriginalMessage() : "no text in UTF-8";
      throw new InvalidRequestException(
          "Cannot read request body: expected a JSON object (" + found + ")", e);
    }
  }

  private void requireJson() {
    String type = request.getContentType();
    String bare = type == null ? "" : type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
    if (!bare.equals("application/json")) {
      throw new InvalidRequestException(
          "Bad Request. Content-Type must be application/json, found "
              + (type == null ? "none" : type));
    }
  }

  private byte[] bytes() throws IOException {
    long limit = limits.body();
    if (request.getContentLengthLong() <= limit) {
      InputStream in = request.getInputStream();
      byte[] bytes = in.readNBytes((int) limit + 1);
      if (bytes.length <= limit) {
        return bytes;
      }
    }
    throw new HttpRefusal(
        HttpServletResponse.SC_REQUEST_ENTITY_TOO_LARGE,
        ErrorCode.INVALID_PARAMETER_VALUE,
        "Cannot read request body: expected at most %d bytes (send several requests)"
            .formatted(limit));
  }
}
