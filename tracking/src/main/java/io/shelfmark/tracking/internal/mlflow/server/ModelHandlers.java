package io.shelfmark.tracking.internal.mlflow.server;

import io.shelfmark.tracking.internal.mlflow.wire.Answer;
import io.shelfmark.tracking.internal.mlflow.wire.ModelAnswer;
import io.shelfmark.tracking.internal.mlflow.wire.RequestFields;
import io.shelfmark.tracking.store.ModelRecord;
import io.shelfmark.tracking.store.ModelStore;
import io.shelfmark.tracking.store.ModelVersionRecord;
import io.shelfmark.tracking.store.Page;
import io.shelfmark.tracking.store.RecordNotFoundException;
import io.shelfmark.tracking.store.TrackingStore;
import java.io.IOException;
import java.util.List;

/** Answers what is asked of registered models. */
final class ModelHandlers {

  private static final int MOST_MODELS = 1000;

  private final TrackingStore store;
  private final Guards guards;

  ModelHandlers(TrackingStore store, Guards guards) {
    this.store = store;
    this.guards = guards;
  }

  Answer create(Exchange exchange) throws IOException {
    RequestFields in = exchange.fields();
    return answer(
        store.models().create(in.required("name"), in.text("description"), in.tags("tags")));
  }

  Answer get(Exchange exchange) throws IOException {
    return answer(find(store.models(), exchange.fields().required("name")));
  }

  static ModelRecord find(ModelStore models, String name) {
    return models
        .find(name)
        .orElseThrow(
            () -> new RecordNotFoundException("Registered Model with name=" + name + " not found"));
  }

  Answer search(Exchange exchange) throws IOException {
    Page<ModelRecord> page =
        store.models().search(SearchFields.search(exchange.fields(), 100, MOST_MODELS));
    return out -> {
      out.writeArrayFieldStart("registered_models");
      for (ModelRecord model : page.items()) {
        ModelAnswer.write(out, model);
      }
      out.writeEndArray();
      SearchFields.next(out, page.next());
    };
  }

  Answer rename(Exchange exchange) throws IOException {
    RequestFields in = exchange.fields();
    return answer(store.models().rename(in.required("name"), in.required("new_name")));
  }

  Answer update(Exchange exchange) throws IOException {
    RequestFields in = exchange.fields();
    String name = in.required("name");
    return answer(
        in.optionalText("description").isPresent()
            ? store.models().describe(name, in.text("description"))
            : find(store.models(), name));
  }

  Answer delete(Exchange exchange) throws IOException {
    store.models().delete(exchange.fields().required("name"));
    return Answer.EMPTY;
  }

  Answer setTag(Exchange exchange) throws IOException {
    RequestFields in = exchange.fields();
    store.models().setTag(in.required("name"), in.required("key"), in.text("value"));
    return Answer.EMPTY;
  }

  Answer deleteTag(Exchange exchange) throws IOException {
    RequestFields in = exchange.fields();
    store.models().deleteTag(in.required("name"), in.required("key"));
    return Answer.EMPTY;
  }

  Answer latestVersions(Exchange exchange) throws IOException {
    RequestFields in = exchange.fields();
    List<ModelVersionRecord> versions =
        store.models().latestVersions(in.required("name"), in.texts("stages"));
    return out -> ModelAnswer.versions(out, "model_versions", versions);
  }

  private static Answer answer(ModelRecord model) {
    return out -> {
      out.writeFieldName("registered_model");
      ModelAnswer.write(out, model);
    };
  }

  /** The ways that end here. */
  List<Route> routes() {
    String at = "api/mlflow/registered-models/";
    Guard read = guards.general(Right.READ);
    Guard write = guards.general(Right.WRITE);
    Guard admin = guards.general(Right.ADMIN);
    return List.of(
        Route.of("POST", at + "create", write, Handler.json(this::create)),
        Route.of("GET", at + "get", read, Handler.json(this::get)),
        Route.of("GET", at + "search", read, Handler.json(this::search)),
        Route.of("POST", at + "search", read, Handler.json(this::search)),
        Route.of("POST", at + "rename", admin, Handler.json(this::rename)),
        Route.of("PATCH", at + "update", write, Handler.json(this::update)),
        Route.of("DELETE", at + "delete", admin, Handler.json(this::delete)),
        Route.of("POST", at + "set-tag", write, Handler.json(this::setTag)),
        Route.of("DELETE", at + "delete-tag", write, Handler.json(this::deleteTag)),
        Route.of("GET", at + "get-latest-versions", read, Handler.json(this::latestVersions)),
        Route.of("POST", at + "get-latest-versions", read, Handler.json(this::latestVersions)));
  }
}
