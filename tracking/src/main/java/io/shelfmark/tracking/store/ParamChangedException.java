package io.shelfmark.tracking.store;

/** A param of a run has another value already, and params are written once. */
public final class ParamChangedException extends InvalidRequestException {

  private static final long serialVersionUID = 1L;

  private final String key;
  private final String recorded;

  /** Reports it. */
  public ParamChangedException(String runId, String key, String recorded, String refused) {
    super(
        "Cannot change param %s of run %s: found %s on record, got %s, expected the same (params are written once; use a tag, or another run)"
            .formatted(key, runId, recorded, refused));
    this.key = key;
    this.recorded = recorded;
  }

  /** Which param. */
  public String key() {
    return key;
  }

  /** The value that it keeps. */
  public String recorded() {
    return recorded;
  }
}
