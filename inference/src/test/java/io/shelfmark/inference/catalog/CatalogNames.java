package io.shelfmark.inference.catalog;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Makes product names for tests and benchmarks, and misreads them as a recognizer would. Not
 * thread-safe.
 */
public final class CatalogNames {

  private static final List<String> GOODS =
      List.of(
          "Молоко",
          "Кефир",
          "Йогурт",
          "Сметана",
          "Творог",
          "Сыр",
          "Масло сливочное",
          "Хлеб",
          "Батон",
          "Печенье",
          "Вафли",
          "Шоколад",
          "Конфеты",
          "Чипсы",
          "Сухарики",
          "Сок",
          "Нектар",
          "Вода",
          "Напиток газ.",
          "Чай черный",
          "Кофе молотый",
          "Крупа гречневая",
          "Рис",
          "Макароны",
          "Мука",
          "Сахар",
          "Колбаса вареная",
          "Сосиски",
          "Ветчина",
          "Паштет",
          "Икра",
          "Сельдь",
          "Горошек",
          "Кукуруза",
          "Кетчуп",
          "Майонез",
          "Соус",
          "Мороженое",
          "Пельмени",
          "Блины",
          "Пиво светлое",
          "Вино красное",
          "Шампунь",
          "Мыло",
          "Порошок",
          "Салфетки",
          "Корм",
          "Гель");
  private static final List<String> KINDS =
      List.of(
          "",
          "классический",
          "с клубникой",
          "с вишней",
          "с персиком",
          "томатный",
          "с грибами",
          "с беконом",
          "нежный",
          "отборный",
          "фермерский",
          "со сливками",
          "копченый",
          "с зеленью",
          "острый",
          "ванильный",
          "с орехами",
          "тонкий",
          "детский",
          "легкий",
          "паприка",
          "краб",
          "лук",
          "лимон",
          "мята",
          "апельсин",
          "сыр",
          "ассорти");
  private static final List<String> SIZES =
      List.of(
          "50г",
          "70г",
          "100г",
          "125г",
          "140г",
          "180г",
          "200г",
          "250г",
          "300г",
          "350г",
          "400г",
          "450г",
          "500г",
          "800г",
          "930г",
          "1кг",
          "0,25л",
          "0,33л",
          "0,45л",
          "0,5л",
          "0,75л",
          "0,95л",
          "1л",
          "1,5л",
          "2л",
          "950мл",
          "3,2% 900г");
  private static final List<String> SYLLABLES =
      List.of(
          "БА", "ВЕ", "ГО", "ДА", "ЗИ", "КО", "ЛА", "МЕ", "НО", "ПА", "РО", "СА", "ТЕ", "ФИ", "ШО",
          "ЛИН", "ДОР", "САН", "ТАЛ", "КИН", "LA", "NE", "GO", "RI", "FU", "DOL", "VIT", "SUN");

  private static final String CONFUSED = "0О3З6б1l4ч8В5SИНИПШЩЬЪБВЕОЕСЛПЦШТГНКХЖ38560806687717";
  private static final String LETTERS = "АБВГДЕЖЗИКЛМНОПРСТУФХЦЧШЫЬЭЮЯ";
  private static final Pattern NUMBER = Pattern.compile("\\d+(?:[.,]\\d+)?");

  private final Random random;

  /** Names that {@code seed} alone decides. */
  public CatalogNames(long seed) {
    random = new Random(seed);
  }

  /** {@code count} different names of invented brands. */
  public List<String> invented(int count) {
    Set<String> names = new LinkedHashSet<>();
    while (names.size() < count) {
      String kind = pick(KINDS);
      names.add(
          pick(GOODS) + " " + brand() + (kind.isEmpty() ? "" : " " + kind) + " " + pick(SIZES));
    }
    return List.copyOf(names);
  }

  /** Names like those given but for one number or one word: what is easily taken for them. */
  public List<String> siblings(List<String> names, int count) {
    List<String> siblings = new ArrayList<>();
    while (siblings.size() < count) {
      String name = pick(names);
      siblings.add(random.nextBoolean() ? otherNumber(name) : otherWord(name));
    }
    return siblings;
  }

  /** {@code name} with about {@code rate} of its characters misread, lost or made up. */
  public String misread(String name, double rate) {
    StringBuilder read = new StringBuilder(name.length() + 4);
    for (char c : name.toCharArray()) {
      double dice = random.nextDouble() / rate;
      if (dice > 1 || c == ' ') {
        read.append(c);
      } else if (dice < 0.7) {
        read.append(confused(c));
      } else if (dice < 0.85) {
        read.append(c).append(LETTERS.charAt(random.nextInt(LETTERS.length())));
      }
    }
    return read.toString();
  }

  private String brand() {
    StringBuilder brand = new StringBuilder();
    for (int i = 2 + random.nextInt(2); i > 0; i--) {
      brand.append(pick(SYLLABLES));
    }
    return brand.toString();
  }

  private String otherNumber(String name) {
    Matcher number = NUMBER.matcher(name);
    return number.find()
        ? number.replaceFirst(
            NUMBER.matcher(pick(SIZES)).results().findFirst().orElseThrow().group())
        : otherWord(name);
  }

  private String otherWord(String name) {
    String[] words = name.split(" ");
    int at = random.nextInt(words.length);
    words[at] =
        Character.isDigit(words[at].isEmpty() ? '0' : words[at].charAt(0))
            ? words[at] + " " + brand()
            : brand();
    return String.join(" ", words);
  }

  private char confused(char c) {
    int at = CONFUSED.indexOf(Character.toUpperCase(c));
    boolean alike = at >= 0 && random.nextInt(4) > 0;
    return alike ? CONFUSED.charAt(at ^ 1) : LETTERS.charAt(random.nextInt(LETTERS.length()));
  }

  private String pick(List<String> from) {
    return from.get(random.nextInt(from.size()));
  }
}
