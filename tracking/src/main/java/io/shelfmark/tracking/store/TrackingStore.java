package io.shelfmark.tracking.store;

/**
 * Where experiments, runs and models are on record. Get one from {@code
 * io.shelfmark.tracking.Tracker.builder}, which opens SQLite or PostgreSQL, or from {@code
 * io.shelfmark.tracking.mlflow.MlflowTracking} for a server.
 *
 * <p>What a writing method was told is durable when it returns, and seen by every process on the
 * same database or server. Implementations are thread-safe. Who opened it closes it.
 *
 * <p>Every method throws {@link RecordNotFoundException} when what it names is not on record,
 * {@link InvalidRequestException} when the request cannot be met as it stands, {@link
 * StoreUnavailableException} when calling again later may help, and {@link AccessDeniedException}
 * when the caller may not.
 */
public interface TrackingStore extends AutoCloseable {

  /** The experiments. */
  ExperimentStore experiments();

  /** The runs. */
  RunStore runs();

  /** The registered models. */
  ModelStore models();

  /** The models that runs logged. */
  LoggedModelStore loggedModels();

  /**
   * The files below an artifact location, such as a run's {@link RunInfo#artifactLocation()}.
   *
   * @throws InvalidRequestException when the location is of a kind that this store does not reach
   */
  FileStore files(String location);

  /** Which store this is, for messages; without credentials. */
  String location();

  /** Releases what it holds; more calls do nothing. */
  @Override
  void close();
}
