package io.shelfmark.tracking.internal.mlflow.client;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.shelfmark.tracking.internal.mlflow.client.Exchange.Repeat;
import io.shelfmark.tracking.internal.mlflow.wire.LoggedModelReply;
import io.shelfmark.tracking.internal.mlflow.wire.Reply;
import io.shelfmark.tracking.store.InvalidRequestException;
import io.shelfmark.tracking.store.LoggedModelRecord;
import io.shelfmark.tracking.store.LoggedModelStatus;
import io.shelfmark.tracking.store.LoggedModelStore;
import io.shelfmark.tracking.store.NewLoggedModel;
import io.shelfmark.tracking.store.Order;
import io.shelfmark.tracking.store.Page;
import io.shelfmark.tracking.store.RecordNotFoundException;
import io.shelfmark.tracking.store.Search;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** The logged models on a server, which MLflow has since 3. Thread-safe. */
final class RestLoggedModels implements LoggedModelStore {

  private static final int MOST_MODELS = 50;

  private final Api api;
  private final ServerKind kind;
  private final RunIds ids;

  RestLoggedModels(Api api, ServerKind kind, RunIds ids) {
    this.api = api;
    this.kind = kind;
    this.ids = ids;
  }

  @Override
  public LoggedModelRecord create(NewLoggedModel model) {
    String what = "create logged model " + model.name();
    ObjectNode body = Api.object().put("experiment_id", model.experimentId());
    if (!model.name().isEmpty()) {
      body.put("name", model.name());
    }
    if (!model.type().isEmpty()) {
      body.put("model_type", model.type());
    }
    model.sourceRunId().ifPresent(id -> body.put("source_run_id", ids.server(id)));
    body.set("params", Api.pairs(model.params()));
    body.set("tags", Api.pairs(model.tags()));
    return read(send(what, "POST", "logged-models", body, Repeat.IF_NOT_APPLIED));
  }

  @Override
  public Optional<LoggedModelRecord> find(String id) {
    String what = "read logged model " + id;
    try {
      return Optional.of(read(on3(what, () -> api.get(what, path(what, id, "")))));
    } catch (RecordNotFoundException e) {
      return Optional.empty();
    }
  }

  @Override
  public Page<LoggedModelRecord> search(Collection<String> experimentIds, Search search) {
    if (experimentIds.isEmpty()) {
      return Page.last(List.of());
    }
    ObjectNode body = Api.object();
    experimentIds.forEach(body.putArray("experiment_ids")::add);
    String filter = new WireFilter(ids::server).write(search.filter());
    if (!filter.isEmpty()) {
      body.put("filter", filter);
    }
    body.put("max_results", Math.min(search.limit(), MOST_MODELS));
    if (!search.order().isEmpty()) {
      ArrayNode orders = body.putArray("order_by");
      search.order().forEach(order -> orders.add(order(order)));
    }
    search.page().ifPresent(token -> body.put("page_token", token));
    Reply reply = send("search logged models", "POST", "logged-models/search", body, Repeat.ALWAYS);
    return new Page<>(
        reply.list("models").stream().map(LoggedModelReply::read).map(this::translate).toList(),
        reply.find("next_page_token"));
  }

  /** Logged models are ordered by objects, where other searches take a text. */
  private static ObjectNode order(Order order) {
    String field =
        switch (order.field().kind()) {
          case ATTRIBUTE -> order.field().key();
          default -> order.field().kind().word() + "." + order.field().key();
        };
    return Api.object()
        .put("field_name", field)
        .put("ascending", order.direction() == Order.Direction.ASCENDING);
  }

  @Override
  public LoggedModelRecord finish(String id, LoggedModelStatus status) {
    String what = "finish logged model " + id;
    ObjectNode body = Api.object().put("model_id", id).put("status", LoggedModelReply.word(status));
    return read(send(what, "PATCH", path(what, id, ""), body, Repeat.ALWAYS));
  }

  @Override
  public void logParams(String id, Map<String, String> params) {
    String what = "log params of logged model " + id;
    ObjectNode body = Api.object().put("model_id", id);
    body.set("params", Api.pairs(params));
    send(what, "POST", path(what, id, "/params"), body, Repeat.ALWAYS);
  }

  @Override
  public void setTags(String id, Map<String, String> tags) {
    String what = "set tags of logged model " + id;
    ObjectNode body = Api.object().put("model_id", id);
    body.set("tags", Api.pairs(tags));
    send(what, "PATCH", path(what, id, "/tags"), body, Repeat.ALWAYS);
  }

  @Override
  public void deleteTag(String id, String key) {
    String what = "remove tag " + key + " of logged model " + id;
    on3(
        what,
        () ->
            api.send(
                what,
                "DELETE",
                api.rest(path(what, id, "/tags")).addPathSegment(key).build(),
                Api.object().put("model_id", id).put("tag_key", key),
                Repeat.GONE_IS_DONE));
  }

  @Override
  public void delete(String id) {
    String what = "delete logged model " + id;
    ObjectNode body = Api.object().put("model_id", id);
    send(what, "DELETE", path(what, id, ""), body, Repeat.GONE_IS_DONE);
  }

  private Reply send(String what, String method, String path, ObjectNode body, Repeat repeat) {
    return on3(what, () -> api.send(what, method, path, body, repeat));
  }

  /** Before 3 the endpoints are not there. */
  private Reply on3(String what, Supplier<Reply> request) {
    try {
      return request.get();
    } catch (UnexpectedServerException e) {
      if (!kind.isBefore3()) {
        throw e;
      }
      throw new InvalidRequestException(
          "Cannot %s: found MLflow %s, which has no logged models, expected 3 or later (register a version of a model instead)"
              .formatted(what, kind.version()),
          e);
    }
  }

  private static String path(String what, String id, String rest) {
    if (!id.matches("[A-Za-z0-9-]{1,64}")) {
      throw new RecordNotFoundException(
          "Cannot %s: found characters that no id has, expected m- and 32 hexadecimal digits"
              .formatted(what));
    }
    return "logged-models/" + id + rest;
  }

  private LoggedModelRecord read(Reply reply) {
    return translate(LoggedModelReply.read(reply.at("model")));
  }

  private LoggedModelRecord translate(LoggedModelRecord model) {
    return new LoggedModelRecord(
        model.id(),
        model.experimentId(),
        model.name(),
        model.type(),
        model.status(),
        model.sourceRunId().map(ids::caller),
        model.artifactLocation(),
        model.createdAt(),
        model.updatedAt(),
        model.params(),
        model.tags(),
        model.metrics());
  }
}
