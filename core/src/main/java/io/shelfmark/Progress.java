package io.shelfmark;

/**
 * How far long work is.
 *
 * @param files that are done
 * @param bytes of the files that are done
 */
public record Progress(long files, long bytes) {

  /**
   * Is told of progress, from one thread at a time, after each file. What it throws ends the work.
   */
  @FunctionalInterface
  public interface Listener {

    /** Ignores everything. */
    Listener NONE = progress -> {};

    /** Takes note of how far the work is. */
    void progressed(Progress progress);
  }
}
