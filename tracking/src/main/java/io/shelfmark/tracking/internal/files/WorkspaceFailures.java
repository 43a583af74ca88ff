package io.shelfmark.tracking.internal.files;

import io.shelfmark.artifact.VersionNotFoundException;
import io.shelfmark.storage.CorruptBlobException;
import io.shelfmark.storage.ReadOnlyStoreException;
import io.shelfmark.storage.StorageException;
import io.shelfmark.storage.UploadNotFoundException;
import io.shelfmark.tracking.store.AccessDeniedException;
import io.shelfmark.tracking.store.InvalidRequestException;
import io.shelfmark.tracking.store.RecordNotFoundException;
import io.shelfmark.tracking.store.StoreUnavailableException;
import java.util.function.Supplier;

/** Says in the port's words what a workspace throws. */
final class WorkspaceFailures {

  private WorkspaceFailures() {}

  static <T> T translated(Supplier<T> action) {
    try {
      return action.get();
    } catch (IllegalArgumentException e) {
      throw new InvalidRequestException(message(e), e);
    } catch (VersionNotFoundException | UploadNotFoundException e) {
      throw new RecordNotFoundException(message(e), e);
    } catch (CorruptBlobException e) {
      // calling again does not help, nor does another request
      throw e;
    } catch (ReadOnlyStoreException e) {
      throw new AccessDeniedException(message(e), e);
    } catch (StorageException e) {
      throw new StoreUnavailableException(message(e), e);
    }
  }

  private static String message(Exception e) {
    return String.valueOf(e.getMessage());
  }
}
