package io.shelfmark.inference.synthetic;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A product's name as tags print it.
 *
 * @param words its words in order
 * @param note the small descriptor some chains print under the name, or empty
 */
record ProductName(List<String> words, String note) {

  static ProductName of(Dice dice, Lexicon lexicon) {
    if (!lexicon.names().isEmpty() && dice.chance(0.5)) {
      return given(dice, lexicon);
    }
    List<String> words = new ArrayList<>();
    if (dice.chance(0.12)) {
      words.add(dice.pick("БЗМЖ", "СЗМЖ", "ГОСТ"));
    }
    boolean brandFirst = dice.chance(0.3);
    if (brandFirst) {
      words.add(brand(dice, lexicon));
    }
    words.add(title(lexicon.word(dice, "product")));
    int adjectives = dice.weighted(35, 40, 20, 5);
    for (int i = 0; i < adjectives; i++) {
      words.add(abbreviated(dice, lexicon.word(dice, "adjective")));
    }
    if (!brandFirst && dice.chance(0.7)) {
      words.add(brand(dice, lexicon));
    }
    if (dice.chance(0.3)) {
      words.add(dice.pick("", "со вкусом ", "с ", "вкус ") + lexicon.exact(dice, "flavour"));
    }
    if (dice.chance(0.25)) {
      words.add(lexicon.exact(dice, "short"));
    }
    if (dice.chance(0.8)) {
      words.add(amount(dice));
    }
    if (dice.chance(0.12)) {
      words.add(lexicon.exact(dice, "short") + (dice.chance(0.4) ? "; " + dice.whole(1, 48) : ""));
    }
    int letters = dice.weighted(45, 40, 7, 8);
    words.replaceAll(word -> cased(word, letters));
    words.removeIf(String::isBlank);
    return new ProductName(List.copyOf(words), dice.chance(0.4) ? lexicon.exact(dice, "note") : "");
  }

  /** A name the caller gave; half of the time with other digits, so that amounts are read. */
  private static ProductName given(Dice dice, Lexicon lexicon) {
    StringBuilder name = new StringBuilder(dice.pick(lexicon.names()));
    boolean others = dice.chance(0.5);
    for (int i = 0; others && i < name.length(); i++) {
      if (Character.isDigit(name.charAt(i))) {
        name.setCharAt(i, dice.digits(1).charAt(0));
      }
    }
    int letters = dice.weighted(75, 20, 5);
    List<String> words = new ArrayList<>(List.of(name.toString().strip().split("\\s+")));
    words.replaceAll(word -> cased(word, letters));
    return new ProductName(List.copyOf(words), dice.chance(0.4) ? lexicon.exact(dice, "note") : "");
  }

  /**
   * The words set into at most {@code most} lines of about {@code width} letters; what does not fit
   * is dropped, as printers do.
   */
  List<String> lines(int width, int most) {
    List<String> lines = new ArrayList<>();
    StringBuilder line = new StringBuilder();
    for (String word : String.join(" ", words).split(" +")) {
      if (!line.isEmpty() && line.length() + 1 + word.length() > width) {
        lines.add(line.toString());
        line.setLength(0);
        if (lines.size() == most) {
          return lines;
        }
      }
      String fitting = word.length() > width ? word.substring(0, width) : word;
      line.append(line.isEmpty() ? "" : " ").append(fitting);
    }
    if (!line.isEmpty()) {
      lines.add(line.toString());
    }
    return lines;
  }

  private static String brand(Dice dice, Lexicon lexicon) {
    if (dice.chance(0.3)) {
      String latin = lexicon.exact(dice, "latin");
      return dice.chance(0.5) ? latin + " " + lexicon.exact(dice, "latin") : latin;
    }
    String brand = lexicon.word(dice, "brand");
    return switch (dice.weighted(45, 30, 15, 10)) {
      case 0 -> brand.toUpperCase(Locale.ROOT);
      case 1 -> title(brand);
      case 2 -> "\"" + title(brand) + "\"";
      default -> "«" + title(brand) + "»";
    };
  }

  private static String abbreviated(Dice dice, String word) {
    if (word.length() > 6 && dice.chance(0.22)) {
      return word.substring(0, dice.whole(3, 5)) + dice.pick(".", ".", "", "/");
    }
    return word;
  }

  private static String amount(Dice dice) {
    String weight =
        switch (dice.weighted(35, 15, 15, 15, 8, 12)) {
          case 0 -> dice.whole(3, 95) * 10 + gram(dice);
          case 1 -> dice.whole(35, 999) + gram(dice);
          case 2 ->
              "0"
                  + dice.pick(",", ".")
                  + dice.pick("2", "25", "3", "33", "45", "5", "7", "75", "9", "95")
                  + dice.pick("л", "Л", "л.", " л");
          case 3 ->
              dice.pick("1", "1,5", "2", "5", "1.5", "1,75", "0,5", "3")
                  + dice.pick("л", "кг", "КГ", " кг", "Л");
          case 4 -> dice.whole(2, 120) + dice.pick("шт", "пак", "п", "таб", " шт.", "рул");
          default -> dice.whole(1, 9) + dice.pick("x", "*", "х") + dice.whole(2, 50) + gram(dice);
        };
    if (dice.chance(0.25)) {
      String fat =
          dice.pick(
                  "0,5", "1,5", "2,5", "3,2", "3,6", "9", "15", "20", "25", "40", "45", "50",
                  "72,5", "82,5", "12", "4,7", "11")
              + "%";
      return dice.chance(0.4) ? fat + weight : fat + " " + weight;
    }
    return weight;
  }

  private static String gram(Dice dice) {
    return dice.pick("г", "г", "г", "Г", "гр", " г", "мл", "г.", "ГР");
  }

  private static String title(String word) {
    return word.isEmpty()
        ? word
        : word.substring(0, 1).toUpperCase(Locale.ROOT)
            + word.substring(1).toLowerCase(Locale.ROOT);
  }

  private static String cased(String word, int letters) {
    return switch (letters) {
      case 1 -> word.toUpperCase(Locale.ROOT);
      case 2 -> word.toLowerCase(Locale.ROOT);
      case 3 -> title(word);
      default -> word;
    };
  }
}
