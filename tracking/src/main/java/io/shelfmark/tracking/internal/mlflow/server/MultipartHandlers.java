package io.shelfmark.tracking.internal.mlflow.server;

import com.fasterxml.jackson.core.JsonGenerator;
import io.shelfmark.storage.DirectUploads.Begun;
import io.shelfmark.storage.DirectUploads.Sent;
import io.shelfmark.storage.DirectUploads.Target;
import io.shelfmark.storage.ETag;
import io.shelfmark.tracking.internal.mlflow.wire.Answer;
import io.shelfmark.tracking.internal.mlflow.wire.ErrorCode;
import io.shelfmark.tracking.internal.mlflow.wire.RequestFields;
import io.shelfmark.tracking.store.InvalidRequestException;
import io.shelfmark.tracking.store.PartUploads;
import io.shelfmark.tracking.store.TrackingStore;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * Artifacts in parts, which clients send straight to the bucket at addresses from here. The request
 * path is the file's folder; its name is the end of the path on the client's machine, which the
 * body tells.
 */
final class MultipartHandlers {

  private static final int MOST_PARTS = 10_000;

  private final TrackingStore store;
  private final Guards guards;
  private final Completions completions = new Completions();

  MultipartHandlers(TrackingStore store, Guards guards) {
    this.store = store;
    this.guards = guards;
  }

  Answer create(Exchange exchange) throws IOException {
    PartUploads uploads = uploads(exchange);
    RequestFields fields = exchange.fields();
    String path = path(exchange);
    long parts = fields.requiredLong("num_parts");
    if (parts < 1 || parts > MOST_PARTS) {
      throw new InvalidRequestException(
          "Invalid value %d for parameter 'num_parts': expected 1 to %d"
              .formatted(parts, MOST_PARTS));
    }
    Begun begun = uploads.begin(path, (int) parts, exchange.limits().addresses().orElseThrow());
    return out -> {
      out.writeStringField("upload_id", begun.id());
      out.writeArrayFieldStart("credentials");
      for (Target target : begun.targets()) {
        write(out, target);
      }
      out.writeEndArray();
    };
  }

  private static void write(JsonGenerator out, Target target) throws IOException {
    out.writeStartObject();
    out.writeStringField("url", target.address().toString());
    out.writeNumberField("part_number", target.number());
    out.writeObjectFieldStart("headers");
    for (Map.Entry<String, String> header : target.headers().entrySet()) {
      out.writeStringField(header.getKey(), header.getValue());
    }
    out.writeEndObject();
    out.writeEndObject();
  }

  Answer complete(Exchange exchange) throws IOException {
    PartUploads uploads = uploads(exchange);
    String path = path(exchange);
    String id = exchange.fields().required("upload_id");
    List<Sent> parts = new ArrayList<>();
    for (RequestFields part : exchange.fields().objects("parts")) {
      long number = part.requiredLong("part_number");
      if (number < 1 || number > MOST_PARTS) {
        throw new InvalidRequestException(
            "Invalid value %d for parameter 'part_number': expected 1 to %d"
                .formatted(number, MOST_PARTS));
      }
      parts.add(new Sent((int) number, new ETag(part.required("etag"))));
    }
    // clients that send several parts at once tell them as they were done
    parts.sort(Comparator.comparingInt(Sent::number));
    long limit = exchange.limits().upload();
    completions.once(
        path + "\n" + id,
        () -> uploads.complete(path, id, parts, length -> requireWithin(limit, length)));
    return Answer.EMPTY;
  }

  private static void requireWithin(long limit, long length) {
    if (length > limit) {
      throw CappedStream.tooLong(limit);
    }
  }

  Answer abort(Exchange exchange) throws IOException {
    PartUploads uploads = uploads(exchange);
    uploads.abort(path(exchange), exchange.fields().required("upload_id"));
    return Answer.EMPTY;
  }

  /** The file: Python's client sends the whole path that it has on its own machine. */
  private static String path(Exchange exchange) throws IOException {
    String local = exchange.fields().required("path");
    String name = local.substring(Math.max(local.lastIndexOf('/'), local.lastIndexOf('\\')) + 1);
    if (name.isEmpty()) {
      throw new InvalidRequestException(
          "Invalid path: %s (expected one that ends in a file's name)".formatted(local));
    }
    List<String> names = new ArrayList<>(exchange.rest());
    if (!names.isEmpty() && names.get(names.size() - 1).isEmpty()) {
      // of a slash at the end
      names.remove(names.size() - 1);
    }
    names.add(name);
    return ArtifactPaths.requireInside(names);
  }

  private PartUploads uploads(Exchange exchange) {
    return exchange
        .limits()
        .addresses()
        .flatMap(time -> store.files(ArtifactPaths.PROXIED).partUploads())
        .orElseThrow(MultipartHandlers::notOffered);
  }

  /** Python's client goes on with one request when the message begins so. */
  private static HttpRefusal notOffered() {
    return new HttpRefusal(
        HttpServletResponse.SC_NOT_IMPLEMENTED,
        ErrorCode.NOT_IMPLEMENTED,
        "Multipart upload is not supported for the current artifact repository");
  }

  /** The ways that end here. */
  List<Route> routes() {
    String at = "api/mlflow-artifacts/mpu/";
    Guard write = guards.artifact(Right.WRITE);
    return List.of(
        Route.of("POST", at + "create/**", write, Handler.json(this::create)),
        Route.of("POST", at + "complete/**", write, Handler.json(this::complete)),
        Route.of("POST", at + "abort/**", write, Handler.json(this::abort)));
  }
}
