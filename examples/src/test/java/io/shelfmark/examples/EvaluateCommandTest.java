package io.shelfmark.examples;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.shelfmark.inference.Box;
import io.shelfmark.inference.Detection;
import io.shelfmark.inference.Outline;
import io.shelfmark.inference.Price;
import io.shelfmark.inference.PriceTag;
import io.shelfmark.inference.Recognized;
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
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class EvaluateCommandTest {

  @TempDir Path folder;
  private final ByteArrayOutputStream stdout = new ByteArrayOutputStream();
  private final StringWriter stderr = new StringWriter();

  private int evaluate(String... arguments) {
    PriceTag tag =
        PriceTag.builder(new Detection(Outline.of(new Box(0, 0, 50, 50)), 0.9))
            .price(new Recognized<>(new Price(21999, Currency.getInstance("RUB")), 0.9))
            .build();
    FakeRecognizer recognizer = new FakeRecognizer().answer("a.png", 100, 100, tag);
    PrintStream out = new PrintStream(stdout, true, StandardCharsets.UTF_8);
    CommandLine command = new CommandLine(new EvaluateCommand(options -> recognizer, out));
    return Main.commandLine(command).setErr(new PrintWriter(stderr)).execute(arguments);
  }

  @Test
  void evaluate_labels_printsTableAndWritesJsonAndFailures() throws IOException {
    ImageIO.write(
        new BufferedImage(100, 75, BufferedImage.TYPE_INT_RGB),
        "png",
        folder.resolve("a.png").toFile());
    Path labels =
        Files.writeString(
            folder.resolve("l.jsonl"),
            "{\"file\": \"a.png\", \"chain\": \"Лента\", \"natural_size\": [100, 100], \"tags\": [{\"main\": true,"
                + " \"price_box\": [0.1, 0.1, 0.2, 0.2], \"rub\": \"219\", \"kop\": \"99\"}]}");
    Path json = folder.resolve("scores.json");
    Path failures = folder.resolve("failures.html");

    int status =
        evaluate(labels.toString(), "--json", json.toString(), "--failures", failures.toString());

    assertThat(status).isZero();
    assertThat(stdout.toString(StandardCharsets.UTF_8)).contains("Лента", "price exact");
    JsonNode scores = new ObjectMapper().readTree(json.toFile());
    assertThat(scores.at("/all/price_exact").asDouble()).isEqualTo(1);
    assertThat(scores.at("/main/tags").asInt()).isEqualTo(1);
    assertThat(scores.at("/Лента/photos").asInt()).isEqualTo(1);
    assertThat(failures).content().contains("0 failures");
  }

  @Test
  void evaluate_missingLabels_isOneSentenceAndStatusOne() {
    assertThat(evaluate(folder.resolve("none.jsonl").toString())).isEqualTo(1);
    assertThat(stderr.toString())
        .startsWith("Cannot read labels")
        .contains("expected JSON lines (check the path)")
        .hasLineCount(1);
  }

  @Test
  void evaluate_withoutLabels_isWrongUsage() {
    assertThat(evaluate()).isEqualTo(2);
    assertThat(stderr.toString()).contains("LABELS.jsonl");
  }

  @Test
  void evaluate_folderWithoutFolds_saysWhatIsMissing() throws IOException {
    Path labels = Files.writeString(folder.resolve("l.jsonl"), "");

    int status = evaluate(labels.toString(), "--out-of-fold", labels + "=" + folder);

    assertThat(status).isNotZero();
    assertThat(stderr.toString()).contains("Cannot load folds of", "found 0");
  }
}
