package io.shelfmark.inference.evaluation;

import io.shelfmark.inference.Box;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The truth about one photo. Immutable.
 *
 * @param file what the labels call the photo
 * @param path where it is
 * @param chain the chain of shops
 * @param group photos of one tag share a group
 * @param naturalSize the size in pixels at which the photo has its true proportions, when its file
 *     may not
 * @param tags the labelled tags
 * @param outlines boxes of tags, labelled or not, relative to the photo; see {@code complete}
 * @param complete whether {@code tags} and {@code outlines} together are all tags of the photo, so
 *     that precision can be told
 */
public record LabeledPhoto(
    String file,
    Path path,
    Optional<String> chain,
    Optional<String> group,
    Optional<Size> naturalSize,
    List<LabeledTag> tags,
    List<Box> outlines,
    boolean complete) {

  /** Copies the lists. */
  public LabeledPhoto {
    tags = List.copyOf(tags);
    outlines = List.copyOf(outlines);
  }

  /** Whether no tag is in sight, labelled or not: whatever is read on it is false. */
  public boolean negative() {
    return tags.isEmpty() && outlines.isEmpty();
  }

  /** Width and height in pixels. */
  public record Size(int width, int height) {}
}
