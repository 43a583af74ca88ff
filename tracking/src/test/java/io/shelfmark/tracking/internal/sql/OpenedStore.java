package io.shelfmark.tracking.internal.sql;

import io.shelfmark.Workspace;
import io.shelfmark.tracking.TemporaryFolder;
import java.nio.file.Path;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** A store and a workspace of its own, open while the tests of a class run. */
abstract class OpenedStore implements BeforeAllCallback, AfterAllCallback {

  private TemporaryFolder folder;
  private Workspace workspace;
  private SqlTrackingStore store;

  /** Opens a store on the database. */
  abstract SqlTrackingStore open(Path home, Workspace of);

  @Override
  public void beforeAll(ExtensionContext context) throws Exception {
    folder = new TemporaryFolder();
    workspace = Workspace.open(folder.path());
    store = another();
  }

  @Override
  public void afterAll(ExtensionContext context) throws Exception {
    store.close();
    workspace.close();
    folder.close();
  }

  SqlTrackingStore store() {
    return store;
  }

  Workspace workspace() {
    return workspace;
  }

  /** Another store on the same database and workspace; the test closes it. */
  SqlTrackingStore another() {
    return open(folder.path(), workspace);
  }
}
