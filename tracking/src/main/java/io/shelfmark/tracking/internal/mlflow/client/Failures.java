package io.shelfmark.tracking.internal.mlflow.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.shelfmark.tracking.store.AccessDeniedException;
import io.shelfmark.tracking.store.InvalidRequestException;
import io.shelfmark.tracking.store.RecordExistsException;
import io.shelfmark.tracking.store.RecordNotFoundException;
import io.shelfmark.tracking.store.StoreUnavailableException;
import io.shelfmark.tracking.store.TrackingException;
import java.io.IOException;
import java.util.Set;

/** What a refusal by the server means to the caller. */
final class Failures {

  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final int LONGEST = 500;
  private static final Set<String> NOT_FOUND =
      Set.of("RESOURCE_DOES_NOT_EXIST", "NOT_FOUND", "NODE_DOES_NOT_EXIST");
  private static final Set<String> EXISTS = Set.of("RESOURCE_ALREADY_EXISTS", "ALREADY_EXISTS");
  private static final Set<String> DENIED =
      Set.of("PERMISSION_DENIED", "UNAUTHENTICATED", "CUSTOMER_UNAUTHORIZED");

  private Failures() {}

  /** The exception that says what can be done about a refusal. */
  static TrackingException of(Exchange exchange, int status, byte[] body) {
    JsonNode error = parse(body);
    String code = error.path("error_code").asText("");
    String found = found(exchange, status, code, error.path("message").asText(""));
    if (status == 401) {
      return new AccessDeniedException(found + ", expected credentials that it knows (check them)");
    }
    if (status == 403 || DENIED.contains(code)) {
      return new AccessDeniedException(found + ", expected permission (ask the server's people)");
    }
    if (EXISTS.contains(code)) {
      return new RecordExistsException(found + ", expected a new name (choose another)");
    }
    if (NOT_FOUND.contains(code)) {
      return new RecordNotFoundException(found + ", expected it on record (check the name or id)");
    }
    if (status >= 300 && status < 400) {
      return new UnexpectedServerException(
          found + ", expected no redirection (use the address that it leads to)", null);
    }
    if (status == 404 || status == 405 || status == 501) {
      return new UnexpectedServerException(
          found + ", expected an endpoint of MLflow (check the address and the server's version)",
          null);
    }
    if (status == 408 || status == 425 || status == 429 || status >= 500) {
      return new StoreUnavailableException(found + ", expected success (try again later)");
    }
    return new InvalidRequestException(found + ", expected a request that it takes (change it)");
  }

  private static String found(Exchange exchange, int status, String code, String message) {
    StringBuilder text = new StringBuilder();
    text.append("Cannot ").append(exchange.what()).append(" on ");
    text.append(exchange.url().host()).append(": found HTTP ").append(status);
    if (!code.isEmpty()) {
      text.append(' ').append(code);
    }
    if (!message.isEmpty()) {
      text.append(" «").append(printable(message)).append('»');
    }
    return text.toString();
  }

  private static JsonNode parse(byte[] body) {
    try {
      JsonNode tree = body.length == 0 ? null : MAPPER.readTree(new String(body, UTF_8));
      return tree == null ? MAPPER.createObjectNode() : tree;
    } catch (IOException e) {
      return MAPPER.createObjectNode(); // a page of a proxy in between, not MLflow's JSON
    }
  }

  private static String printable(String message) {
    StringBuilder text = new StringBuilder();
    message.chars().limit(LONGEST).forEach(c -> text.append(c < 0x20 ? ' ' : (char) c));
    return text.toString();
  }
}
