package io.shelfmark.inference.synthetic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.shelfmark.inference.Box;
import io.shelfmark.inference.Outline;
import io.shelfmark.inference.Point;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PhotoGeneratorTest {
  private static final PhotoGenerator GENERATOR = PhotoGenerator.seeded(11).sized(480, 640);
  private static final List<GeneratedPhoto> PHOTOS =
      IntStream.rangeClosed(1, 24).mapToObj(GENERATOR::photo).toList();

  @Test
  void photo_sameSeedAndIndex_sameBytesAndLabels() {
    PhotoGenerator again = PhotoGenerator.seeded(11).sized(480, 640);

    for (int index : new int[] {7, 3, 1}) {
      GeneratedPhoto first = PHOTOS.get(index - 1);
      GeneratedPhoto second = again.photo(index);
      assertThat(second.jpeg()).isEqualTo(first.jpeg());
      assertThat(second.tags()).isEqualTo(first.tags());
    }
  }

  @Test
  void photo_neighbouringSeed_sharesNothing() {
    PhotoGenerator neighbour = PhotoGenerator.seeded(12).sized(480, 640);

    for (int index = 1; index <= 5; index++) {
      List<TagTruth> tags = neighbour.photo(index).tags();
      assertThat(PHOTOS).noneMatch(photo -> !tags.isEmpty() && photo.tags().equals(tags));
    }
  }

  @Test
  void photo_decoded_hasTheSizeItClaims() throws IOException {
    for (GeneratedPhoto photo : PHOTOS.subList(0, 5)) {
      BufferedImage image = ImageIO.read(new ByteArrayInputStream(photo.jpeg()));
      assertThat(List.of(image.getWidth(), image.getHeight()))
          .containsExactly(photo.width(), photo.height());
    }
  }

  @Test
  void readablePrice_always_liesInsideThePhotoAndCarriesItsText() {
    for (GeneratedPhoto photo : PHOTOS) {
      for (TagTruth tag : photo.tags()) {
        if (tag.readable()) {
          FieldTruth price = tag.field("price").orElseThrow();
          assertThat(price.text()).matches("[€$£]?\\d{1,5}(\\.\\d\\d)?[₽€$₸]?");
          Outline outline = price.outline();
          // the frame may shave off what a reader can do without
          double slack =
              1
                  + 0.16
                      * Math.max(
                          outline.box().bottom() - outline.box().top(),
                          outline.topLeft().distance(outline.bottomLeft()));
          assertThat(outline.corners()).allMatch(corner -> inside(corner, photo, slack));
        }
      }
    }
  }

  @Test
  void fields_exceptDecoration_lieOnTheirTag() {
    for (GeneratedPhoto photo : PHOTOS) {
      for (TagTruth tag : photo.tags()) {
        double slack = 1 + 0.06 * tag.outline().topLeft().distance(tag.outline().bottomLeft());
        for (FieldTruth field : tag.fields()) {
          assertThat(field.outline().corners())
              .as("%s of %s", field.kind(), tag.layout())
              .allMatch(corner -> near(corner, tag.outline(), slack));
        }
      }
    }
  }

  @Test
  void hardNegative_always_carriesNoTag() {
    PhotoGenerator negatives = GENERATOR.only(SceneKind.HARD_NEGATIVE);

    assertThat(IntStream.range(0, 6).mapToObj(negatives::photo))
        .allMatch(photo -> photo.tags().isEmpty());
  }

  @Test
  void layouts_trainingAndHeldOut_areDisjointAndKeptTo() {
    PhotoGenerator heldOut = GENERATOR.heldOutLayouts();

    assertThat(GENERATOR.layoutNames()).hasSizeGreaterThanOrEqualTo(14).doesNotHaveDuplicates();
    assertThat(heldOut.layoutNames())
        .hasSize(4)
        .doesNotContainAnyElementsOf(GENERATOR.layoutNames());
    assertThat(PHOTOS.stream().flatMap(photo -> photo.tags().stream()).map(TagTruth::layout))
        .isSubsetOf(GENERATOR.layoutNames());
    assertThat(
            IntStream.range(0, 6)
                .mapToObj(heldOut::photo)
                .flatMap(photo -> photo.tags().stream())
                .map(TagTruth::layout))
        .isNotEmpty()
        .isSubsetOf(heldOut.layoutNames());
  }

  @Test
  void withTags_anyNumber_showsExactlySoManyReadableOnes() {
    GeneratedPhoto photo = GENERATOR.sized(1600, 1200).withTags(32).photo(1);

    assertThat(photo.width()).isEqualTo(1600);
    assertThat(photo.tags()).hasSize(32).allMatch(tag -> tag.readable() && !tag.truncated());
  }

  @Test
  void row_ofAPhoto_splitsThePriceAsItsFieldSays() {
    for (GeneratedPhoto photo : PHOTOS) {
      for (JsonNode tag : new LabelRow(photo).json("x.jpg").get("tags")) {
        if (tag.has("rub")) {
          String minor = tag.get("kop").asText();
          assertThat(tag.get("rub").asText() + (minor.isEmpty() ? "" : "." + minor))
              .isEqualTo(field(tag, "price").get("text").asText().replaceAll("[₽€$£₸]", ""));
        }
        if (tag.has("price_box")) {
          assertThat(tag.get("price_box"))
              .allMatch(side -> side.asDouble() >= 0 && side.asDouble() <= 1);
        }
      }
    }
  }

  @Test
  void folder_anyNumberOfThreads_holdsTheSame(@TempDir Path folder) throws IOException {
    PhotoGenerator small = GENERATOR.sized(320, 240);
    new PhotoFolder(small, folder.resolve("one")).write(6, 1);
    new PhotoFolder(small, folder.resolve("two")).write(6, 2);

    for (String file : List.of("labels.jsonl", "images/000001.jpg", "images/000006.jpg")) {
      assertThat(folder.resolve("two").resolve(file))
          .hasSameBinaryContentAs(folder.resolve("one").resolve(file));
    }
    assertThat(Files.readAllLines(folder.resolve("one/labels.jsonl"))).hasSize(6);
  }

  @Test
  void tagScene_always_showsOneTagThatFillsMostOfThePhoto() {
    PhotoGenerator tags = PhotoGenerator.seeded(11).only(SceneKind.TAG);

    for (int index = 0; index < 12; index++) {
      GeneratedPhoto photo = tags.photo(index);
      assertThat(photo.tags()).hasSize(1);
      Box box = photo.tags().get(0).outline().box();
      assertThat(Math.max(box.height() / photo.height(), box.width() / photo.width()))
          .isGreaterThan(0.6);
    }
  }

  @Test
  void withNames_half_areTheGivenOnesButForCaseAndDigits() {
    PhotoGenerator named =
        PhotoGenerator.seeded(11).only(SceneKind.TAG).withNames(List.of("Щавелиана 45г"));

    List<String> names =
        IntStream.range(0, 24)
            .mapToObj(named::photo)
            .flatMap(photo -> photo.tags().stream())
            .flatMap(tag -> tag.field("name").stream())
            .map(name -> name.text().toLowerCase(Locale.ROOT))
            .filter(name -> !name.isEmpty())
            .toList();

    assertThat(names).filteredOn(name -> name.startsWith("щавелиана")).hasSizeBetween(4, 20);
    assertThat(names).anyMatch(name -> !name.startsWith("щавелиана"));
  }

  @Test
  void sized_tooSmall_isRefused() {
    assertThatThrownBy(() -> GENERATOR.sized(10, 640))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot size photos: found 10 x 640, expected at least 64 x 64");
  }

  private static JsonNode field(JsonNode tag, String kind) {
    for (JsonNode field : tag.get("fields")) {
      if (field.get("kind").asText().equals(kind)) {
        return field;
      }
    }
    throw new AssertionError("no field " + kind);
  }

  private static boolean inside(Point corner, GeneratedPhoto photo, double slack) {
    return corner.x() >= -slack
        && corner.y() >= -slack
        && corner.x() <= photo.width() + slack
        && corner.y() <= photo.height() + slack;
  }

  private static boolean near(Point point, Outline outline, double slack) {
    List<Point> corners = outline.corners();
    for (int i = 0; i < 4; i++) {
      Point a = corners.get(i);
      Point b = corners.get((i + 1) % 4);
      double outward =
          ((b.x() - a.x()) * (point.y() - a.y()) - (b.y() - a.y()) * (point.x() - a.x()))
              / Math.max(1e-9, a.distance(b));
      if (outward < -slack) {
        return false;
      }
    }
    return true;
  }
}
