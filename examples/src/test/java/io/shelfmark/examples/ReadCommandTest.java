package io.shelfmark.examples;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.shelfmark.inference.Barcode;
import io.shelfmark.inference.Box;
import io.shelfmark.inference.Detection;
import io.shelfmark.inference.Outline;
import io.shelfmark.inference.Price;
import io.shelfmark.inference.PriceCondition;
import io.shelfmark.inference.PriceTag;
import io.shelfmark.inference.Recognized;
import io.shelfmark.inference.SaleUnit;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Currency;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class ReadCommandTest {

  private static final Currency RUB = Currency.getInstance("RUB");
  private static final PriceTag FULL =
      PriceTag.builder(new Detection(Outline.of(new Box(40, 50, 160.255, 120)), 0.9))
          .price(new Recognized<>(new Price(21999, RUB), 0.98765))
          .regularPrice(new Recognized<>(new Price(25900, RUB), 0.9))
          .condition(new Recognized<>(PriceCondition.card(), 0.8))
          .unit(new Recognized<>(SaleUnit.HUNDRED_GRAMS, 0.7))
          .discount(new Recognized<>(15, 0.6))
          .name(new Recognized<>("Сыр <РОССИЙСКИЙ> & Ко", 0.5))
          .barcode(new Recognized<>(new Barcode(Barcode.Symbology.EAN_13, "4600000000008"), 1))
          .build();
  private static final PriceTag BARE =
      PriceTag.builder(new Detection(Outline.of(new Box(10, 130, 90, 180)), 0.4)).build();

  @TempDir Path folder;
  private final FakeRecognizer recognizer = new FakeRecognizer();
  private final ByteArrayOutputStream stdout = new ByteArrayOutputStream();

  private Path photo(String name) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    BufferedImage image = new BufferedImage(200, 200, BufferedImage.TYPE_INT_RGB);
    ImageIO.write(image, "png", file.toFile());
    return file;
  }

  private int read(Object... arguments) {
    PrintStream out = new PrintStream(stdout, true, StandardCharsets.UTF_8);
    CommandLine command = new CommandLine(new ReadCommand(options -> recognizer, out));
    String[] all = new String[arguments.length + 2];
    for (int i = 0; i < arguments.length; i++) {
      all[i] = arguments[i].toString();
    }
    all[arguments.length] = "--out";
    all[arguments.length + 1] = out().toString();
    return Main.commandLine(command).setErr(new PrintWriter(new StringWriter())).execute(all);
  }

  private Path out() {
    return folder.resolve("out");
  }

  private JsonNode json() throws IOException {
    return new ObjectMapper().readTree(out().resolve("readings.json").toFile());
  }

  @Test
  void read_fullTag_isWrittenInTheDocumentedFormat() throws IOException {
    Path file = photo("a.png");
    recognizer.answer("a.png", 200, 200, FULL, BARE);

    assertThat(read(file)).isZero();

    JsonNode photo = json().get(0);
    assertThat(photo.get("file").asText()).isEqualTo(file.toString());
    assertThat(photo.get("width").asInt()).isEqualTo(200);
    assertThat(photo.get("tags").get(0))
        .isEqualTo(
            new ObjectMapper()
                .readTree(
                    """
                    {"corners": [[40.0, 50.0], [160.26, 50.0], [160.26, 120.0], [40.0, 120.0]],
                     "price": {"minor": 21999, "currency": "RUB", "confidence": 0.9877},
                     "regular_price": {"minor": 25900, "currency": "RUB", "confidence": 0.9},
                     "condition": {"kind": "card", "quantity": 1, "confidence": 0.8},
                     "unit": "100 г", "unit_confidence": 0.7,
                     "discount": 15, "discount_confidence": 0.6,
                     "name": {"text": "Сыр <РОССИЙСКИЙ> & Ко", "confidence": 0.5},
                     "barcode": "4600000000008", "barcode_kind": "EAN_13", "barcode_confidence": 1.0,
                     "confidence": 0.9877}
                    """));
    assertThat(photo.get("tags").get(1).fieldNames())
        .toIterable()
        .containsExactly("corners", "confidence");
  }

  @Test
  void read_table_isAlignedAndNamesWhatWasRead() throws IOException {
    Path file = photo("a.png");
    recognizer.answer("a.png", 200, 200, FULL, BARE);

    read(file);

    String[] lines = stdout.toString(StandardCharsets.UTF_8).split("\\R");
    assertThat(lines[0]).contains("file", "price", "regular", "unit", "condition", "name", "conf");
    assertThat(lines[2]).contains("a.png", "219.99 ₽", "259.00 ₽", "100 г", "by card", "98%");
    assertThat(lines[2].length()).isEqualTo(lines[3].length());
  }

  @Test
  void draw_tags_areOutlinedInTheColorOfTheirConfidence() {
    BufferedImage photo = new BufferedImage(200, 200, BufferedImage.TYPE_INT_RGB);

    BufferedImage annotated = AnnotatedPhoto.draw(photo, List.of(FULL, BARE), PlateFont.load());

    assertThat(near(annotated, 100, 120, ConfidenceColor.SURE.color)).isTrue();
    assertThat(near(annotated, 50, 180, ConfidenceColor.UNREAD.color)).isTrue();
    assertThat(near(annotated, 180, 20, Color.BLACK)).isTrue();
    assertThat(near(photo, 100, 120, Color.BLACK)).isTrue();
  }

  private static boolean near(BufferedImage image, int x, int y, Color expected) {
    Color found = new Color(image.getRGB(x, y));
    return Math.abs(found.getRed() - expected.getRed()) < 60
        && Math.abs(found.getGreen() - expected.getGreen()) < 60
        && Math.abs(found.getBlue() - expected.getBlue()) < 60;
  }

  @Test
  void read_report_standsAloneAndEscapes() throws IOException {
    recognizer.answer("a.png", 200, 200, FULL, BARE);

    read(photo("a.png"), folder.resolve("missing.jpg"));

    assertThat(out().resolve("report.html"))
        .content()
        .contains("2 photos", "1 could not be read", "2 tags, 1 with a price")
        .contains("Сыр &lt;РОССИЙСКИЙ&gt; &amp; Ко")
        .contains("data:image/jpeg;base64,")
        .contains("aria-sort", "</html>")
        .doesNotContain("http", "src=\"/", "<link", "@import");
    assertThat(out()).isDirectoryNotContaining("glob:**.tmp");
  }

  @Test
  void read_someUnreadable_exitsWithOneAndTellsInJson() throws IOException {
    recognizer.answer("a.png", 200, 200);
    Path broken = photo("b.png");
    Path missing = folder.resolve("none.png");

    assertThat(read(broken, missing, photo("a.png"))).isEqualTo(1);

    assertThat(json()).hasSize(3);
    assertThat(json().get(0).get("error").asText()).contains("found <no> picture");
    assertThat(json().get(1).get("error").asText()).contains("found no such file");
    assertThat(json().get(2).get("tags")).isEmpty();
    assertThat(stdout.toString(StandardCharsets.UTF_8)).contains("(no tag in sight)");
    assertThat(out().resolve("a.annotated.jpg")).exists();
  }

  @Test
  void read_sameNameInTwoFolders_keepsBothOutputs() throws IOException {
    photo("shop/x/a.png");
    photo("shop/y/a.png");
    Files.writeString(folder.resolve("shop/notes.txt"), "no picture");
    recognizer.answer("a.png", 200, 200, FULL);

    assertThat(read(folder.resolve("shop"))).isZero();

    assertThat(json()).hasSize(2);
    assertThat(out().resolve("a.annotated.jpg")).exists();
    assertThat(out().resolve("a-2.annotated.jpg")).exists();
  }

  @Test
  void read_folderThatHoldsTheOutputs_leavesThemOut() throws IOException {
    photo("a.png");
    recognizer.answer("a.png", 200, 200, FULL);

    read(folder);
    read(folder);

    assertThat(json()).hasSize(1);
  }

  @Test
  void read_folderWithoutPictures_isWrongUsage() throws IOException {
    Files.createDirectories(folder.resolve("empty"));

    assertThat(read(folder.resolve("empty"))).isEqualTo(2);
  }

  @Test
  void read_unknownCurrency_isWrongUsage() throws IOException {
    assertThat(read(photo("a.png"), "--currency", "ROUBLES")).isEqualTo(2);
  }

  @Test
  void read_unknownOption_isWrongUsage() {
    assertThat(read("--nonsense")).isEqualTo(2);
  }
}
