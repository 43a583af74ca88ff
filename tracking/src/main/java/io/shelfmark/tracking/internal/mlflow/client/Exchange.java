package io.shelfmark.tracking.internal.mlflow.client;

import java.util.Map;
import okhttp3.HttpUrl;
import okhttp3.RequestBody;
import org.jspecify.annotations.Nullable;

/**
 * A request that may be sent several times.
 *
 * @param what it does, for messages: {@code create experiment tag-detector}
 * @param method of HTTP
 * @param url where to
 * @param body that can be written several times, or null
 * @param headers further ones
 * @param repeat when it may be sent again
 */
record Exchange(
    String what,
    String method,
    HttpUrl url,
    @Nullable RequestBody body,
    Map<String, String> headers,
    Repeat repeat) {

  /** When a request may be sent again. */
  enum Repeat {
    /** Always: applying it twice is as applying it once. */
    ALWAYS,
    /** The same, but the second time the server may say that what it names is not there. */
    GONE_IS_DONE,
    /** When it is certain that the server did not apply it. */
    IF_NOT_APPLIED
  }

  static Exchange get(String what, HttpUrl url) {
    return new Exchange(what, "GET", url, null, Map.of(), Repeat.ALWAYS);
  }

  static Exchange put(String what, HttpUrl url, RequestBody body, Map<String, String> headers) {
    return new Exchange(what, "PUT", url, body, headers, Repeat.ALWAYS);
  }

  /** Asks for a part of what there is, as HTTP's Range names it. */
  Exchange range(String value) {
    return new Exchange(what, method, url, body, Map.of("Range", value), repeat);
  }
}
