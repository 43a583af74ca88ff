package io.shelfmark.storage;

import java.util.Objects;

/**
 * What a store calls one state of a blob; another state under the same key has another one. Opaque:
 * compare for equality only, and only within one store.
 *
 * @param value the store's own text
 */
public record ETag(String value) {

  /** Any text is an ETag. */
  public ETag {
    Objects.requireNonNull(value, "value");
  }

  @Override
  public String toString() {
    return value;
  }
}
