package io.shelfmark.tracking.store;

/** How a condition compares. */
public enum Operator {
  /** The same. */
  EQUAL("="),
  /** Another. */
  NOT_EQUAL("!="),
  /** Greater. */
  GREATER(">"),
  /** Greater or the same. */
  GREATER_OR_EQUAL(">="),
  /** Less. */
  LESS("<"),
  /** Less or the same. */
  LESS_OR_EQUAL("<="),
  /** Like a pattern. */
  LIKE("LIKE"),
  /** Like a pattern, whatever the case. */
  ILIKE("ILIKE"),
  /** One of several. */
  IN("IN"),
  /** None of several. */
  NOT_IN("NOT IN"),
  /** Not there. */
  MISSING("IS NULL"),
  /** There. */
  PRESENT("IS NOT NULL");

  private final String sign;

  Operator(String sign) {
    this.sign = sign;
  }

  /** By which filters and SQL name it. */
  public String sign() {
    return sign;
  }
}
