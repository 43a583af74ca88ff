package io.shelfmark.examples;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.shelfmark.inference.image.TestPictures;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** What a person sees who hands in what is no photo or no model, with the real recognizer. */
class BadInputTest {

  @TempDir Path folder;
  private final ByteArrayOutputStream stdout = new ByteArrayOutputStream();
  private final StringWriter stderr = new StringWriter();

  private int read(Object... arguments) {
    List<String> all = new ArrayList<>(Stream.of(arguments).map(Object::toString).toList());
    all.addAll(List.of("--out", folder.resolve("out").toString()));
    PrintStream out = new PrintStream(stdout, true, StandardCharsets.UTF_8);
    CommandLine command = new CommandLine(new ReadCommand(RecognizerOptions::open, out));
    return Main.commandLine(command)
        .setErr(new PrintWriter(stderr))
        .execute(all.toArray(String[]::new));
  }

  @Test
  void read_folderOfBadAndGoodFiles_readsTheGoodAndTellsOfEachBadOne() throws IOException {
    Path photos = Files.createDirectories(folder.resolve("photos"));
    byte[] jpeg = TestPictures.jpeg(300, 200);
    Files.write(photos.resolve("a-good.jpg"), jpeg);
    Files.writeString(photos.resolve("b-letter.jpg"), "Dear Sir");
    Files.write(photos.resolve("c-cut.jpg"), Arrays.copyOf(jpeg, jpeg.length / 2));
    Files.write(photos.resolve("d-empty.png"), new byte[0]);
    Files.write(photos.resolve("e-bomb.png"), TestPictures.pngOfSize(30_000, 30_000));
    Files.write(photos.resolve("f-gray.png"), TestPictures.png(64, 64));

    assertThat(read(photos, folder.resolve("gone.jpg"))).isEqualTo(1);

    JsonNode json = new ObjectMapper().readTree(folder.resolve("out/readings.json").toFile());
    assertThat(json).hasSize(7);
    assertThat(json.get(0).get("width").asInt()).isEqualTo(300);
    assertThat(json.get(5).get("width").asInt()).isEqualTo(64);
    List<String> errors = json.findValuesAsText("error");
    assertThat(errors).hasSize(5).allMatch(error -> error.startsWith("Cannot read photo "));
    assertThat(errors.get(0)).contains("found 8 bytes that begin with");
    assertThat(errors.get(1)).contains("expected the end marker of a JPEG");
    assertThat(errors.get(2)).contains("found 0 bytes");
    assertThat(errors.get(3)).contains("found 30000 x 30000 pixels, expected at most 100000000");
    assertThat(errors.get(4)).contains("found no such file");
    assertThat(stdout.toString(StandardCharsets.UTF_8).lines()).hasSize(2 + 7);
    assertThat(folder.resolve("out/report.html")).content().contains("5 could not be read");
    assertThat(folder.resolve("out")).isDirectoryNotContaining("glob:**.tmp");
  }

  @Test
  void read_modelsThatAreNone_isOneSentenceAndStatusOne() throws IOException {
    Path photo = Files.write(folder.resolve("a.png"), TestPictures.png(64, 64));
    Path empty = Files.createDirectories(folder.resolve("empty"));
    Path broken = Files.createDirectories(folder.resolve("broken"));
    Files.writeString(broken.resolve("field-detector.onnx"), "no model");

    assertThat(read(photo, "--models", empty)).isEqualTo(1);
    assertThat(read(photo, "--models", folder.resolve("gone"))).isEqualTo(1);
    assertThat(read(photo, "--models", broken)).isEqualTo(1);

    assertThat(stderr.toString().lines())
        .hasSize(3)
        .satisfiesExactly(
            line ->
                assertThat(line)
                    .startsWith("Cannot load models of " + empty + ": found none, expected tag-"),
            line ->
                assertThat(line)
                    .startsWith("Cannot load models of " + folder.resolve("gone") + ": found none"),
            line ->
                assertThat(line)
                    .startsWith("Cannot load model " + broken.resolve("field-detector.onnx"))
                    .endsWith("expected an ONNX model that ONNX Runtime can run"));
  }

  @Test
  void read_thresholds_areCheckedAndHandedOn() throws IOException {
    Path photo = Files.write(folder.resolve("a.png"), TestPictures.png(64, 64));

    assertThat(read(photo, "--minimum-price-confidence", "0.5", "--minimum-score", "1")).isZero();
    assertThat(read(photo, "--minimum-price-confidence", "1.5")).isEqualTo(2);
    assertThat(read(photo, "--minimum-price-confidence", "high")).isEqualTo(2);
    assertThat(read(photo, "--minimum-score", "-1")).isEqualTo(2);
    assertThat(stderr.toString())
        .contains("found '1.5', expected 0 to 1", "found 'high'", "found '-1'");
  }
}
