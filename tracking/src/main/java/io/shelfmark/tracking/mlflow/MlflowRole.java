package io.shelfmark.tracking.mlflow;

import io.shelfmark.tracking.internal.mlflow.server.Right;

/** What a user may do on a server, or in one of its experiments; each includes those before it. */
public enum MlflowRole {
  /** Looks at experiments, runs, artifacts and models. */
  READER(Right.READ),
  /**
   * Makes experiments, runs, models and versions, logs to them, changes and tags them, moves
   * aliases, deletes and restores runs, and deletes artifacts and logged models.
   */
  WRITER(Right.WRITE),
  /** Deletes and restores experiments, and renames and deletes registered models and versions. */
  ADMIN(Right.ADMIN);

  private final Right right;

  MlflowRole(Right right) {
    this.right = right;
  }

  Right right() {
    return right;
  }

  static MlflowRole of(Right right) {
    return switch (right) {
      case READ -> READER;
      case WRITE -> WRITER;
      case ADMIN -> ADMIN;
    };
  }
}
