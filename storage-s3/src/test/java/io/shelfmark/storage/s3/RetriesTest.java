package io.shelfmark.storage.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shelfmark.storage.StorageException;
import io.shelfmark.storage.UnknownOutcomeException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Failures that pass, and failures that stay. */
class RetriesTest extends OnS3Server {

  private static S3Front.Behavior error(int status, String code) {
    return (call, to) -> S3Front.Reply.error(status, code, "so it is");
  }

  private long count(String method) {
    return front.takeCalls().stream().filter(call -> call.is(method, path(KEY))).count();
  }

  @ParameterizedTest
  @CsvSource({
    "500,InternalError",
    "502,''",
    "503,SlowDown",
    "503,ServiceUnavailable",
    "504,''",
    "429,TooManyRequests",
    "400,RequestTimeout",
    "409,ConditionalRequestConflict"
  })
  void failureThatPasses_isRepeated(int status, String code) throws Exception {
    front.behave(Once.times(3, call -> call.is("PUT", path(KEY)), error(status, code)));
    store.putIfAbsent(KEY, content("x"));
    assertThat(count("PUT")).isEqualTo(4);
    front.behave(Once.times(3, call -> call.is("GET", path(KEY)), error(status, code)));
    assertThat(read(store, KEY)).isEqualTo("x");
    assertThat(count("GET")).isEqualTo(4);
  }

  @Test
  void connectionThatBreaks_isRepeated() throws Exception {
    front.behave(
        Once.times(3, call -> call.is("PUT", path(KEY)), (call, to) -> S3Front.Reply.LOST));
    store.putIfAbsent(KEY, content("x"));
    assertThat(read(store, KEY)).isEqualTo("x");
  }

  @Test
  void completionThatReportsAFailureUnder200_isRepeated() throws Exception {
    front.behave(Once.at(S3Front.Call::isCompletion, error(200, "InternalError")));
    store.putIfAbsent(KEY, pattern(LONG));
    assertThat(digest(store.open(KEY))).isEqualTo(digest(pattern(LONG).open()));
  }

  @Test
  void failureThatStays_isNotRepeated() {
    front.behave(error(400, "InvalidArgument"));
    assertThatThrownBy(() -> store.put(KEY, content("x")))
        .isInstanceOf(StorageException.class)
        .isNotInstanceOf(UnknownOutcomeException.class)
        .hasMessageContaining("Cannot write blob folder/key in s3://bucket/")
        .hasMessageContaining("found status 400 InvalidArgument, «so it is»");
    assertThat(count("PUT")).isEqualTo(1);
  }

  @Test
  void forbidden_saysWhichPermissionIsMissing() {
    front.behave(error(403, "AccessDenied"));
    assertThatThrownBy(() -> store.put(KEY, content("x")))
        .isInstanceOf(StorageException.class)
        .hasMessageContaining("found status 403 AccessDenied")
        .hasMessageContaining("s3:PutObject")
        .hasMessageContaining("arn:aws:s3:::bucket/" + prefix())
        .hasMessageNotContaining(S3Server.SECRET);
    assertThatThrownBy(() -> store.head(KEY))
        .isInstanceOf(StorageException.class)
        .hasMessageContaining("found status 403");
    assertThat(count("PUT")).isEqualTo(1);
  }

  @Test
  void failureUntilTheDeadline_isReportedThen() {
    FakeTime time = new FakeTime();
    try (S3BlobStore other =
        builder().time(time::nanos, time::sleep).deadline(Duration.ofSeconds(20)).open()) {
      front.behave(error(503, "SlowDown"));
      front.takeCalls();
      assertThatThrownBy(() -> other.put(KEY, content("x")))
          .isInstanceOf(StorageException.class)
          .isNotInstanceOf(UnknownOutcomeException.class)
          .hasMessageContaining("found status 503 SlowDown")
          .hasMessageContaining("fewer requests");
      assertThat(time.passed()).isLessThan(Duration.ofSeconds(20));
      List<S3Front.Call> calls = front.takeCalls();
      assertThat(calls).hasSizeGreaterThan(3);
      assertThat(calls).allMatch(call -> call.is("PUT", path(KEY)));
    }
  }

  @Test
  void waitThatEndsBeyondTheDeadline_isTheLast() {
    FakeTime time = new FakeTime();
    Duration deadline = Duration.ofSeconds(20);
    try (S3BlobStore other =
        builder()
            .time(time::nanos, pause -> time.sleep(pause.plus(deadline)))
            .deadline(deadline)
            .open()) {
      front.behave(error(500, "InternalError"));
      front.takeCalls();
      assertThatThrownBy(() -> other.head(KEY))
          .isInstanceOf(StorageException.class)
          .hasMessageContaining("Cannot look at blob folder/key")
          .hasMessageContaining("found status 500");
      assertThat(count("HEAD")).isEqualTo(1);
    }
  }

  @Test
  void partThatFailsForGood_leavesNothing() {
    front.behave(
        (call, to) ->
            call.query().contains("partNumber=2")
                ? S3Front.Reply.error(403, "AccessDenied", "no")
                : to.forward(call));
    assertThatThrownBy(() -> store.put(KEY, pattern(LONG)))
        .isInstanceOf(StorageException.class)
        .hasMessageContaining("Cannot write blob folder/key")
        .hasMessageContaining("found status 403");
    assertThat(front.takeCalls().stream().filter(call -> call.is("DELETE", path(KEY)))).hasSize(1);
    assertThat(keys(store)).isEmpty();
  }
}
