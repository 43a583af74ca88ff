package io.shelfmark.inference.rollout;

import io.shelfmark.inference.ShelfPhoto;
import java.time.Instant;
import java.util.List;
import java.util.Objects;

/**
 * What two versions made of one photo, where they disagree. Immutable.
 *
 * @param at when the candidate had read it
 * @param photo that both read
 * @param current the version whose reading the caller got
 * @param candidate the version that is tried
 * @param disagreements each thing that they read differently, at least one
 */
public record Comparison(
    Instant at,
    ShelfPhoto photo,
    String current,
    String candidate,
    List<Disagreement> disagreements) {

  /** Copies the list. */
  public Comparison {
    Objects.requireNonNull(at, "at");
    Objects.requireNonNull(photo, "photo");
    Objects.requireNonNull(current, "current");
    Objects.requireNonNull(candidate, "candidate");
    disagreements = List.copyOf(disagreements);
  }

  /** Is told of photos that two versions read differently. */
  @FunctionalInterface
  public interface Listener {

    /**
     * Called on the shadow's thread after each such photo, one at a time for each candidate: while
     * it takes its time, photos are dropped from the comparison, never from reading. May change the
     * rollout. What it throws is logged.
     */
    void onDisagreement(Comparison comparison);
  }
}
