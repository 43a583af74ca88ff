package io.shelfmark.storage;

/** An upload is not there under that name: it was never begun, removed or abandoned. Begin anew. */
public final class UploadNotFoundException extends StorageException {

  private static final long serialVersionUID = 1L;

  /** Reports that an upload for a name is not in the store at a location. */
  public UploadNotFoundException(String name, Object location) {
    super(
        "Cannot go on with the upload of %s: found no such upload in %s or nothing that was sent to it, expected one that was begun for it and is not done (begin anew)"
            .formatted(name, location));
  }
}
