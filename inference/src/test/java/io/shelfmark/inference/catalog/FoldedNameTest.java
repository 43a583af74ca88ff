package io.shelfmark.inference.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import io.shelfmark.inference.catalog.Quantity.Measure;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FoldedNameTest {

  @Test
  void of_name_closesUpWordsAndKeepsUnitsWithNumbers() {
    FoldedName name = FoldedName.of("Сок J-7, 0.97 Л");

    assertThat(name.spaced()).isEqualTo(" сок j 7 0,97л ");
    assertThat(name.quantities())
        .containsExactly(Quantity.of("7", ""), new Quantity("097", 970_000, Measure.VOLUME));
  }

  @Test
  void of_wordThatFoldsToNothing_isNone() {
    FoldedName name = FoldedName.of("\u1161 5 \u11a8 г");

    assertThat(name.letters()).isEqualTo("5г");
    assertThat(new NameSimilarity().between(name, name)).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({"14Ог, 140г", "К0фе, кофе", "ПИ8ОВАРНЯ, пивоварня", "ГА3, газ", "2З0 мл, 230мл"})
  void of_digitsAndLettersOfOneShape_areToldApart(String read, String letters) {
    assertThat(FoldedName.of(read).letters()).isEqualTo(FoldedName.of(letters).letters());
  }

  @ParameterizedTest
  @CsvSource({
    "'500', г, '0,5', кг, true",
    "'0.5', л, '500', мл, true",
    "'0,5', л, '05', л, true",
    "'500', г, '500', мл, false",
    "'3,2', %, '2,5', %, false",
    "'1', '', '1', шт, true"
  })
  void isSame_valueOrDigits_decide(String a, String unitA, String b, String unitB, boolean same) {
    assertThat(Quantity.of(a, unitA).isSame(Quantity.of(b, unitB))).isEqualTo(same);
    assertThat(Quantity.of(b, unitB).isSame(Quantity.of(a, unitA))).isEqualTo(same);
  }

  @Property
  void between_anyNameAndItself_isOneOrNothing(@ForAll String text) {
    FoldedName name = FoldedName.of(text);

    assertThat(new NameSimilarity().between(name, name))
        .isEqualTo(name.letters().isEmpty() ? 0 : 1);
  }

  @Property
  void between_anyTwoNames_isAScore(@ForAll String a, @ForAll String b) {
    assertThat(new NameSimilarity().between(FoldedName.of(a), FoldedName.of(b)))
        .isBetween(0.0, 1.0);
  }
}
