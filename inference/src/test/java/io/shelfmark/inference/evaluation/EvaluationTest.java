package io.shelfmark.inference.evaluation;

import static io.shelfmark.inference.evaluation.FakeRecognizer.rub;
import static io.shelfmark.inference.evaluation.FakeRecognizer.tag;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.shelfmark.inference.PriceCondition;
import io.shelfmark.inference.Recognized;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EvaluationTest {

  private static final String TAG =
      "{\"main\": %s, \"price_box\": [%s, %s, %s, %s], \"rub\": \"219\", \"kop\": \"50\"%s}";

  @TempDir Path folder;
  private final FakeRecognizer recognizer = new FakeRecognizer();
  private final List<String> rows = new ArrayList<>();

  @BeforeEach
  void picture() throws IOException {
    BufferedImage image = new BufferedImage(100, 100, BufferedImage.TYPE_INT_RGB);
    for (String name : List.of("a.png", "b.png", "c.png")) {
      ImageIO.write(image, "png", folder.resolve(name).toFile());
    }
  }

  private void row(String file, String chain, String... tags) {
    rows.add(
        "{\"file\": \"%s\", \"chain\": \"%s\", \"group\": \"g\", \"tags\": [%s]}"
            .formatted(file, chain, String.join(", ", tags)));
  }

  private static String label(boolean main, double left, double top, String more) {
    return TAG.formatted(main, left, top, left + 0.1, top + 0.1, more);
  }

  private EvaluationReport run() throws IOException {
    Path labels = folder.resolve("labels.jsonl");
    Files.write(labels, rows);
    return Evaluation.of(recognizer).run(Labels.read(labels), ProgressListener.none());
  }

  @Test
  void run_exactPrice_isCountedInAllMainAndChain() throws IOException {
    row("a.png", "X", label(true, 0.1, 0.1, ""), label(false, 0.6, 0.6, ""));
    recognizer.answer("a.png", tag(0, 0, 30, 30).price(rub(21950, 0.9)).build());

    EvaluationReport report = run();

    assertThat(report.all().priceExact()).isEqualTo(new Ratio(1, 2));
    assertThat(report.all().detectionRecall()).isEqualTo(new Ratio(1, 2));
    assertThat(report.all().kopecksNon99Exact()).isEqualTo(new Ratio(1, 2));
    assertThat(report.scores().get("main").priceExact()).isEqualTo(new Ratio(1, 1));
    assertThat(report.scores().get("X").priceExact()).isEqualTo(new Ratio(1, 2));
    assertThat(report.all().falseReadings()).isZero();
  }

  @Test
  void run_wrongKopecks_keepsRublesAndIsFalseReading() throws IOException {
    row("a.png", "X", label(true, 0.1, 0.1, ""));
    recognizer.answer("a.png", tag(0, 0, 30, 30).price(rub(21999, 0.9)).build());

    Scores scores = run().all();

    assertThat(scores.priceExact()).isEqualTo(new Ratio(0, 1));
    assertThat(scores.rublesExact()).isEqualTo(new Ratio(1, 1));
    assertThat(scores.kopecksExact()).isEqualTo(new Ratio(0, 1));
    assertThat(scores.falseReadings()).isEqualTo(1);
  }

  @Test
  void run_unreadPrice_isWrongAndNotFalse() throws IOException {
    row("a.png", "X", label(true, 0.1, 0.1, ""));
    recognizer.answer("a.png", tag(0, 0, 30, 30).build());

    Scores scores = run().all();

    assertThat(scores.detectionRecall()).isEqualTo(new Ratio(1, 1));
    assertThat(scores.priceExact()).isEqualTo(new Ratio(0, 1));
    assertThat(scores.coverage().covered()).isEqualTo(new Ratio(0, 1));
    assertThat(scores.falseReadings()).isZero();
  }

  @Test
  void run_twoTagsOnOneLabel_takesTheSurerAndCountsTheOtherAsFalse() throws IOException {
    row("a.png", "X", label(true, 0.1, 0.1, ""));
    recognizer.answer(
        "a.png",
        tag(0, 0, 30, 30).price(rub(100, 0.6)).build(),
        tag(5, 5, 35, 35).price(rub(21950, 0.9)).build());

    Scores scores = run().all();

    assertThat(scores.priceExact()).isEqualTo(new Ratio(1, 1));
    assertThat(scores.falsePrices()).isZero();
    assertThat(scores.falseTags()).isEqualTo(1);
  }

  @Test
  void run_hardAndTruncatedLabels_areNotScoredAndHideReadings() throws IOException {
    row(
        "a.png",
        "X",
        label(true, 0.1, 0.1, ", \"price_legibility\": \"hard\""),
        label(false, 0.6, 0.6, ", \"truncated\": true"));
    recognizer.answer(
        "a.png",
        tag(0, 0, 30, 30).price(rub(100, 0.6)).build(),
        tag(2, 2, 30, 30).price(rub(100, 0.5)).build(),
        tag(50, 50, 80, 80).price(rub(100, 0.6)).build());

    EvaluationReport report = run();

    assertThat(report.all().tags()).isZero();
    assertThat(report.all().falseReadings()).isZero();
    assertThat(report.scores().get("legibility hard").detectionRecall()).isEqualTo(new Ratio(1, 1));
  }

  @Test
  void run_outlinedPhoto_givesPrecisionAndIgnoresUnlabeledTags() throws IOException {
    row("a.png", "X", label(true, 0.1, 0.1, ""));
    row("b.png", "X", label(true, 0.1, 0.1, ""));
    Files.writeString(
        folder.resolve("outlines.jsonl"),
        "{\"file\": \"a.png\", \"tags\": [{\"tag_box\": [0, 0, 0.3, 0.3]}, {\"tag_box\": [0.5, 0.5, 0.8, 0.8]}]}");
    recognizer
        .answer(
            "a.png",
            tag(0, 0, 30, 30).price(rub(21950, 0.9)).build(),
            tag(52, 52, 80, 80).price(rub(100, 0.9)).build(),
            tag(0, 85, 10, 95).build())
        .answer("b.png", tag(0, 85, 10, 95).price(rub(100, 0.9)).build());

    Scores scores = run().all();

    assertThat(scores.detectionPrecision()).isEqualTo(new Ratio(1, 2));
    assertThat(scores.falseTags()).isEqualTo(1);
  }

  @Test
  void run_unknownKopecks_scoresRublesAlone() throws IOException {
    row(
        "a.png",
        "X",
        "{\"main\": true, \"price_box\": [0.1, 0.1, 0.2, 0.2], \"rub\": \"33\", \"price_legibility\": \"fair\"}");
    recognizer.answer("a.png", tag(0, 0, 30, 30).price(rub(3399, 0.9)).build());

    EvaluationReport report = run();

    assertThat(report.all().priceExact().of()).isZero();
    assertThat(report.all().rublesExact()).isEqualTo(new Ratio(1, 1));
    assertThat(report.all().falseReadings()).isZero();
    assertThat(report.scores().get("legibility fair").tags()).isEqualTo(1);
  }

  @Test
  void run_otherCurrency_needsTheCurrencyToo() throws IOException {
    row("a.png", "X", label(true, 0.1, 0.1, ", \"currency\": \"EUR\""));
    recognizer.answer("a.png", tag(0, 0, 30, 30).price(rub(21950, 0.9)).build());

    assertThat(run().all().priceExact()).isEqualTo(new Ratio(0, 1));
  }

  @Test
  void run_namesAndConditions_areFoldedAndCompared() throws IOException {
    row(
        "a.png",
        "X",
        label(
            true,
            0.1,
            0.1,
            ", \"name_lines\": [\"Мёд ЛИПА\", \"0.5 л\"], \"name_legibility\": \"good\", \"promo_text\": \"Цена по карте!\""),
        label(
            false,
            0.6,
            0.6,
            ", \"name_lines\": [\"не читать\"], \"name_inferred\": true, \"promo_text\": \"СКИДКА -33%\""));
    recognizer.answer(
        "a.png",
        tag(0, 0, 30, 30)
            .name(new Recognized<>("MЕД ЛИПА, 0,6л", 0.9))
            .condition(new Recognized<>(PriceCondition.card(), 0.9))
            .build(),
        tag(50, 50, 80, 80).discount(new Recognized<>(33, 0.9)).build());

    Scores scores = run().all();

    assertThat(scores.name().errors()).isEqualTo(1);
    assertThat(scores.name().characters()).isEqualTo(10);
    assertThat(scores.conditionExact()).isEqualTo(new Ratio(2, 2));
    assertThat(scores.discountExact()).isEqualTo(new Ratio(1, 1));
  }

  @Test
  void run_unreadablePhotos_countAsWithoutTags() throws IOException {
    row("a.png", "X", label(true, 0.1, 0.1, ""));
    row("missing.png", "X", label(true, 0.1, 0.1, ""));
    row("b.png", "X", label(true, 0.1, 0.1, ""));
    recognizer.answer("b.png", tag(0, 0, 30, 30).price(rub(21950, 0.9)).build());

    Scores scores = run().all();

    assertThat(scores.photos()).isEqualTo(3);
    assertThat(scores.unreadablePhotos()).isEqualTo(2);
    assertThat(scores.priceExact()).isEqualTo(new Ratio(1, 3));
  }

  @Test
  void run_photosWithoutTags_countThoseThatGotAPrice() throws IOException {
    row("a.png", "X");
    row("b.png", "X");
    row("c.png", "Y");
    row("missing.png", "X");
    Files.writeString(
        folder.resolve("outlines.jsonl"),
        "{\"file\": \"c.png\", \"tags\": [{\"tag_box\": [0.5, 0.5, 0.8, 0.8]}]}");
    recognizer
        .answer("a.png", tag(0, 0, 9, 9).price(rub(100, 0.5)).build(), tag(9, 9, 20, 20).build())
        .answer("b.png", tag(0, 0, 9, 9).build())
        .answer("c.png", tag(50, 50, 80, 80).price(rub(100, 0.5)).build());

    EvaluationReport report = run();

    assertThat(report.all().negativePhotosRead()).isEqualTo(new Ratio(1, 3));
    assertThat(report.scores().get("X").negativePhotosRead()).isEqualTo(new Ratio(1, 3));
    assertThat(report.scores().get("Y").negativePhotosRead()).isEqualTo(new Ratio(0, 0));
    assertThat(report.scores().get("main").negativePhotosRead()).isEqualTo(new Ratio(0, 0));
    assertThat(
            new ObjectMapper().readTree(report.json()).at("/all/negative_photos_read").asDouble())
        .isEqualTo(0.333333);
    assertThat(report.table()).contains("negative photos read       33.3 %  (1 of 3;");
  }

  @Test
  void run_time_coversReadingAlone() throws IOException {
    row("a.png", "X", label(true, 0.1, 0.1, ""));
    row("b.png", "X", label(true, 0.1, 0.1, ""));
    recognizer.answer("a.png").answer("b.png");
    Path labels = folder.resolve("labels.jsonl");
    Files.write(labels, rows);
    long[] now = {0};

    Scores scores =
        Evaluation.of(recognizer)
            .clock(() -> now[0] += 3_000_000)
            .run(Labels.read(labels), ProgressListener.none())
            .all();

    assertThat(scores.millisPerPhoto()).isEqualTo(3, within(1e-9));
    assertThat(recognizer.seen)
        .extracting(Object::toString)
        .containsExactly("a.png", "a.png", "b.png");
  }

  @Test
  void json_holdsEveryFigureOfTheFormat() throws IOException {
    row("a.png", "X", label(true, 0.1, 0.1, ""));
    recognizer.answer("a.png", tag(0, 0, 30, 30).price(rub(21950, 0.9)).build());
    Path out = folder.resolve("deep/scores.json");

    EvaluationReport report = run();
    report.writeJson(out);
    JsonNode json = new ObjectMapper().readTree(out.toFile());

    for (String slice : List.of("all", "main", "X")) {
      assertThat(json.get(slice).fieldNames())
          .toIterable()
          .contains(
              "photos",
              "tags",
              "detection_recall",
              "price_exact",
              "rubles_exact",
              "kopecks_non99_exact",
              "regular_price_exact",
              "name_cer",
              "coverage_at_995",
              "false_readings",
              "ms_per_photo");
    }
    assertThat(json.at("/all/price_exact").asDouble()).isEqualTo(1);
    assertThat(json.at("/all/name_cer").isNull()).isTrue();
    assertThat(json.at("/all/counts/price_exact/of").asInt()).isEqualTo(1);
    assertThat(json.at("/all/calibration/9/count").asInt()).isEqualTo(1);
    assertThat(report.table()).contains("slice").contains("X").contains("price exact");
  }

  @Test
  void writeFailures_showsPictureTruthAndReading() throws IOException {
    row("a.png", "X", label(true, 0.1, 0.1, ", \"name_lines\": [\"<b>&\"]"));
    row("b.png", "X", label(true, 0.1, 0.1, ""));
    recognizer
        .answer("a.png", tag(0, 0, 30, 30).price(rub(100, 0.9)).build())
        .answer("b.png", tag(70, 70, 80, 80).price(rub(100, 0.4)).build());
    Path out = folder.resolve("failures.html");

    run().writeFailures(out);

    assertThat(out)
        .content()
        .contains("3 failures")
        .contains("price: <b>219.50 RUB</b>, read <b>1.00 RUB</b>")
        .contains("price: <b>219.50 RUB</b>, read <b>not found</b>")
        .contains("price: <b>no labelled tag</b>, read <b>1.00 RUB</b>")
        .contains("&lt;b&gt;&amp;")
        .contains("data:image/jpeg;base64,")
        .doesNotContain("http");
  }

  @Test
  void and_twoReports_countsBoth() throws IOException {
    row("a.png", "X", label(true, 0.1, 0.1, ""));
    recognizer.answer("a.png", tag(0, 0, 30, 30).price(rub(21950, 0.9)).build());
    EvaluationReport right = run();
    rows.clear();
    row("b.png", "Y", label(true, 0.1, 0.1, ""));
    recognizer.answer("b.png", tag(0, 0, 30, 30).price(rub(100, 0.9)).build());

    EvaluationReport both = right.and(run());

    assertThat(both.all().json().path("photos").asInt()).isEqualTo(2);
    assertThat(both.all().json().path("price_exact").asDouble()).isEqualTo(0.5);
    assertThat(both.scores()).containsKeys("X", "Y");
  }
}
