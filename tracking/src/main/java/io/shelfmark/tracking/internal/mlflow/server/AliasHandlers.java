package io.shelfmark.tracking.internal.mlflow.server;

import io.shelfmark.tracking.internal.mlflow.wire.Answer;
import io.shelfmark.tracking.internal.mlflow.wire.ModelAnswer;
import io.shelfmark.tracking.internal.mlflow.wire.RequestFields;
import io.shelfmark.tracking.store.AliasChange;
import io.shelfmark.tracking.store.InvalidRequestException;
import io.shelfmark.tracking.store.ModelVersionRecord;
import io.shelfmark.tracking.store.TrackingStore;
import java.io.IOException;
import java.util.List;
import java.util.regex.Pattern;

/** Answers what is asked of the aliases of registered models. */
final class AliasHandlers {

  private static final Pattern RESERVED =
      Pattern.compile("latest|v[0-9]+", Pattern.CASE_INSENSITIVE);

  private final TrackingStore store;
  private final Guards guards;

  AliasHandlers(TrackingStore store, Guards guards) {
    this.store = store;
    this.guards = guards;
  }

  Answer set(Exchange exchange) throws IOException {
    RequestFields in = exchange.fields();
    String alias = in.required("alias");
    if (RESERVED.matcher(alias).matches()) {
      throw new InvalidRequestException(
          "Invalid alias name: '%s' is reserved, expected other than 'latest' and 'v' with a number"
              .formatted(alias));
    }
    store.models().setAlias(in.required("name"), alias, VersionHandlers.version(in));
    return Answer.EMPTY;
  }

  /** An unknown alias is a bad request here, as in MLflow, and not something missing. */
  Answer get(Exchange exchange) throws IOException {
    RequestFields in = exchange.fields();
    String name = in.required("name");
    String alias = in.required("alias");
    ModelHandlers.find(store.models(), name);
    ModelVersionRecord version =
        store
            .models()
            .findByAlias(name, alias)
            .orElseThrow(
                () ->
                    new InvalidRequestException("Registered model alias " + alias + " not found."));
    return out -> {
      out.writeFieldName("model_version");
      ModelAnswer.version(out, version);
    };
  }

  Answer delete(Exchange exchange) throws IOException {
    RequestFields in = exchange.fields();
    store.models().deleteAlias(in.required("name"), in.required("alias"));
    return Answer.EMPTY;
  }

  Answer history(Exchange exchange) throws IOException {
    RequestFields in = exchange.fields();
    String alias = in.required("alias");
    List<AliasChange> changes = store.models().aliasHistory(in.required("name"), alias);
    return out -> {
      out.writeStringField("alias", alias);
      out.writeArrayFieldStart("changes");
      for (AliasChange change : changes) {
        out.writeStartObject();
        out.writeNumberField("timestamp", change.at().toEpochMilli());
        if (change.version().isPresent()) {
          out.writeStringField("version", Long.toString(change.version().getAsLong()));
        }
        out.writeStringField("user_id", change.user());
        out.writeEndObject();
      }
      out.writeEndArray();
    };
  }

  /** The ways that end here. */
  List<Route> routes() {
    String at = "api/mlflow/registered-models/alias";
    Guard read = guards.general(Right.READ);
    Guard write = guards.general(Right.WRITE);
    return List.of(
        Route.of("POST", at, write, Handler.json(this::set)),
        Route.of("GET", at, read, Handler.json(this::get)),
        Route.of("DELETE", at, write, Handler.json(this::delete)),
        Route.of("GET", "api/shelfmark/alias-history", read, Handler.json(this::history)));
  }
}
