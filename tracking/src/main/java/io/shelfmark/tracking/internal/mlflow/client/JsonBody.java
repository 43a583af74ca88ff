package io.shelfmark.tracking.internal.mlflow.client;

import java.io.IOException;
import okhttp3.MediaType;
import okhttp3.RequestBody;
import okio.BufferedSink;

/**
 * A JSON document as the body of a request. It calls itself one-shot so that the HTTP client does
 * not send it again on its own, for instance at 503 with Retry-After: 0. Immutable.
 */
final class JsonBody extends RequestBody {

  /** MLflow answers 400 to every other type; a charset is none of JSON's parameters. */
  private static final MediaType JSON = MediaType.get("application/json");

  private final byte[] content;

  JsonBody(byte[] content) {
    this.content = content;
  }

  @Override
  public MediaType contentType() {
    return JSON;
  }

  @Override
  public long contentLength() {
    return content.length;
  }

  @Override
  public boolean isOneShot() {
    return true;
  }

  @Override
  public void writeTo(BufferedSink sink) throws IOException {
    sink.write(content);
  }
}
