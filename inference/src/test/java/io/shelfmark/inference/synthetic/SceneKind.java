package io.shelfmark.inference.synthetic;

/** What a generated photo shows. */
public enum SceneKind {
  /** One to three tags from near by. */
  CLOSE_UP,
  /** A piece of a shelf with many tags. */
  SHELF,
  /** No readable price at all: packs, banners, empty holders, stickers. */
  HARD_NEGATIVE,
  /** One tag that fills the photo: many legible lines for few pixels. Only when asked for. */
  TAG
}
