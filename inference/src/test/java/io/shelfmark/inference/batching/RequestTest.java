package io.shelfmark.inference.batching;

import static org.assertj.core.api.Assertions.assertThat;

import io.shelfmark.inference.Priority;
import org.junit.jupiter.api.Test;

class RequestTest {

  private static Request by(String caller) {
    return new Request(caller, Priority.BULK, Deadline.never());
  }

  @Test
  void during_withinAnother_givesWayToItAgain() {
    Request outer = by("outer");
    Request inner = by("inner");

    outer.during(
        () -> {
          assertThat(inner.during(Request::current)).isEqualTo(inner);
          assertThat(Request.current()).isEqualTo(outer);
          return true;
        });

    assertThat(Request.current()).isEqualTo(Request.ofThisThread());
  }
}
