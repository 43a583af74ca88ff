package io.shelfmark.inference.evaluation;

import java.util.Locale;
import java.util.Map;

/**
 * The scores as text for a terminal: one row per slice, percentages with counts below for the
 * first.
 */
final class ReportTable {

  private ReportTable() {}

  static String of(EvaluationReport report) {
    StringBuilder text = new StringBuilder();
    int width = report.scores().keySet().stream().mapToInt(String::length).max().orElse(5);
    text.append(
        String.format(
            Locale.ROOT,
            "%-" + width + "s %6s %6s %7s %7s %7s %7s %7s %7s %7s %7s %7s %7s %7s %6s %8s%n",
            "slice",
            "photos",
            "tags",
            "recall",
            "price",
            "rubles",
            "kopecks",
            "non-99",
            "regular",
            "nameCER",
            "conditn",
            "unit",
            "barcode",
            "cov99.5",
            "false",
            "ms/photo"));
    for (Map.Entry<String, Scores> slice : report.scores().entrySet()) {
      Scores s = slice.getValue();
      if (s.tags() == 0 && !slice.getKey().equals("all")) {
        continue;
      }
      text.append(
          String.format(
              Locale.ROOT,
              "%-" + width + "s %6d %6d %7s %7s %7s %7s %7s %7s %7s %7s %7s %7s %7s %6d %8s%n",
              slice.getKey(),
              s.photos(),
              s.tags(),
              percent(s.detectionRecall().rate()),
              percent(s.priceExact().rate()),
              percent(s.rublesExact().rate()),
              percent(s.kopecksExact().rate()),
              percent(s.kopecksNon99Exact().rate()),
              percent(s.regularPriceExact().rate()),
              percent(s.name().rate()),
              percent(s.conditionExact().rate()),
              percent(s.unitExact().rate()),
              percent(s.barcodeExact().rate()),
              percent(s.coverage().covered().rate()),
              s.falseReadings(),
              Double.isNaN(s.millisPerPhoto())
                  ? "-"
                  : String.format(Locale.ROOT, "%.1f", s.millisPerPhoto())));
    }
    return text.append('\n').append(details(report.all())).toString();
  }

  private static String details(Scores s) {
    StringBuilder text = new StringBuilder("all tags, with 95 % intervals (Wilson):\n");
    line(text, "detection recall", s.detectionRecall());
    line(text, "detection precision", s.detectionPrecision());
    line(text, "price exact", s.priceExact());
    line(text, "rubles exact", s.rublesExact());
    line(text, "kopecks exact", s.kopecksExact());
    line(text, "kopecks other than 99", s.kopecksNon99Exact());
    line(text, "regular price exact", s.regularPriceExact());
    line(text, "regular price invented", s.regularPriceInvented());
    line(text, "name exact (good)", s.name().exactNames());
    line(text, "condition exact", s.conditionExact());
    line(text, "unit exact", s.unitExact());
    line(text, "barcode exact", s.barcodeExact());
    line(text, "discount exact", s.discountExact());
    line(text, "covered at 99.5 %", s.coverage().covered());
    line(text, "negative photos read", s.negativePhotosRead());
    text.append(
        String.format(
            Locale.ROOT,
            "  %-24s good %s %%, fair %s %%%n",
            "name CER",
            percent(s.name().rate()),
            percent(s.nameFair().rate())));
    text.append(
        String.format(
            Locale.ROOT,
            "  %-24s %d wrong prices, %d prices on no tag; unreadable photos: %d%n",
            "false readings",
            s.falsePrices(),
            s.falseTags(),
            s.unreadablePhotos()));
    text.append("calibration (confidence: right of readings):\n");
    for (Calibration.Bin bin : s.calibration().bins()) {
      if (bin.right().of() > 0) {
        text.append(
            String.format(
                Locale.ROOT,
                "  %.1f-%.1f  mean %.3f  right %s %%  (%d of %d)%n",
                bin.low(),
                bin.high(),
                bin.meanConfidence(),
                percent(bin.right().rate()),
                bin.right().right(),
                bin.right().of()));
      }
    }
    return text.toString();
  }

  private static void line(StringBuilder text, String name, Ratio ratio) {
    if (ratio.of() > 0) {
      text.append(
          String.format(
              Locale.ROOT,
              "  %-24s %6s %%  (%d of %d; %s to %s)%n",
              name,
              percent(ratio.rate()),
              ratio.right(),
              ratio.of(),
              percent(ratio.low()),
              percent(ratio.high())));
    }
  }

  private static String percent(double rate) {
    return Double.isNaN(rate) ? "-" : String.format(Locale.ROOT, "%.1f", 100 * rate);
  }
}
