package io.shelfmark.inference.synthetic;

import java.util.List;

/**
 * A generated photo and what it shows.
 *
 * @param jpeg the encoded photo, not copied
 * @param tags every tag of which something can be seen; empty for a hard negative
 */
public record GeneratedPhoto(
    int index, SceneKind kind, int width, int height, byte[] jpeg, List<TagTruth> tags) {}
