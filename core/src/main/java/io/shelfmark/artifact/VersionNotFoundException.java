package io.shelfmark.artifact;

import io.shelfmark.ShelfmarkException;

/** There is no such version, alias, artifact, dataset or file. Look under another name. */
public final class VersionNotFoundException extends ShelfmarkException {

  private static final long serialVersionUID = 1L;

  /** Reports what is missing. */
  public VersionNotFoundException(String message) {
    super(message);
  }
}
