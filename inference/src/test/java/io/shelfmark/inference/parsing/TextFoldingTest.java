package io.shelfmark.inference.parsing;

import static org.assertj.core.api.Assertions.assertThat;

import java.text.Normalizer;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class TextFoldingTest {

  @Test
  void fold_lookAlikesCaseSpacesAndSigns_areOne() {
    assertThat(TextFolding.fold("Сок COCA-Cola, 0.5Л"))
        .isEqualTo(TextFolding.fold("сок СОСА соlа 05л"));
    assertThat(TextFolding.fold("Мёд")).isEqualTo("мед").isEqualTo(TextFolding.fold("МЕ\u0308Д"));
    assertThat(TextFolding.fold("й"))
        .isEqualTo(TextFolding.fold("и\u0306"))
        .isNotEqualTo(TextFolding.fold("и"));
  }

  @Test
  void words_lettersAndDigits_areSeparate() {
    assertThat(TextFolding.words("-15% от 2шт., Ёж")).containsExactly("15", "от", "2", "шт", "еж");
    assertThat(TextFolding.words(" .!")).isEmpty();
  }

  @Test
  void fold_koreanLetterInPieces_isFoldedAlikeTwice() {
    String apart = "\u1100-\u1162,\u11a8";
    assertThat(TextFolding.fold(TextFolding.fold(apart))).isEqualTo(TextFolding.fold(apart));
    assertThat(TextFolding.fold("\uac00.\u11a8")).isEqualTo("\uac00");
  }

  @Property
  void fold_twice_changesNothing(@ForAll String text) {
    String folded = TextFolding.fold(text);

    assertThat(TextFolding.fold(folded)).isEqualTo(folded);
  }

  @Property
  void words_joined_areTheFoldedText(@ForAll String text) {
    assertThat(String.join("", TextFolding.words(text))).isEqualTo(TextFolding.fold(text));
  }

  @Test
  void isComposed_anyTwoSuchCharacters_areNormalized() {
    String composed =
        IntStream.range(0, Character.MAX_VALUE)
            .filter(c -> TextFolding.isComposed((char) c))
            .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
            .toString();

    assertThat(composed).contains("Ж", "ё", "№", "₽", "—");
    assertThat(composed.chars())
        .allSatisfy(
            first -> {
              StringBuilder pairs = new StringBuilder();
              composed.chars().forEach(c -> pairs.append((char) first.intValue()).append((char) c));
              assertThat(Normalizer.isNormalized(pairs, Normalizer.Form.NFC)).isTrue();
            });
  }

  @Property
  void compose_anyText_isNormalized(@ForAll String text) {
    assertThat(TextFolding.compose(text))
        .isEqualTo(Normalizer.normalize(text, Normalizer.Form.NFC));
  }
}
