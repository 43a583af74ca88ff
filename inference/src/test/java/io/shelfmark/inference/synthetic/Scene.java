package io.shelfmark.inference.synthetic;

import java.awt.geom.Point2D;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One photo in the making: backdrop, tags, what is before them, camera, truth. Used once. */
final class Scene {
  private final Press press;
  private final List<TagLayout> layouts;
  private final Dice dice;
  private final SceneKind kind;
  private final int width;
  private final int height;
  private final int tags;
  private final PhotoCanvas canvas;
  private final Lens lens;

  Scene(
      Press press,
      List<TagLayout> layouts,
      Dice dice,
      SceneKind kind,
      int width,
      int height,
      int tags) {
    this.press = press;
    this.layouts = layouts;
    this.dice = dice;
    this.kind = kind;
    this.width = width;
    this.height = height;
    this.tags = tags;
    this.canvas = new PhotoCanvas(width, height);
    this.lens = Lens.of(dice, width, height, tags > 0);
  }

  GeneratedPhoto photo(int index) {
    ShelfPlan plan = plan();
    Backdrop backdrop = new Backdrop(press, dice, canvas, lens);
    backdrop.paint(plan);
    if (kind != SceneKind.SHELF && kind != SceneKind.TAG && dice.chance(0.55)) {
      Blur.gaussian(canvas.rgb, width, height, dice.real(0.8, 4.5));
    }
    List<HungTag> hung = new ArrayList<>();
    if (kind == SceneKind.HARD_NEGATIVE) {
      hangProps(plan, 0.7);
    } else {
      if (tags == 0 && dice.chance(0.3)) {
        hangProps(ShelfPlan.shelf(dice, width, height), 0.12);
      }
      hangTags(plan, hung);
    }
    Foreground foreground = new Foreground(dice, canvas, lens);
    if (tags == 0) {
      foreground.paint(plan);
    }
    foreground.shine(plan);
    Camera camera = Camera.of(dice);
    GroundTruth truth = new GroundTruth(canvas, camera.softness());
    List<TagTruth> truths = hung.stream().map(truth::of).flatMap(Optional::stream).toList();
    camera.shoot(canvas.rgb, width, height);
    if (tags == 0 && width < height && kind == SceneKind.CLOSE_UP && dice.chance(0.05)) {
      return turned(index, truths, camera, dice.chance(0.5) ? 1 : -1);
    }
    byte[] jpeg = Jpeg.encode(canvas.rgb, width, height, camera.quality());
    return new GeneratedPhoto(index, kind, width, height, jpeg, truths);
  }

  private ShelfPlan plan() {
    if (tags > 0) {
      return ShelfPlan.exactly(dice, width, height, tags);
    }
    if (kind == SceneKind.TAG) {
      return ShelfPlan.filling(dice, width, height);
    }
    boolean near =
        kind == SceneKind.CLOSE_UP || kind == SceneKind.HARD_NEGATIVE && dice.chance(0.6);
    return near ? ShelfPlan.closeUp(dice, width, height) : ShelfPlan.shelf(dice, width, height);
  }

  private void hangTags(ShelfPlan plan, List<HungTag> hung) {
    // neighbours come from one chain more often than not
    TagLayout common = dice.pick(layouts);
    boolean uniform = dice.chance(0.6);
    RowOccupancy row = new RowOccupancy();
    for (ShelfPlan.Place planned : plan.places()) {
      ShelfPlan.Place place = planned;
      TagLayout layout = uniform && dice.chance(0.9) ? common : dice.pick(layouts);
      double resolution = place.height() * (kind == SceneKind.CLOSE_UP ? 1.3 : 1.6);
      FlatTag tag = press.print(layout, dice.split(), Math.max(24, resolution));
      if (tags == 0) {
        Wear.apply(tag, dice.split());
      }
      double wide = tag.width() * place.height();
      double shrink = place.room() > 0 && wide > place.room() ? place.room() / wide : 1;
      shrink =
          Math.min(shrink, kind == SceneKind.CLOSE_UP ? dice.real(0.85, 1.05) * width / wide : 1);
      if (tags == 0 && dice.chance(0.9)) {
        Optional<ShelfPlan.Place> free =
            row.free(place, wide * shrink, dice.real(0.02, 0.3) * place.height());
        if (free.isEmpty()) {
          continue;
        }
        place = free.get();
      }
      row.take(place, wide * shrink);
      HungTag hanging =
          HungTag.of(tag, hung.size() + 1, quad(place, wide * shrink, place.height() * shrink));
      Foreground.shadow(canvas, hanging, dice);
      hanging.paint(canvas);
      hung.add(hanging);
    }
  }

  private void hangProps(ShelfPlan plan, double chance) {
    for (ShelfPlan.Place place : plan.places()) {
      if (dice.chance(chance)) {
        FlatTag prop =
            press.print(dice.pick(Props.all()), dice.split(), Math.max(24, place.height() * 1.3));
        HungTag.of(prop, 0, quad(place, prop.width() * place.height(), place.height()))
            .paint(canvas);
      }
    }
  }

  private Point2D[] quad(ShelfPlan.Place place, double w, double h) {
    boolean steady = tags > 0;
    double angle =
        Math.toRadians(steady ? 0 : dice.chance(0.08) ? dice.real(-9, 9) : dice.bell() * 1.3);
    double jitter = (steady ? 0.002 : 0.007) * h;
    double[][] corners = {{0, 0}, {w, 0}, {w, h}, {0, h}};
    Point2D[] quad = new Point2D[4];
    for (int i = 0; i < 4; i++) {
      double x = corners[i][0] - w / 2;
      double y = corners[i][1] - h / 2;
      quad[i] =
          lens.see(
              place.x() + w / 2 + x * Math.cos(angle) - y * Math.sin(angle) + dice.bell() * jitter,
              place.y() + h / 2 + x * Math.sin(angle) + y * Math.cos(angle) + dice.bell() * jitter);
    }
    return quad;
  }

  private GeneratedPhoto turned(int index, List<TagTruth> truths, Camera camera, int turns) {
    int[] rgb = new int[canvas.rgb.length];
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        int to = turns > 0 ? x * height + (height - 1 - y) : (width - 1 - x) * height + y;
        rgb[to] = canvas.rgb[y * width + x];
      }
    }
    List<TagTruth> moved =
        truths.stream()
            .map(
                tag ->
                    new TagTruth(
                        tag.layout(),
                        GroundTruth.turned(tag.outline(), turns, width, height),
                        tag.truncated(),
                        tag.readable(),
                        tag.legibility(),
                        tag.paper(),
                        tag.esl(),
                        tag.currency(),
                        tag.conditionKind(),
                        tag.conditionQuantity(),
                        tag.unit(),
                        tag.fields().stream().map(field -> turned(field, turns)).toList()))
            .toList();
    return new GeneratedPhoto(
        index, kind, height, width, Jpeg.encode(rgb, height, width, camera.quality()), moved);
  }

  private FieldTruth turned(FieldTruth field, int turns) {
    return new FieldTruth(
        field.kind(),
        field.text(),
        GroundTruth.turned(field.outline(), turns, width, height),
        field.line(),
        field.visible());
  }
}
