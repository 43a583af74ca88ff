package io.shelfmark.tracking.internal.mlflow.server;

import io.shelfmark.tracking.internal.mlflow.wire.Answer;
import io.shelfmark.tracking.internal.mlflow.wire.LoggedModelAnswer;
import io.shelfmark.tracking.internal.mlflow.wire.RequestFields;
import io.shelfmark.tracking.store.Field;
import io.shelfmark.tracking.store.Filter;
import io.shelfmark.tracking.store.LoggedModelRecord;
import io.shelfmark.tracking.store.NewLoggedModel;
import io.shelfmark.tracking.store.Order;
import io.shelfmark.tracking.store.Page;
import io.shelfmark.tracking.store.RecordNotFoundException;
import io.shelfmark.tracking.store.Search;
import io.shelfmark.tracking.store.TrackingStore;
import io.shelfmark.tracking.store.Visibility;
import java.io.IOException;
import java.util.List;

/** Answers what is asked of logged models, which MLflow has since its version 3. */
final class LoggedModelHandlers {

  private static final int MOST_MODELS = 1000;

  private final TrackingStore store;
  private final Guards guards;

  LoggedModelHandlers(TrackingStore store, Guards guards) {
    this.store = store;
    this.guards = guards;
  }

  Answer create(Exchange exchange) throws IOException {
    RequestFields in = exchange.fields();
    return answer(
        store
            .loggedModels()
            .create(
                new NewLoggedModel(
                    in.required("experiment_id"),
                    in.text("name"),
                    in.text("model_type"),
                    in.optionalText("source_run_id").filter(id -> !id.isEmpty()),
                    in.params("params"),
                    in.tags("tags"))));
  }

  Answer get(Exchange exchange) {
    return answer(find(exchange));
  }

  private LoggedModelRecord find(Exchange exchange) {
    String id = exchange.name("model_id");
    return store
        .loggedModels()
        .find(id)
        .orElseThrow(
            () -> new RecordNotFoundException("Logged model with ID '" + id + "' not found."));
  }

  Answer finish(Exchange exchange) throws IOException {
    String status = exchange.fields().required("status");
    return answer(
        store.loggedModels().finish(exchange.name("model_id"), LoggedModelAnswer.status(status)));
  }

  Answer delete(Exchange exchange) {
    store.loggedModels().delete(exchange.name("model_id"));
    return Answer.EMPTY;
  }

  Answer logParams(Exchange exchange) throws IOException {
    store.loggedModels().logParams(exchange.name("model_id"), exchange.fields().params("params"));
    return Answer.EMPTY;
  }

  Answer setTags(Exchange exchange) throws IOException {
    store.loggedModels().setTags(exchange.name("model_id"), exchange.fields().tags("tags"));
    return answer(find(exchange));
  }

  Answer deleteTag(Exchange exchange) {
    store.loggedModels().deleteTag(exchange.name("model_id"), exchange.name("tag_key"));
    return Answer.EMPTY;
  }

  Answer search(Exchange exchange) throws IOException {
    RequestFields in = exchange.fields();
    List<String> experiments =
        in.texts("experiment_ids").stream()
            .filter(id -> exchange.caller().may(Right.READ, id))
            .toList();
    Page<LoggedModelRecord> page =
        store
            .loggedModels()
            .search(
                experiments,
                new Search(
                    Filter.parse(in.text("filter")),
                    in.objects("order_by").stream().map(LoggedModelHandlers::order).toList(),
                    Visibility.ACTIVE,
                    SearchFields.limit(in, 100, MOST_MODELS),
                    SearchFields.page(in)));
    return out -> {
      out.writeArrayFieldStart("models");
      for (LoggedModelRecord model : page.items()) {
        LoggedModelAnswer.write(out, model);
      }
      out.writeEndArray();
      SearchFields.next(out, page.next());
    };
  }

  /** Here an order is an object, and its names are those of MLflow's Python class. */
  private static Order order(RequestFields in) {
    String name = in.required("field_name");
    Field field =
        switch (name) {
          case "creation_time" -> Field.attribute("creation_timestamp");
          case "last_updated_time" -> Field.attribute("last_updated_timestamp");
          default ->
              name.startsWith("metrics.")
                  ? Field.metric(name.substring("metrics.".length()))
                  : Order.parse(name).field();
        };
    return in.flag("ascending", true) ? field.ascending() : field.descending();
  }

  Answer files(Exchange exchange) throws IOException {
    LoggedModelRecord model = find(exchange);
    String folder = ArtifactPaths.requireInside(exchange.fields().text("artifact_directory_path"));
    return FileAnswer.below(store, model.artifactLocation(), folder);
  }

  private static Answer answer(LoggedModelRecord model) {
    return out -> {
      out.writeFieldName("model");
      LoggedModelAnswer.write(out, model);
    };
  }

  /** The ways that end here. */
  List<Route> routes() {
    String at = "api/mlflow/logged-models";
    String one = at + "/{model_id}";
    Guard read = guards.loggedModel(Right.READ);
    Guard write = guards.loggedModel(Right.WRITE);
    return List.of(
        Route.of("POST", at, guards.experiment(Right.WRITE), Handler.json(this::create)),
        Route.of("POST", at + "/search", Guard.ANY_USER, Handler.json(this::search)),
        Route.of("GET", one, read, Handler.json(this::get)),
        Route.of("PATCH", one, write, Handler.json(this::finish)),
        Route.of("DELETE", one, write, Handler.json(this::delete)),
        Route.of("POST", one + "/params", write, Handler.json(this::logParams)),
        Route.of("PATCH", one + "/tags", write, Handler.json(this::setTags)),
        Route.of("DELETE", one + "/tags/{tag_key}", write, Handler.json(this::deleteTag)),
        Route.of("GET", one + "/artifacts/directories", read, Handler.json(this::files)));
  }
}
