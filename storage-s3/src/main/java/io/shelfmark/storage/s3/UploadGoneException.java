package io.shelfmark.storage.s3;

/**
 * An upload that this process goes on with was completed, aborted or filled with other parts by
 * another one. Never leaves this package.
 */
final class UploadGoneException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  UploadGoneException(FailedRequest cause) {
    super(cause);
  }

  static boolean isMeantBy(FailedRequest e) {
    return e.code().equals("NoSuchUpload") || e.code().startsWith("InvalidPart");
  }
}
