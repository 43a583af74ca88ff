package io.shelfmark.examples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.shelfmark.inference.Box;
import io.shelfmark.inference.Detection;
import io.shelfmark.inference.Outline;
import io.shelfmark.inference.Price;
import io.shelfmark.inference.PriceTag;
import io.shelfmark.inference.Recognized;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Currency;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class ReadAllCommandTest {

  @TempDir Path temporary;
  private Path folder;
  private Path results;
  private final ByteArrayOutputStream stdout = new ByteArrayOutputStream();
  private final StringWriter stderr = new StringWriter();

  @BeforeEach
  void photos() throws IOException {
    folder = Files.createDirectories(temporary.resolve("photos"));
    results = temporary.resolve("results.jsonl");
    Files.writeString(folder.resolve("good.jpg"), "any");
    Files.writeString(Files.createDirectory(folder.resolve("x")).resolve("good.jpg"), "any");
    Files.writeString(folder.resolve("bad.jpg"), "any");
  }

  private int readAll(String... arguments) {
    PriceTag tag =
        PriceTag.builder(new Detection(Outline.of(new Box(0, 0, 50, 50)), 0.9))
            .price(new Recognized<>(new Price(21999, Currency.getInstance("RUB")), 0.9))
            .build();
    FakeRecognizer recognizer = new FakeRecognizer().answer("good.jpg", 100, 100, tag, tag);
    stdout.reset();
    CommandLine command =
        new CommandLine(
            new ReadAllCommand(options -> recognizer, new PrintStream(stdout, true, UTF_8)));
    return Main.commandLine(command).setErr(new PrintWriter(stderr)).execute(arguments);
  }

  @Test
  void readAll_folder_writesLinesAndTable() throws IOException {
    Path table = temporary.resolve("tags.parquet");

    int status =
        readAll(folder.toString(), "--out", results.toString(), "--parquet", table.toString());

    assertThat(status).isEqualTo(1);
    assertThat(Files.readAllLines(results))
        .hasSize(3)
        .anyMatch(line -> line.contains("\"file\":\"x/good.jpg\"") && line.contains("219.99"))
        .anyMatch(line -> line.contains("\"file\":\"bad.jpg\"") && line.contains("unreadable"));
    assertThat(Files.readAllBytes(table)).startsWith('P', 'A', 'R', '1');
    assertThat(stdout.toString(UTF_8))
        .contains("2 photos read, 1 failed, 0 on record already; 4 tags")
        .contains(table + ": 4 tags");
  }

  @Test
  void readAll_again_goesOn() throws IOException {
    readAll(folder.toString(), "--out", results.toString());
    Files.writeString(folder.resolve("new-good.jpg"), "any");

    int status = readAll(folder.toString(), "--out", results.toString());

    assertThat(status).isZero();
    assertThat(stdout.toString(UTF_8)).contains("1 photos read, 0 failed, 3 on record already");
    assertThat(Files.readAllLines(results)).hasSize(4);
  }

  @Test
  void readAll_photosThatFail_pointsAtTheReasons() {
    readAll(folder.toString(), "--out", results.toString());

    assertThat(stderr.toString()).contains("Why photos failed: \"error\" in " + results);
  }

  /** Most often the path is another one than was meant. */
  @Test
  void readAll_folderWithoutPictures_saysSo() throws IOException {
    Path empty = Files.createDirectory(temporary.resolve("empty"));

    assertThat(readAll(empty.toString(), "--out", results.toString())).isZero();

    assertThat(stderr.toString()).startsWith("Found no pictures in " + empty).hasLineCount(1);
  }

  @Test
  void readAll_tableInPlaceOfTheResults_isOneSentenceAndLeavesThem() throws IOException {
    int status =
        readAll(folder.toString(), "--out", results.toString(), "--parquet", results.toString());

    assertThat(status).isEqualTo(1);
    assertThat(stderr.toString()).contains("Cannot write table " + results);
    assertThat(Files.readAllLines(results)).hasSize(3);
  }

  @Test
  void readAll_missingFolder_isOneSentenceAndStatusOne() {
    assertThat(readAll(temporary.resolve("none").toString(), "--out", results.toString()))
        .isEqualTo(1);
    assertThat(stderr.toString()).startsWith("Cannot list photos of").hasLineCount(1);
  }
}
