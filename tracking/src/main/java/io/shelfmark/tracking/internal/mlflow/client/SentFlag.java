package io.shelfmark.tracking.internal.mlflow.client;

import okhttp3.Call;
import okhttp3.EventListener;

/** Whether an attempt went so far that the server may have seen it. Thread-safe. */
final class SentFlag {

  private volatile boolean set;

  boolean isSet() {
    return set;
  }

  static EventListener listener(Call call) {
    SentFlag flag = call.request().tag(SentFlag.class);
    return new EventListener() {
      @Override
      public void requestHeadersStart(Call sent) {
        if (flag != null) {
          flag.set = true;
        }
      }
    };
  }
}
