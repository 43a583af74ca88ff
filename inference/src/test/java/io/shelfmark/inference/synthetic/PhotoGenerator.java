package io.shelfmark.inference.synthetic;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Makes photos of price tags with exact labels. Get one by {@link #seeded(long)} and narrow it with
 * the methods that return a changed copy. The same seed, options and index give the same bytes on
 * the same Java release, in any order and on any number of threads.
 *
 * <p>Defaults: half close-ups of 640 x 853 pixels, a third shelves, the rest hard negatives; all
 * training layouts.
 *
 * <p>Immutable and thread-safe; holds no native resource.
 */
public final class PhotoGenerator {
  private final Press press;
  private final long seed;
  private final @Nullable SceneKind kind;
  private final int width;
  private final int height;
  private final int tags;
  private final List<TagLayout> layouts;

  private PhotoGenerator(
      Press press,
      long seed,
      @Nullable SceneKind kind,
      int width,
      int height,
      int tags,
      List<TagLayout> layouts) {
    this.press = press;
    this.seed = seed;
    this.kind = kind;
    this.width = width;
    this.height = height;
    this.tags = tags;
    this.layouts = layouts;
  }

  /** A generator whose photos follow from {@code seed}. Loads fonts and words: keep it. */
  public static PhotoGenerator seeded(long seed) {
    return new PhotoGenerator(Press.load(), seed, null, 0, 0, 0, TagLayout.training());
  }

  /** Only photos of one kind. */
  public PhotoGenerator only(SceneKind kind) {
    Objects.requireNonNull(kind, "kind");
    return new PhotoGenerator(press, seed, kind, width, height, tags, layouts);
  }

  /** Photos of this many pixels. */
  public PhotoGenerator sized(int width, int height) {
    if (width < 64 || height < 64) {
      throw new IllegalArgumentException(
          "Cannot size photos: found %d x %d, expected at least 64 x 64".formatted(width, height));
    }
    return new PhotoGenerator(press, seed, kind, width, height, tags, layouts);
  }

  /** Upright shelves with exactly this many tags, each wholly visible. */
  public PhotoGenerator withTags(int tags) {
    if (tags < 1 || tags > 1000) {
      throw new IllegalArgumentException(
          "Cannot place tags: found %d, expected 1 to 1000".formatted(tags));
    }
    return new PhotoGenerator(press, seed, SceneKind.SHELF, width, height, tags, layouts);
  }

  /**
   * Half of the tags carry one of these product names, as it is or with other digits; the others
   * made-up ones.
   */
  public PhotoGenerator withNames(List<String> names) {
    return new PhotoGenerator(press.withNames(names), seed, kind, width, height, tags, layouts);
  }

  /** Tags in layouts that no bundled model was trained on, and in none other. */
  public PhotoGenerator heldOutLayouts() {
    return new PhotoGenerator(press, seed, kind, width, height, tags, TagLayout.heldOut());
  }

  /** Tags of up to ten lines, for the cost of a photo: no model was trained on their layout. */
  public PhotoGenerator fullTags() {
    return new PhotoGenerator(press, seed, kind, width, height, tags, FullLayout.all());
  }

  /** Names of the layouts that this generator's tags are printed in. */
  public List<String> layoutNames() {
    return layouts.stream().map(TagLayout::name).toList();
  }

  /** Photo number {@code index} of this generator's endless row. */
  public GeneratedPhoto photo(int index) {
    Dice dice = Dice.of(seed, index);
    SceneKind shown = kind != null ? kind : SceneKind.values()[dice.weighted(50, 35, 15)];
    int w = width;
    int h = height;
    if (w == 0) {
      w = 640;
      h = 853;
      if (shown == SceneKind.TAG) {
        w = dice.pick(320, 400, 480, 560);
        h = w * 2 / 3;
      }
      if (shown == SceneKind.SHELF) {
        w = dice.pick(640, 720, 960, 1080, 1280);
        h = w * 4 / 3;
      }
      if (shown != SceneKind.TAG && dice.chance(shown == SceneKind.SHELF ? 0.35 : 0.1)) {
        int swap = w;
        w = h;
        h = swap;
      }
    }
    return new Scene(press, layouts, dice, shown, w, h, tags).photo(index);
  }
}
