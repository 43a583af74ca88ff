/**
 * From the bytes of a photo to the pixels that the models look at: header check, decoding, and the
 * geometry by which tags and lines are cut out of the photo. Photo coordinates are pixels of the
 * upright photo (EXIF orientation applied), x to the right, y down, the origin at the outer corner
 * of the top left pixel.
 *
 * <p>For the recognizer; hosts see the records of {@link io.shelfmark.inference}.
 */
@NullMarked
package io.shelfmark.inference.image;

import org.jspecify.annotations.NullMarked;
