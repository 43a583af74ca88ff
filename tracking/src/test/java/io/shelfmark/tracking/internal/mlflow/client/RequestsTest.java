package io.shelfmark.tracking.internal.mlflow.client;

import static io.shelfmark.tracking.internal.mlflow.client.ScriptedServer.json;
import static io.shelfmark.tracking.internal.mlflow.client.ScriptedServer.lost;
import static io.shelfmark.tracking.internal.mlflow.client.ScriptedServer.refusal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shelfmark.tracking.store.AccessDeniedException;
import io.shelfmark.tracking.store.NewExperiment;
import io.shelfmark.tracking.store.Search;
import io.shelfmark.tracking.store.StoreUnavailableException;
import java.io.IOException;
import java.time.Duration;
import mockwebserver3.MockResponse;
import mockwebserver3.SocketEffect;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class RequestsTest {

  private static final String NONE = "{\"experiments\":[]}";

  private ScriptedServer server;
  private RestTrackingStore store;

  @BeforeEach
  void start() throws IOException {
    server = ScriptedServer.mlflow("2.17.2");
    store = server.open();
  }

  @AfterEach
  void stop() {
    store.close();
    server.close();
  }

  @ParameterizedTest
  @ValueSource(ints = {408, 429, 500, 502, 503, 504})
  void reading_serverBusy_isRepeated(int status) {
    server.then(json(status, "busy")).then(json(status, "busy")).then(NONE);

    assertThat(store.experiments().search(Search.all()).items()).isEmpty();
    assertThat(server.sent()).hasSize(3);
    assertThat(server.time.waits).hasSize(2);
    assertThat(server.time.waits.get(0)).isLessThan(Duration.ofMillis(100));
    assertThat(server.time.waits.get(1)).isLessThan(Duration.ofMillis(200));
  }

  @Test
  void reading_replyLost_isRepeated() {
    server.then(lost()).then(NONE);

    assertThat(store.experiments().search(Search.all()).items()).isEmpty();
    assertThat(server.sent()).hasSize(2);
  }

  @Test
  void reading_replyCutShort_isRepeated() {
    MockResponse cut =
        new MockResponse.Builder()
            .body(NONE)
            .setHeader("Content-Length", 1000)
            .onResponseEnd(new SocketEffect.CloseSocket())
            .build();
    server.then(cut).then(NONE);

    assertThat(store.experiments().search(Search.all()).items()).isEmpty();
  }

  @Test
  void reading_noReplyWithinTheTimeout_isRepeated() {
    server
        .then(new MockResponse.Builder().onResponseStart(SocketEffect.Stall.INSTANCE).build())
        .then(NONE);
    try (RestTrackingStore impatient = server.open(Duration.ofMillis(300))) {
      assertThat(impatient.experiments().search(Search.all()).items()).isEmpty();
    }
    assertThat(server.sent()).hasSize(2);
  }

  @Test
  void reading_serverAway_failsAtTheDeadline() {
    for (int i = 0; i < 200; i++) {
      server.then(json(503, "away"));
    }

    assertThatThrownBy(() -> store.experiments().search(Search.all()))
        .isInstanceOf(StoreUnavailableException.class)
        .hasMessage(
            "Cannot search experiments on 127.0.0.1: found HTTP 503, expected success (try again later)");
    Duration waited = server.time.waits.stream().reduce(Duration.ZERO, Duration::plus);
    assertThat(waited).isLessThan(Duration.ofSeconds(60));
    assertThat(server.sent()).hasSize(server.time.waits.size() + 1);
  }

  @Test
  void reading_faultOfTheServer_isTriedThreeTimes() {
    for (int i = 0; i < 5; i++) {
      server.then(refusal(500, "INTERNAL_ERROR", "bug"));
    }

    assertThatThrownBy(() -> store.experiments().search(Search.all()))
        .isInstanceOf(StoreUnavailableException.class)
        .hasMessageContaining("500 INTERNAL_ERROR «bug»");
    assertThat(server.sent()).hasSize(3);
  }

  @Test
  void retryAfter_seconds_isWaitedFor() {
    server
        .then(new MockResponse.Builder().code(429).addHeader("Retry-After", "7").build())
        .then(NONE);

    store.experiments().search(Search.all());
    assertThat(server.time.waits).containsExactly(Duration.ofSeconds(7));
  }

  @Test
  void retryAfter_date_isWaitedFor() {
    server
        .then(
            new MockResponse.Builder()
                .code(503)
                .addHeader("Retry-After", "Sun, 1 Mar 2026 10:00:05 GMT")
                .build())
        .then(NONE);

    store.experiments().search(Search.all());
    assertThat(server.time.waits).containsExactly(Duration.ofSeconds(5));
  }

  @Test
  void retryAfter_beyondTheDeadline_failsAtOnce() {
    server.then(new MockResponse.Builder().code(429).addHeader("Retry-After", "3600").build());

    assertThatThrownBy(() -> store.experiments().search(Search.all()))
        .isInstanceOf(StoreUnavailableException.class)
        .hasMessageContaining("429");
    assertThat(server.time.waits).isEmpty();
  }

  @Test
  void retryAfter_noTime_isAsIfNotSaid() {
    server
        .then(new MockResponse.Builder().code(429).addHeader("Retry-After", "soon").build())
        .then(NONE);

    store.experiments().search(Search.all());
    assertThat(server.time.waits).hasSize(1);
  }

  @Test
  void creating_turnedAway_isRepeated() {
    server
        .then(json(429, "busy"))
        .then("{\"experiment_id\":\"7\"}")
        .then("{\"experiment\":{\"experiment_id\":\"7\",\"name\":\"a\"}}");

    assertThat(store.experiments().create(NewExperiment.named("a")).id()).isEqualTo("7");
  }

  @Test
  void creating_replyLost_isNotRepeated() {
    server.then(lost());

    assertThatThrownBy(() -> store.experiments().create(NewExperiment.named("a")))
        .isInstanceOf(StoreUnavailableException.class)
        .hasMessageContaining("create experiment a")
        .hasMessageContaining("it may have been applied");
    assertThat(server.sent()).hasSize(1);
  }

  @Test
  void creating_retryAfterZero_isNotSentAgainByTheHttpClient() {
    server.then(new MockResponse.Builder().code(503).addHeader("Retry-After", "0").build());

    assertThatThrownBy(() -> store.experiments().create(NewExperiment.named("a")))
        .isInstanceOf(StoreUnavailableException.class);
    assertThat(server.sent()).hasSize(1);
  }

  @Test
  void deleting_repeatedAndGone_isDone() {
    server
        .then(lost())
        .then(refusal(404, "RESOURCE_DOES_NOT_EXIST", "No Experiment with id=7 exists"));

    store.experiments().delete("7");
    assertThat(server.sent()).hasSize(2);
  }

  @Test
  void noServer_isUnavailable() {
    server.close();

    assertThatThrownBy(() -> store.experiments().create(NewExperiment.named("a")))
        .isInstanceOf(StoreUnavailableException.class)
        .hasMessageContaining("is the server away?")
        .hasMessageNotContaining("may have been applied");
    assertThat(server.time.waits).isNotEmpty();
  }

  @Test
  void interrupted_failsAtOnceAndKeepsTheFlag() {
    Thread.currentThread().interrupt();

    assertThatThrownBy(() -> store.experiments().search(Search.all()))
        .isInstanceOf(StoreUnavailableException.class);
    assertThat(Thread.interrupted()).isTrue();
    assertThat(server.time.waits).isEmpty();
  }

  @Test
  void redirection_isNotFollowed() {
    server.then(new MockResponse.Builder().code(302).addHeader("Location", "/login").build());

    assertThatThrownBy(() -> store.experiments().search(Search.all()))
        .isInstanceOf(UnexpectedServerException.class)
        .hasMessageContaining("expected no redirection");
    assertThat(server.sent()).hasSize(1);
  }

  @Test
  void anotherServer_isTold() {
    server.then("<html>Sign in</html>");

    assertThatThrownBy(() -> store.experiments().search(Search.all()))
        .isInstanceOf(UnexpectedServerException.class)
        .hasMessageContaining("no JSON");
  }

  @Test
  void closed_refuses() {
    store.close();
    store.close();

    assertThatThrownBy(() -> store.experiments().search(Search.all()))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("was closed");
  }

  @Test
  void credentials_bearer_areShownAndNeverTold() {
    Credentials secret = Credentials.bearer("s3cr3t-token");
    try (RestTrackingStore own = server.open(secret)) {
      server.then(NONE).then(refusal(401, "UNAUTHENTICATED", "no"));
      own.experiments().search(Search.all());

      assertThat(server.request(0).getHeaders().get("Authorization"))
          .isEqualTo("Bearer s3cr3t-token");
      assertThatThrownBy(() -> own.experiments().search(Search.all()))
          .isInstanceOf(AccessDeniedException.class)
          .hasMessageNotContaining("s3cr3t")
          .hasMessageContaining("expected credentials that it knows");
      assertThat(own.location() + secret + own).doesNotContain("s3cr3t");
    }
  }

  @Test
  void credentials_basic_areShownInUtf8() {
    try (RestTrackingStore own = server.open(Credentials.basic("Аня", "p:w"))) {
      server.then(NONE);
      own.experiments().search(Search.all());

      assertThat(server.request(0).getHeaders().get("Authorization"))
          .isEqualTo("Basic 0JDQvdGPOnA6dw==");
    }
  }

  @Test
  void credentials_none_areNotShown() {
    server.then(NONE);
    store.experiments().search(Search.all());

    assertThat(server.request(0).getHeaders().get("Authorization")).isNull();
  }
}
