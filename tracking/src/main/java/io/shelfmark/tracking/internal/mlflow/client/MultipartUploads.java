package io.shelfmark.tracking.internal.mlflow.client;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.shelfmark.tracking.internal.mlflow.client.Exchange.Repeat;
import io.shelfmark.tracking.internal.mlflow.wire.Reply;
import io.shelfmark.tracking.store.StoreUnavailableException;
import io.shelfmark.tracking.store.TrackingException;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import okhttp3.HttpUrl;

/**
 * Long files in parts, which go to addresses that the server signs, past it. A server whose files
 * do not lie in such a store answers 501; it is not asked again. Thread-safe.
 */
final class MultipartUploads {

  private static final long SHORTEST_PART = 16L << 20;
  private static final int MOST_PARTS = 1000;

  private final Api api;
  private final long from;
  private volatile boolean offered = true;

  /**
   * @param from the length in bytes from which on a file goes in parts
   */
  MultipartUploads(Api api, long from) {
    this.api = api;
    this.from = from;
  }

  boolean offers(long length) {
    return offered && length >= from && length > 0;
  }

  /**
   * Uploads a file.
   *
   * @param isThere whether the whole file is in its place, should the last reply be lost
   * @return false when the server does not offer it
   */
  boolean upload(String folder, String name, UploadSource source, BooleanSupplier isThere) {
    long partSize = Math.max(SHORTEST_PART, (source.length() + MOST_PARTS - 1) / MOST_PARTS);
    int count = (int) ((source.length() + partSize - 1) / partSize);
    Reply begun;
    try {
      ObjectNode body = Api.object().put("path", name).put("num_parts", count);
      begun = post("create", folder, name, body);
    } catch (UnexpectedServerException e) {
      offered = false;
      return false;
    }
    ObjectNode upload = Api.object().put("path", name).put("upload_id", begun.text("upload_id"));
    try {
      ArrayNode parts = upload.putArray("parts");
      List<Reply> targets = begun.list("credentials");
      if (targets.size() != count) {
        throw new UnexpectedServerException(
            "Cannot store file %s: found %d addresses of parts, expected %d"
                .formatted(name, targets.size(), count),
            null);
      }
      for (Reply target : targets) {
        long offset = (target.number("part_number") - 1) * partSize;
        parts.add(send(name, target, source, offset, partSize));
      }
      complete(folder, name, upload, isThere);
    } catch (TrackingException e) {
      abort(folder, name, upload, e);
      throw e;
    }
    return true;
  }

  private ObjectNode send(
      String name, Reply target, UploadSource source, long offset, long partSize) {
    HttpUrl url = HttpUrl.parse(target.text("url"));
    if (url == null || offset < 0 || offset >= source.length()) {
      throw new UnexpectedServerException(
          "Cannot store file %s: found a part without an address or out of its bounds, expected one of each"
              .formatted(name),
          null);
    }
    long size = Math.min(partSize, source.length() - offset);
    Map<String, String> headers = target.at("headers").texts();
    String what = "store part " + target.number("part_number") + " of file " + name;
    Exchange exchange = Exchange.put(what, url, source.part(offset, size), headers);
    String etag =
        api.requests().transferElsewhere(exchange, response -> response.header("ETag", ""));
    return Api.object()
        .put("part_number", target.number("part_number"))
        .put("etag", etag)
        .put("url", target.text("url"));
  }

  private void complete(String folder, String name, ObjectNode upload, BooleanSupplier isThere) {
    try {
      post("complete", folder, name, upload);
    } catch (TrackingException e) {
      // the second of two completions is refused: the first one's reply may have been lost
      if (!(e instanceof StoreUnavailableException) || !isThere.getAsBoolean()) {
        throw e;
      }
    }
  }

  private void abort(String folder, String name, ObjectNode upload, TrackingException cause) {
    upload.remove("parts");
    try {
      post("abort", folder, name, upload);
    } catch (TrackingException e) {
      cause.addSuppressed(e); // the store's own rules remove what was begun
    }
  }

  private Reply post(String action, String folder, String name, ObjectNode body) {
    HttpUrl.Builder url = api.url("api/2.0/mlflow-artifacts/mpu/" + action);
    if (!folder.isEmpty()) {
      for (String segment : folder.split("/", -1)) {
        url.addPathSegment(segment);
      }
    }
    String what = action + " the upload of file " + name;
    return api.send(what, "POST", url.build(), body, Repeat.ALWAYS);
  }
}
