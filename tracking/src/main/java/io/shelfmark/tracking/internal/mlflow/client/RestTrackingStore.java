package io.shelfmark.tracking.internal.mlflow.client;

import io.shelfmark.tracking.store.ExperimentStore;
import io.shelfmark.tracking.store.FileStore;
import io.shelfmark.tracking.store.LoggedModelStore;
import io.shelfmark.tracking.store.ModelStore;
import io.shelfmark.tracking.store.RunStore;
import io.shelfmark.tracking.store.TrackingStore;
import java.time.Clock;

/** The record on a server. Thread-safe. */
public final class RestTrackingStore implements TrackingStore {

  private final ClientSettings settings;
  private final Requests requests;
  private final RestExperiments experiments;
  private final RestRuns runs;
  private final RestModels models;
  private final RestLoggedModels loggedModels;
  private final ArtifactLocations locations;

  RestTrackingStore(ClientSettings settings, Requests requests) {
    this.settings = settings;
    this.requests = requests;
    Api api = new Api(settings.server(), requests);
    ServerKind kind = new ServerKind(api);
    RunIds ids = new RunIds(api, kind);
    this.experiments = new RestExperiments(api, kind);
    this.runs = new RestRuns(api, kind, ids);
    this.models = new RestModels(api, kind, ids, new ModelVersions(api, kind, ids));
    this.loggedModels = new RestLoggedModels(api, kind, ids);
    this.locations = new ArtifactLocations(api, settings, ids, models, loggedModels);
  }

  /** Opens it; nothing is sent before it is used. */
  public static RestTrackingStore open(ClientSettings settings) {
    Requests requests =
        new Requests(
            settings, System::nanoTime, time -> Thread.sleep(time.toMillis()), Clock.systemUTC());
    return new RestTrackingStore(settings, requests);
  }

  @Override
  public ExperimentStore experiments() {
    return experiments;
  }

  @Override
  public RunStore runs() {
    return runs;
  }

  @Override
  public ModelStore models() {
    return models;
  }

  @Override
  public LoggedModelStore loggedModels() {
    return loggedModels;
  }

  @Override
  public FileStore files(String location) {
    return locations.files(location);
  }

  @Override
  public String location() {
    return settings.server().toString();
  }

  @Override
  public void close() {
    requests.close();
  }
}
