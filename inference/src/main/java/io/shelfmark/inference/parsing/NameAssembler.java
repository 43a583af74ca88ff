package io.shelfmark.inference.parsing;

import io.shelfmark.inference.Recognized;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Joins the lines of a product's name in reading order and gives Latin words their letters back.
 * Stateless.
 */
final class NameAssembler {

  private NameAssembler() {}

  /** The name, sure when all of its lines are; empty without a letter or digit. */
  static Optional<Recognized<String>> assemble(List<FieldText> lines) {
    List<FieldText> ordered =
        LineOrder.of(lines).stream()
            .filter(line -> !TextFolding.fold(line.text()).isEmpty())
            .toList();
    if (ordered.isEmpty()) {
      return Optional.empty();
    }
    String joined =
        ordered.stream().map(line -> line.text().strip()).collect(Collectors.joining(" "));
    double confidence =
        ordered.stream().mapToDouble(FieldText::confidence).reduce(1, (a, b) -> a * b);
    return Optional.of(
        new Recognized<>(ScriptRepair.repair(joined.replaceAll("\\s+", " ")), confidence));
  }
}
