package io.shelfmark.inference.parsing;

import static org.assertj.core.api.Assertions.assertThat;

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

  @Property
  void fold_twice_changesNothing(@ForAll String text) {
    String folded = TextFolding.fold(text);

    assertThat(TextFolding.fold(folded)).isEqualTo(folded);
  }

  @Property
  void words_joined_areTheFoldedText(@ForAll String text) {
    assertThat(String.join("", TextFolding.words(text))).isEqualTo(TextFolding.fold(text));
  }
}
