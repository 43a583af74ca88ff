package io.shelfmark.inference.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shelfmark.inference.Box;
import io.shelfmark.inference.Point;
import io.shelfmark.inference.PriceCondition;
import io.shelfmark.inference.SaleUnit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LabelsTest {

  @TempDir Path folder;

  private Path write(String name, String... lines) throws IOException {
    return Files.writeString(folder.resolve(name), String.join("\n", lines));
  }

  private static LabeledTag only(Labels labels) {
    return labels.photos().get(0).tags().get(0);
  }

  private LabeledTag tag(String json) throws IOException {
    return only(Labels.read(write("l.jsonl", "{\"file\": \"a.jpg\", \"tags\": [" + json + "]}")));
  }

  @Test
  void read_rowOfRealData_keepsItsFields() throws IOException {
    Labels labels =
        Labels.read(
            write(
                "l.jsonl",
                "{\"file\": \"dev/a.jpg\", \"chain\": \"Магнит\", \"group\": \"g1\", \"natural_size\": [640, 853], \"tags\": ["
                    + "{\"main\": true, \"price_box\": [0.2, 0.4, 0.4, 0.6], \"rub\": \"52\", \"kop\": \"99\","
                    + " \"old_box\": [0, 0, 1, 1], \"old_rub\": \"62\", \"old_legibility\": \"fair\", \"price_legibility\": \"fair\","
                    + " \"name_box\": [0, 0, 1, 1], \"name_lines\": [\"А\", \"Б\"], \"name_legibility\": \"good\"}]}",
                ""));

    LabeledPhoto photo = labels.photos().get(0);
    assertThat(photo.path()).isEqualTo(folder.resolve("dev/a.jpg"));
    assertThat(photo.naturalSize()).contains(new LabeledPhoto.Size(640, 853));
    assertThat(photo.complete()).isFalse();
    LabeledTag tag = only(labels);
    assertThat(tag.anchor()).isEqualTo(new Point((0.2 + 0.4) / 2, 0.5));
    assertThat(tag.price().orElseThrow().full().orElseThrow().minor()).isEqualTo(5299);
    assertThat(tag.price().orElseThrow().legibility()).isEqualTo(Legibility.FAIR);
    assertThat(tag.regularPrice().orElseThrow()).hasToString("62.?? RUB");
    assertThat(tag.name().orElseThrow().text()).isEqualTo("А Б");
    assertThat(tag.condition().known()).isFalse();
    assertThat(tag.unit().known()).isFalse();
  }

  @Test
  void read_generatedRow_isComplete() throws IOException {
    LabeledPhoto photo =
        Labels.read(
                write(
                    "l.jsonl",
                    "{\"file\": \"a.jpg\", \"source\": \"generated\", \"natural_size\": [100, 200], \"tags\": ["
                        + "{\"corners\": [[10, 20], [30, 20], [30, 40], [10, 40]], \"readable\": false},"
                        + "{\"price_box\": [0, 0, 1, 1], \"rub\": \"500\", \"currency\": \"JPY\", \"layout\": \"wide\", \"unit\": \"кг\", \"condition\": {\"kind\": \"quantity\", \"quantity\": 3}}]}"))
            .photos()
            .get(0);

    assertThat(photo.complete()).isTrue();
    assertThat(photo.tags().get(0).scored()).isFalse();
    assertThat(photo.tags().get(0).outline().orElseThrow().box())
        .isEqualTo(new Box(0.1, 0.1, 0.3, 0.2));
    assertThat(photo.tags().get(0).condition()).isEqualTo(Truth.absent());
    assertThat(photo.tags().get(1).price().orElseThrow().full().orElseThrow())
        .hasToString("500 JPY");
    assertThat(photo.tags().get(1).condition()).isEqualTo(Truth.of(PriceCondition.quantity(3)));
    assertThat(photo.tags().get(1).unit()).isEqualTo(Truth.of(SaleUnit.KILOGRAM));
    assertThat(photo.tags().get(1).layout()).contains("wide");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "null",
      value = {
        "Цена за 1 шт. со скидкой по выручай-карте | CARD | 1",
        "Цена по карте! | CARD | 1",
        "-11%\\nПО КАРТЕ | CARD | 1",
        "-15% от 2 шт. Цена за 1 шт. при покупке от 2 шт. | QUANTITY | 2",
        "По карте при покупке от 3 шт | CARD_AND_QUANTITY | 3",
        "СКИДКА\\n-24% | null | 0",
        "Цена без карты | null | 0",
        "% низкая цена | null | 0"
      })
  void read_promoText_givesCondition(String promo, String kind, int quantity) throws IOException {
    LabeledTag tag = tag("{\"price_box\": [0, 0, 1, 1], \"promo_text\": \"" + promo + "\"}");

    assertThat(tag.condition())
        .isEqualTo(
            kind == null
                ? Truth.absent()
                : Truth.of(new PriceCondition(PriceCondition.Kind.valueOf(kind), quantity)));
  }

  @Test
  void read_giftPromo_leavesConditionUnknown() throws IOException {
    assertThat(tag("{\"price_box\": [0, 0, 1, 1], \"promo_text\": \"3+1\"}").condition().known())
        .isFalse();
  }

  @Test
  void read_promoTexts_areReadTogether() throws IOException {
    LabeledTag tag =
        tag(
            "{\"price_box\": [0, 0, 1, 1], \"promo_text\": \"-29% Скидка\", \"promo_texts\": [\"-29% Скидка\", \"Цена по карте!\"]}");

    assertThat(tag.condition()).isEqualTo(Truth.of(PriceCondition.card()));
    assertThat(tag.discount()).isEqualTo(Truth.of(29));
  }

  @ParameterizedTest
  @CsvSource({
    "шт, PIECE",
    "руб/кг, KILOGRAM",
    "за 100 г, HUNDRED_GRAMS",
    "₽/л, LITER",
    "LITER, LITER"
  })
  void read_unit_isUnderstood(String text, SaleUnit unit) throws IOException {
    assertThat(tag("{\"price_box\": [0, 0, 1, 1], \"unit\": \"" + text + "\"}").unit())
        .isEqualTo(Truth.of(unit));
  }

  @Test
  void with_extraFile_addsUnitAndBarcode() throws IOException {
    Labels labels =
        Labels.read(
            write("l.jsonl", "{\"file\": \"a.jpg\", \"tags\": [{\"price_box\": [0, 0, 1, 1]}]}"));

    LabeledTag tag =
        only(
            labels.with(
                write(
                    "extra.jsonl",
                    "{\"file\": \"a.jpg\", \"tags\": [{\"index\": 0, \"unit\": \"none\", \"barcode\": \"4600000000000\"}]}")));

    assertThat(tag.unit()).isEqualTo(Truth.absent());
    assertThat(tag.barcode()).isEqualTo(Truth.of("4600000000000"));
  }

  @Test
  void with_extraFileOfMissingTag_throws() throws IOException {
    Labels labels =
        Labels.read(
            write("l.jsonl", "{\"file\": \"a.jpg\", \"tags\": [{\"price_box\": [0, 0, 1, 1]}]}"));
    Path extra = write("e.jsonl", "{\"file\": \"a.jpg\", \"tags\": [{\"index\": 1}]}");

    assertThatThrownBy(() -> labels.with(extra))
        .isInstanceOf(LabelsException.class)
        .hasMessageContaining("found tag 1 of a.jpg, expected 0 to 0");
  }

  @Test
  void read_missingFile_throws() {
    assertThatThrownBy(() -> Labels.read(folder.resolve("none.jsonl")))
        .isInstanceOf(LabelsException.class)
        .hasMessageContaining("found no such file, expected JSON lines (check the path)");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "not json | found no JSON",
        "{} | found no 'file'",
        "{\"file\": \"a\", \"tags\": [{}]} | found a tag without price_box and corners",
        "{\"file\": \"a\", \"tags\": [{\"price_box\": [0,0,1,1], \"rub\": \"x\"}]} | found rub 'x'",
        "{\"file\": \"a\", \"tags\": [{\"price_box\": [0,0,1,1], \"currency\": \"RUR?\"}]} | found currency 'RUR?'",
        "{\"file\": \"a\", \"tags\": [{\"price_box\": [0,0,1,1], \"unit\": \"ведро\"}]} | found unit 'ведро'",
        "{\"file\": \"a\", \"tags\": [{\"price_box\": [0,0,1,1], \"price_legibility\": \"so\"}]} | found price_legibility 'so'"
      })
  void read_brokenLine_namesFileLineAndFinding(String line, String message) throws IOException {
    Path labels = write("l.jsonl", "", line);

    assertThatThrownBy(() -> Labels.read(labels))
        .isInstanceOf(LabelsException.class)
        .hasMessageContaining("l.jsonl line 2: " + message);
  }
}
