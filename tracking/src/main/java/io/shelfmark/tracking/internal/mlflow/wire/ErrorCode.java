package io.shelfmark.tracking.internal.mlflow.wire;

/** MLflow's error codes, with the HTTP status that each travels under. */
public enum ErrorCode {
  /** The request cannot be met as it stands. */
  INVALID_PARAMETER_VALUE(400),
  /** There is one of that name already; 400, not 409. */
  RESOURCE_ALREADY_EXISTS(400),
  /** The caller is not known. */
  UNAUTHENTICATED(401),
  /** The caller may not. */
  PERMISSION_DENIED(403),
  /** What was named is not on record. */
  RESOURCE_DOES_NOT_EXIST(404),
  /** No such path, or not by that method. */
  ENDPOINT_NOT_FOUND(404),
  /** A failure of the server's. */
  INTERNAL_ERROR(500),
  /** Offered by other servers. */
  NOT_IMPLEMENTED(501),
  /** Calling again later may help. */
  TEMPORARILY_UNAVAILABLE(503);

  private final int status;

  ErrorCode(int status) {
    this.status = status;
  }

  /** The HTTP status. */
  public int status() {
    return status;
  }
}
