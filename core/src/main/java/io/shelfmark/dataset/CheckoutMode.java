package io.shelfmark.dataset;

/** How files come out of the store. */
public enum CheckoutMode {
  /** Files of one's own: each is checked against its digest while it is written. */
  COPY,
  /**
   * Hard links to the store's own files, where the store keeps files on the same file system;
   * copies elsewhere. Links are made without reading, so nothing is checked, and they share their
   * bytes with the store: they are read-only, and whoever changes one all the same damages the
   * store until {@link DatasetVersion#verify} names the file and {@code workspace.restore} puts it
   * right.
   */
  LINK
}
