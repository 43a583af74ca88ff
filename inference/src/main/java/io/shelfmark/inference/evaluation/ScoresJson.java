package io.shelfmark.inference.evaluation;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.math.RoundingMode;

/**
 * {@link Scores} as JSON: flat figures, null where there is nothing to count; counts and intervals
 * in {@code counts}.
 */
final class ScoresJson {

  private static final int DIGITS = 6;

  private final ObjectNode root = JsonNodeFactory.instance.objectNode();
  private final ObjectNode counts = JsonNodeFactory.instance.objectNode();

  private ScoresJson() {}

  static ObjectNode of(Scores scores) {
    return new ScoresJson().fill(scores);
  }

  private ObjectNode fill(Scores s) {
    root.put("photos", s.photos());
    root.put("tags", s.tags());
    ratio("detection_recall", s.detectionRecall());
    ratio("detection_precision", s.detectionPrecision());
    ratio("price_exact", s.priceExact());
    ratio("rubles_exact", s.rublesExact());
    ratio("kopecks_exact", s.kopecksExact());
    ratio("kopecks_non99_exact", s.kopecksNon99Exact());
    ratio("regular_price_exact", s.regularPriceExact());
    ratio("regular_rubles_exact", s.regularRublesExact());
    ratio("regular_price_invented", s.regularPriceInvented());
    name("name_cer", s.name());
    name("name_cer_fair", s.nameFair());
    ratio("name_exact", s.name().exactNames());
    ratio("condition_exact", s.conditionExact());
    ratio("unit_exact", s.unitExact());
    ratio("barcode_exact", s.barcodeExact());
    ratio("discount_exact", s.discountExact());
    ratio("coverage_at_995", s.coverage().covered());
    number(root, "coverage_threshold", s.coverage().threshold());
    root.put("false_readings", s.falseReadings());
    root.put("false_prices", s.falsePrices());
    root.put("false_tags", s.falseTags());
    ratio("negative_photos_read", s.negativePhotosRead());
    number(root, "calibration_error", s.calibration().expectedError());
    number(root, "corner_error_percent", s.cornerError());
    root.put("unreadable_photos", s.unreadablePhotos());
    number(root, "ms_per_photo", s.millisPerPhoto());
    root.set("counts", counts);
    root.set("calibration", calibration(s.calibration()));
    return root;
  }

  private void ratio(String name, Ratio ratio) {
    number(root, name, ratio.rate());
    ObjectNode count = counts.putObject(name);
    count.put("right", ratio.right());
    count.put("of", ratio.of());
    number(count, "low", ratio.low());
    number(count, "high", ratio.high());
  }

  private void name(String name, CharacterErrors errors) {
    number(root, name, errors.rate());
    ObjectNode count = counts.putObject(name);
    count.put("names", errors.names());
    count.put("errors", errors.errors());
    count.put("characters", errors.characters());
  }

  private static ArrayNode calibration(Calibration calibration) {
    ArrayNode bins = JsonNodeFactory.instance.arrayNode();
    for (Calibration.Bin bin : calibration.bins()) {
      ObjectNode node = bins.addObject();
      number(node, "low", bin.low());
      number(node, "high", bin.high());
      number(node, "mean_confidence", bin.meanConfidence());
      number(node, "accuracy", bin.right().rate());
      node.put("right", bin.right().right());
      node.put("count", bin.right().of());
    }
    return bins;
  }

  private static void number(ObjectNode node, String name, double value) {
    if (Double.isNaN(value)) {
      node.putNull(name);
    } else {
      node.put(
          name, BigDecimal.valueOf(value).setScale(DIGITS, RoundingMode.HALF_EVEN).doubleValue());
    }
  }
}
