package io.shelfmark.tracking.internal.mlflow.server;

import io.shelfmark.tracking.internal.mlflow.wire.Answer;
import io.shelfmark.tracking.internal.mlflow.wire.RequestFields;
import io.shelfmark.tracking.internal.mlflow.wire.RunAnswer;
import io.shelfmark.tracking.store.Filter;
import io.shelfmark.tracking.store.InvalidRequestException;
import io.shelfmark.tracking.store.NewRun;
import io.shelfmark.tracking.store.Page;
import io.shelfmark.tracking.store.RecordNotFoundException;
import io.shelfmark.tracking.store.RunInfo;
import io.shelfmark.tracking.store.RunQuery;
import io.shelfmark.tracking.store.RunRecord;
import io.shelfmark.tracking.store.RunStatus;
import io.shelfmark.tracking.store.RunStore;
import io.shelfmark.tracking.store.RunUpdate;
import io.shelfmark.tracking.store.TrackingStore;
import java.io.IOException;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Answers what is asked of runs, but for what is logged to them. */
final class RunHandlers {

  private final RunStore runs;
  private final Guards guards;
  private final Clock clock;

  RunHandlers(TrackingStore store, Guards guards, Clock clock) {
    this.runs = store.runs();
    this.guards = guards;
    this.clock = clock;
  }

  Answer create(Exchange exchange) throws IOException {
    RequestFields in = exchange.fields();
    // MLflow's clients name no run to be made; this library's do, so that they may ask twice
    String id = in.text("run_id");
    String experiment =
        in.optionalText("experiment_id").filter(text -> !text.isEmpty()).orElse("0");
    String user = in.text("user_id");
    Map<String, String> tags = new LinkedHashMap<>(in.tags("tags"));
    RunRecord made =
        runs.create(
            new NewRun(
                id.isEmpty() ? NewRun.newId() : id,
                experiment,
                name(in.text("run_name"), tags),
                user.isEmpty() ? exchange.caller().name() : user,
                in.optionalTime("start_time").orElseGet(clock::instant),
                tags));
    if (!made.info().experimentId().equals(experiment)) {
      throw new InvalidRequestException(
          "Cannot make run %s in experiment %s: found one of that id elsewhere, expected a new id"
              .formatted(id, experiment));
    }
    return answer(made);
  }

  private static String name(String name, Map<String, String> tags) {
    String tag = tags.getOrDefault(NewRun.NAME_TAG, "");
    if (!name.isEmpty() && !tag.isEmpty() && !name.equals(tag)) {
      throw new InvalidRequestException(
          "Both 'run_name' argument and '%s' tag are specified, but with different values (run_name='%s', %s='%s')."
              .formatted(NewRun.NAME_TAG, name, NewRun.NAME_TAG, tag));
    }
    return name.isEmpty() ? tag : name;
  }

  Answer get(Exchange exchange) throws IOException {
    String id = requiredRunId(exchange.fields());
    return answer(find(runs, id));
  }

  static RunRecord find(RunStore runs, String id) {
    return runs.find(id)
        .orElseThrow(() -> new RecordNotFoundException("Run with id=" + id + " not found"));
  }

  static String requiredRunId(RequestFields fields) {
    String id = Guards.runId(fields);
    return id.isEmpty() ? fields.required("run_id") : id;
  }

  Answer search(Exchange exchange) throws IOException {
    RequestFields in = exchange.fields();
    List<String> experiments =
        in.texts("experiment_ids").stream()
            .filter(id -> exchange.caller().may(Right.READ, id))
            .toList();
    RunQuery query =
        RunQuery.in(experiments)
            .where(Filter.parse(in.text("filter")))
            .orderBy(SearchFields.orders(in))
            .visibility(SearchFields.visibility(in, "run_view_type"))
            .limit(SearchFields.limit(in, 1000, RunQuery.MAX_LIMIT));
    Optional<String> token = SearchFields.page(in);
    Page<RunRecord> page = runs.search(token.isPresent() ? query.at(token.get()) : query);
    return out -> {
      out.writeArrayFieldStart("runs");
      for (RunRecord run : page.items()) {
        RunAnswer.write(out, run);
      }
      out.writeEndArray();
      SearchFields.next(out, page.next());
    };
  }

  Answer update(Exchange exchange) throws IOException {
    RequestFields in = exchange.fields();
    RunInfo updated =
        runs.update(
            requiredRunId(in),
            new RunUpdate(
                in.optionalText("status").filter(text -> !text.isEmpty()).map(RunHandlers::status),
                in.optionalTime("end_time"),
                in.optionalText("run_name").filter(text -> !text.isEmpty())));
    return out -> {
      out.writeFieldName("run_info");
      RunAnswer.info(out, updated);
    };
  }

  private static RunStatus status(String text) {
    for (RunStatus status : RunStatus.values()) {
      if (text.equals(status.name())) {
        return status;
      }
    }
    throw new InvalidRequestException(
        "Invalid value '%s' for parameter 'status': expected one of %s"
            .formatted(text, List.of(RunStatus.values())));
  }

  Answer delete(Exchange exchange) throws IOException {
    runs.delete(requiredRunId(exchange.fields()));
    return Answer.EMPTY;
  }

  Answer restore(Exchange exchange) throws IOException {
    runs.restore(requiredRunId(exchange.fields()));
    return Answer.EMPTY;
  }

  private static Answer answer(RunRecord run) {
    return out -> {
      out.writeFieldName("run");
      RunAnswer.write(out, run);
    };
  }

  /** The ways that end here. */
  List<Route> routes() {
    String at = "api/mlflow/runs/";
    return List.of(
        Route.of("POST", at + "create", guards.experiment(Right.WRITE), Handler.json(this::create)),
        Route.of("GET", at + "get", guards.run(Right.READ), Handler.json(this::get)),
        Route.of("POST", at + "search", Guard.ANY_USER, Handler.json(this::search)),
        Route.of("POST", at + "update", guards.run(Right.WRITE), Handler.json(this::update)),
        Route.of("POST", at + "delete", guards.run(Right.WRITE), Handler.json(this::delete)),
        Route.of("POST", at + "restore", guards.run(Right.WRITE), Handler.json(this::restore)));
  }
}
