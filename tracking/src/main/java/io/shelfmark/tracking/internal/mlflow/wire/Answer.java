package io.shelfmark.tracking.internal.mlflow.wire;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;

/** Writes the fields of an answer's one JSON object. */
@FunctionalInterface
public interface Answer {

  /** An object without fields. */
  Answer EMPTY = out -> {};

  /** Writes the fields; the braces around them are the caller's. */
  void write(JsonGenerator out) throws IOException;
}
