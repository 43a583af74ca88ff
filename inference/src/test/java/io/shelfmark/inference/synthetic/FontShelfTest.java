package io.shelfmark.inference.synthetic;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class FontShelfTest {
  private static final FontShelf SHELF = FontShelf.load();

  private static Stream<Typeface> all() {
    return Stream.of(SHELF.bold(), SHELF.plain(), SHELF.narrow(), SHELF.mono(), SHELF.serif())
        .flatMap(List::stream);
  }

  @Test
  void faces_ofTheShelf_areManyFamilies() {
    Set<String> families =
        all().map(face -> face.name().replaceAll("-.*", "")).collect(Collectors.toSet());
    assertThat(all().map(Typeface::name).distinct()).hasSizeGreaterThan(20);
    assertThat(families).hasSizeGreaterThanOrEqualTo(8);
  }

  @Test
  void glyph_ofEveryCharacterThatTagsPrint_hasInk() {
    all()
        .forEach(
            face ->
                "АБЯЖабвщъыь0123456789₽€$₸%№"
                    .chars()
                    .forEach(
                        c ->
                            assertThat(face.glyph(c).outline().getBounds2D().getHeight())
                                .as("%s of %s", Character.toString(c), face.name())
                                .isGreaterThan(0.2)));
  }

  @Test
  void outline_ofACapital_isAsHighAsAsked() {
    all()
        .forEach(
            face ->
                assertThat(face.outline("Н", 40, 0).getBounds2D().getHeight())
                    .isBetween(39.0, 41.0));
  }
}
