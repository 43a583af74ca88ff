package io.shelfmark.inference.image;

/**
 * A rectified piece of a photo in grey, as bar code readers take it.
 *
 * @param width in pixels
 * @param height in pixels
 * @param pixels one byte each, rows from the top without gaps; not copied, the receiver's to keep
 */
@SuppressWarnings("ArrayRecordComponent") // pixels are handed over, not compared
public record GreyCrop(int width, int height, byte[] pixels) {}
