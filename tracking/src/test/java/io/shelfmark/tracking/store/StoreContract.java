package io.shelfmark.tracking.store;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;

/** What the contracts of stores share. Each test makes an experiment of its own. */
abstract class StoreContract {

  static final Instant START = Instant.parse("2026-03-01T10:00:00.123Z");

  TrackingStore store;
  String experiment;

  /** The store, the same for all tests of a class or another for each. */
  protected abstract TrackingStore store();

  @BeforeEach
  void makeExperiment() {
    store = store();
    experiment = store.experiments().create(NewExperiment.named(unique("detector"))).id();
  }

  static String unique(String name) {
    return name + "-" + NewRun.newId();
  }

  RunRecord begin(String name) {
    return store.runs().create(NewRun.of(experiment, name, START));
  }

  RunRecord read(RunRecord run) {
    return store.runs().find(run.info().id()).orElseThrow();
  }

  List<String> names(RunQuery query) {
    return store.runs().search(query).items().stream().map(run -> run.info().name()).toList();
  }

  static Metric point(String key, double value, long step) {
    return new Metric(key, value, step, START.plusMillis(step));
  }
}
