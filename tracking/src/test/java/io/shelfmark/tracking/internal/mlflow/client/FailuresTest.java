package io.shelfmark.tracking.internal.mlflow.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.shelfmark.tracking.store.AccessDeniedException;
import io.shelfmark.tracking.store.InvalidRequestException;
import io.shelfmark.tracking.store.RecordExistsException;
import io.shelfmark.tracking.store.RecordNotFoundException;
import io.shelfmark.tracking.store.StoreUnavailableException;
import io.shelfmark.tracking.store.TrackingException;
import java.util.List;
import okhttp3.HttpUrl;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class FailuresTest {

  private static final Exchange READ =
      Exchange.get("read run 7", HttpUrl.get("https://user.example/api?secret=1"));

  static List<Arguments> refusals() {
    return List.of(
        Arguments.of(400, "RESOURCE_ALREADY_EXISTS", RecordExistsException.class),
        Arguments.of(404, "RESOURCE_DOES_NOT_EXIST", RecordNotFoundException.class),
        Arguments.of(400, "RESOURCE_DOES_NOT_EXIST", RecordNotFoundException.class),
        Arguments.of(400, "INVALID_PARAMETER_VALUE", InvalidRequestException.class),
        Arguments.of(400, "INVALID_STATE", InvalidRequestException.class),
        Arguments.of(400, "BAD_REQUEST", InvalidRequestException.class),
        Arguments.of(403, "PERMISSION_DENIED", AccessDeniedException.class),
        Arguments.of(403, "", AccessDeniedException.class),
        Arguments.of(401, "", AccessDeniedException.class),
        Arguments.of(404, "", UnexpectedServerException.class),
        Arguments.of(404, "ENDPOINT_NOT_FOUND", UnexpectedServerException.class),
        Arguments.of(501, "NOT_IMPLEMENTED", UnexpectedServerException.class),
        Arguments.of(308, "", UnexpectedServerException.class),
        Arguments.of(413, "", InvalidRequestException.class),
        Arguments.of(429, "REQUEST_LIMIT_EXCEEDED", StoreUnavailableException.class),
        Arguments.of(500, "INTERNAL_ERROR", StoreUnavailableException.class),
        Arguments.of(503, "TEMPORARILY_UNAVAILABLE", StoreUnavailableException.class));
  }

  @ParameterizedTest
  @MethodSource("refusals")
  void refusal_isOfTheKindThatSaysWhatToDo(
      int status, String code, Class<? extends TrackingException> kind) {
    String body =
        code.isEmpty() ? "<html>" : "{\"error_code\":\"" + code + "\",\"message\":\"why\"}";

    TrackingException failure = Failures.of(READ, status, body.getBytes(UTF_8));

    assertThat(failure).isExactlyInstanceOf(kind);
    assertThat(failure)
        .hasMessageStartingWith("Cannot read run 7 on user.example: found HTTP " + status)
        .hasMessageContaining(code.isEmpty() ? "" : code + " «why»")
        .hasMessageNotContaining("secret");
  }

  @Test
  void message_ofTheServer_isCutAndOnOneLine() {
    String body = "{\"error_code\":\"X\",\"message\":\"a\\nb" + "c".repeat(2000) + "\"}";

    assertThat(Failures.of(READ, 400, body.getBytes(UTF_8)).getMessage())
        .contains("a bccc")
        .hasSizeLessThan(800);
  }
}
