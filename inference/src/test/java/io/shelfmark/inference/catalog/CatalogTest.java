package io.shelfmark.inference.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shelfmark.inference.Barcode;
import io.shelfmark.inference.Barcode.Symbology;
import io.shelfmark.inference.Box;
import io.shelfmark.inference.Detection;
import io.shelfmark.inference.Outline;
import io.shelfmark.inference.PriceTag;
import io.shelfmark.inference.Recognized;
import io.shelfmark.inference.SaleUnit;
import io.shelfmark.inference.catalog.CatalogMatch.Basis;
import io.shelfmark.inference.catalog.CatalogMatch.Candidate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CatalogTest {

  private static final Catalog SHELF =
      catalog(
          "Чипсы LAYS краб 140г",
          "Чипсы LAYS краб 70г",
          "Чипсы LAYS бекон 140г",
          "Молоко ДОМИК В ДЕРЕВНЕ 3,2% 930мл",
          "Молоко ДОМИК В ДЕРЕВНЕ 2,5% 930мл",
          "Вода ЕССЕНТУКИ №4 0,5л",
          "Вода ЕССЕНТУКИ №17 0,5л",
          "Масло сливочное 0,5кг");

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "чипсы LАУS КРАБ 140 Г | Чипсы LAYS краб 140г",
        "Чилсы LАУS крэб 14Ог | Чипсы LAYS краб 140г",
        "ЧипсыLАУS бекон 140г | Чипсы LAYS бекон 140г",
        "Молоко ДОМИК В ДЕРЕВНЕ 3.2% 930МЛ | Молоко ДОМИК В ДЕРЕВНЕ 3,2% 930мл",
        "Молоко ДОМИК В ДЕРЕВНЕ 2,5% 0,93л | Молоко ДОМИК В ДЕРЕВНЕ 2,5% 930мл",
        "Масло сливочное 500г | Масло сливочное 0,5кг"
      })
  void matchName_readWithErrors_isFound(String read, String name) {
    CatalogMatch match = SHELF.matchName(read).orElseThrow();

    assertThat(match.sku().name()).isEqualTo(name);
    assertThat(match.basis()).isEqualTo(Basis.NAME);
    assertThat(match.score()).isBetween(0.78, 1.0);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Чипсы LAYS краб 225г",
        "Чипсы LAYS паприка 140г",
        "Молоко ДОМИК В ДЕРЕВНЕ 6% 930мл",
        "Сок яблочный 1л",
        "140г",
        "''"
      })
  void matchName_productNotInCatalog_isEmpty(String read) {
    assertThat(SHELF.matchName(read)).isEmpty();
  }

  @Test
  void matchName_partThatTellsProductsApartUnread_isEmpty() {
    assertThat(SHELF.matchName("Чипсы LAYS краб")).isEmpty();
    assertThat(
            catalog("Сыр РОССИЙСКИЙ 200г", "Сыр РОССИЙСКИЙ 200 г").matchName("Сыр РОССИЙСКИЙ 200г"))
        .isEmpty();
  }

  @Test
  void matchName_found_hasFiveAlternativesAtMostTheBestFirst() {
    CatalogMatch match = SHELF.matchName("Чипсы LAYS краб 140г").orElseThrow();

    assertThat(match.score()).isEqualTo(1);
    assertThat(match.alternatives())
        .hasSizeBetween(2, 5)
        .doesNotContain(new Candidate(match.sku(), 1));
    assertThat(match.alternatives().stream().map(Candidate::score).toList())
        .isSortedAccordingTo((a, b) -> Double.compare(b, a));
  }

  @Test
  void candidates_noMatch_areGivenAllTheSame() {
    assertThat(SHELF.candidates("Чипсы LAYS краб 225г")).hasSizeBetween(2, 6);
    assertThat(catalog().candidates("Чипсы")).isEmpty();
    assertThat(catalog("").matchName("")).isEmpty();
  }

  @Test
  void match_barcodeKnown_winsOverName() {
    Sku cola = Sku.of("cola", "Напиток 1л").withBarcode("036000291452");
    Catalog catalog = Catalog.of(List.of(cola, Sku.of("milk", "Молоко 1л")));

    PriceTag tag = tag("Молоко 1л", new Barcode(Symbology.EAN_13, "0036000291452"));

    assertThat(catalog.match(tag)).contains(new CatalogMatch(cola, 1, Basis.BARCODE, List.of()));
  }

  @Test
  void match_barcodeUnknownOrShared_goesByName() {
    Sku one = Sku.of("1", "Молоко 1л").withBarcode("96385074");
    Sku two = Sku.of("2", "Кефир 1л").withBarcode("96385074");
    Catalog catalog = Catalog.of(List.of(one, two));

    assertThat(
            catalog
                .match(tag("Кефир 1л", new Barcode(Symbology.EAN_8, "96385074")))
                .orElseThrow()
                .sku())
        .isEqualTo(two);
    assertThat(
            catalog
                .match(tag("Кефир 1л", new Barcode(Symbology.QR, "https://example.org/1")))
                .orElseThrow()
                .sku())
        .isEqualTo(two);
    assertThat(catalog.matchBarcode("96385074")).isEmpty();
    assertThat(catalog.matchBarcode("")).isEmpty();
  }

  @Test
  void match_barcodeShared_goesByNameAmongThese() {
    Sku one = Sku.of("1", "Молоко 1л").withBarcode("96385074");
    Sku two = Sku.of("2", "Кефир 1л").withBarcode("96385074");
    Sku third = Sku.of("3", "Кефир топлёный 1л");
    Catalog catalog = Catalog.of(List.of(one, two, third));
    Barcode shared = new Barcode(Symbology.EAN_8, "96385074");

    CatalogMatch match = catalog.match(tag("Кефир 1л", shared)).orElseThrow();

    assertThat(match.sku()).isEqualTo(two);
    assertThat(match.basis()).isEqualTo(Basis.NAME);
    assertThat(match.alternatives()).extracting(Candidate::sku).containsExactly(one);
    assertThat(catalog.match(tag("Кефир топлёный 1л", shared))).isEmpty();
    PriceTag nameless =
        PriceTag.builder(detection()).barcode(new Recognized<>(shared, 0.99)).build();
    assertThat(catalog.match(nameless)).isEmpty();
  }

  @Test
  void matchBarcode_severalCodesInAnyGrouping_areOneProduct() {
    Sku milk =
        Sku.of("milk", "Молоко 1л")
            .withBarcode("4 600051-000057")
            .withBarcode("4600051000057")
            .withBarcode("036000291452")
            .withBarcode("");
    Catalog catalog = Catalog.of(List.of(milk, Sku.of("tea", "Чай").withBarcode("PLU-731")));

    for (String code : List.of("4600051000057", "0036000291452", " 036000 291452 ")) {
      assertThat(catalog.matchBarcode(code).orElseThrow().sku()).isEqualTo(milk);
    }
    assertThat(catalog.matchBarcode("PLU-731").orElseThrow().sku().id()).isEqualTo("tea");
    assertThat(catalog.matchBarcode("731")).isEmpty();
    assertThat(catalog.matchBarcode("000")).isEmpty();
  }

  @Test
  void match_priceForAHundredGrams_isNearerToAKilogramThanToAPiece() {
    Sku piece = Sku.of("1", "Томаты красные").withUnit(SaleUnit.PIECE);
    Sku kilogram = Sku.of("2", "Томаты красные").withUnit(SaleUnit.KILOGRAM);
    PriceTag tag =
        PriceTag.builder(detection())
            .name(new Recognized<>("Томаты красные", 0.9))
            .unit(new Recognized<>(SaleUnit.HUNDRED_GRAMS, 0.9))
            .build();

    CatalogMatch match = Catalog.of(List.of(piece, kilogram)).match(tag).orElseThrow();

    assertThat(match.sku()).isEqualTo(kilogram);
    assertThat(match.score()).isEqualTo(0.98);
    assertThat(match.alternatives()).containsExactly(new Candidate(piece, 0.95));
    assertThat(Catalog.of(List.of(piece)).match(tag).orElseThrow().score()).isEqualTo(0.95);
  }

  @Test
  void matchName_endlessText_isCutOff() {
    String name = "Чипсы LAYS краб 140г";

    assertThat(SHELF.matchName((name + " ").repeat(50_000))).isEmpty();
    assertThat(catalog(name.repeat(50_000)).matchName(name.repeat(50_000))).isPresent();
  }

  @Test
  void match_unitDiffers_decidesBetweenEqualNames() {
    Sku piece = Sku.of("1", "Томаты красные").withUnit(SaleUnit.PIECE);
    Sku kilogram = Sku.of("2", "Томаты красные").withUnit(SaleUnit.KILOGRAM);
    PriceTag tag =
        PriceTag.builder(detection())
            .name(new Recognized<>("Томаты красные", 0.9))
            .unit(new Recognized<>(SaleUnit.KILOGRAM, 0.9))
            .build();

    assertThat(Catalog.of(List.of(piece, kilogram)).match(tag).orElseThrow().sku())
        .isEqualTo(kilogram);
  }

  @Test
  void match_nothingRead_isEmpty() {
    assertThat(SHELF.match(PriceTag.builder(detection()).build())).isEmpty();
  }

  @Test
  void of_sameIdTwice_throws() {
    assertThatThrownBy(() -> Catalog.of(List.of(Sku.of("7", "Сок"), Sku.of("7", "Чай"))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot make catalog: found SKU 7 twice, expected unique ids");
    assertThatThrownBy(() -> Sku.of(" ", "Сок"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot make SKU 'Сок': found a blank id, expected the retailer's number");
  }

  @Test
  void matchName_misreadAmongManyProducts_isFoundAndAbstainsWhenTakenOut() {
    CatalogNames names = new CatalogNames(7);
    List<String> all = names.invented(20_000);
    List<String> asked = all.subList(0, 300);
    List<String> read = asked.stream().map(name -> names.misread(name, 0.05)).toList();
    Catalog full = catalog(all.toArray(String[]::new));
    Catalog without = catalog(all.subList(300, all.size()).toArray(String[]::new));

    long right =
        IntStream.range(0, 300).filter(i -> finds(full, read.get(i), asked.get(i))).count();
    long wrong =
        IntStream.range(0, 300).filter(i -> without.matchName(read.get(i)).isPresent()).count();

    assertThat(right).isGreaterThanOrEqualTo(280);
    assertThat(wrong).isLessThanOrEqualTo(9);
  }

  @Test
  void matchName_manyThreads_agree() {
    List<String> names = new CatalogNames(8).invented(500);
    Catalog catalog = catalog(names.toArray(String[]::new));

    assertThat(
            IntStream.range(0, 2000)
                .parallel()
                .allMatch(i -> finds(catalog, names.get(i % 500), names.get(i % 500))))
        .isTrue();
  }

  private static boolean finds(Catalog catalog, String read, String name) {
    Optional<CatalogMatch> match = catalog.matchName(read);
    return match.isPresent() && match.get().sku().name().equals(name);
  }

  private static Catalog catalog(String... names) {
    List<Sku> skus = new ArrayList<>();
    for (String name : names) {
      skus.add(Sku.of("sku-" + skus.size(), name));
    }
    return Catalog.of(skus);
  }

  private static PriceTag tag(String name, Barcode code) {
    return PriceTag.builder(detection())
        .name(new Recognized<>(name, 0.9))
        .barcode(new Recognized<>(code, 0.99))
        .build();
  }

  private static Detection detection() {
    return new Detection(Outline.of(new Box(0, 0, 10, 5)), 0.9);
  }
}
