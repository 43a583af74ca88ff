/**
 * The generator of photographed price tags and shelves: pictures with exact labels, from a seed.
 *
 * <p>{@link io.shelfmark.inference.synthetic.PhotoGenerator} is the way in. A {@code TagContent}
 * (what a tag says) is painted flat by a {@code TagLayout} (how a chain prints it) through a {@code
 * TagPainter}, which notes every field's box; a {@code Scene} hangs the flat tags before a
 * procedural backdrop through one homography per tag; a {@code Camera} adds light, blur, noise and
 * colour; and the same homographies carry the boxes into the photo.
 *
 * <p>Nothing here needs a display, a font of the machine or a network.
 */
@NullMarked
package io.shelfmark.inference.synthetic;

import org.jspecify.annotations.NullMarked;
