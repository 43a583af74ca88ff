package io.shelfmark.storage.s3;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/** A behavior for the first requests of a kind; later ones, and others, reach the server. */
final class Once implements S3Front.Behavior {

  private final Predicate<S3Front.Call> kind;
  private final S3Front.Behavior behavior;
  private final AtomicInteger left;

  private Once(int times, Predicate<S3Front.Call> kind, S3Front.Behavior behavior) {
    this.kind = kind;
    this.behavior = behavior;
    this.left = new AtomicInteger(times);
  }

  static Once at(Predicate<S3Front.Call> kind, S3Front.Behavior behavior) {
    return new Once(1, kind, behavior);
  }

  static Once times(int times, Predicate<S3Front.Call> kind, S3Front.Behavior behavior) {
    return new Once(times, kind, behavior);
  }

  @Override
  public S3Front.Reply answer(S3Front.Call call, S3Front.Server server) throws Exception {
    return kind.test(call) && left.getAndDecrement() > 0
        ? behavior.answer(call, server)
        : server.forward(call);
  }
}
