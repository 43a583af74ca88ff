package io.shelfmark.inference.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.FloatBuffer;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Names read with the bundled model of their spelling. */
class NameDecodingTest {

  private static final String CHARACTERS = "0123456789АБВЙКЛМНОРСТабвийклмнорсты. 漢字";
  private static final Alphabet ALPHABET = Alphabet.of(CHARACTERS);
  private static final CtcDecoder DECODER =
      new CtcDecoder(ALPHABET, new NamePrior(CharacterModel.bundled(), ALPHABET));

  @Test
  void name_sureColumns_isTheBestPath() {
    Columns columns = new Columns().write("Мыло 漢 ооо 777", 1);
    assertThat(columns.name()).isEqualTo("Мыло 漢 ооо 777");
    assertThat(columns.read()).isEqualTo(columns.bestPath());
  }

  @Test
  void name_twoReadingsAlike_isTheUsualOne() {
    assertThat(new Columns().write("М", 1).either('о', 'л').write("локо", 1).name())
        .isEqualTo("Молоко");
    assertThat(new Columns().write("Моло", 1).either('р', 'к').write("о", 1).name())
        .isEqualTo("Молоко");
  }

  @Test
  void name_doubtfulReading_isAsSureAsTheNetwork() {
    Readings readings = new Columns().write("М", 1).either('о', 'л').write("локо", 1).read();
    assertThat(readings.texts()).containsExactly("Молоко");
    assertThat(readings.confidences().get(0)).isCloseTo(0.5, within(1e-3));
  }

  @Test
  void name_digits_areTheLikelierOnesWhateverIsUsual() {
    for (char likelier = '0'; likelier <= '9'; likelier++) {
      for (char other = '0'; other <= '9'; other++) {
        if (likelier != other) {
          Columns columns = new Columns().write("Молоко ", 1).doubtful(likelier, 0.51f, other);
          assertThat(columns.name()).isEqualTo("Молоко " + likelier);
        }
      }
    }
  }

  @Test
  void name_charactersTheModelLacks_survive() {
    assertThat(new Columns().write("字漢字", 0.6f).name()).isEqualTo("字漢字");
    assertThat(new Columns().doubtful('漢', 0.51f, '字').name()).isEqualTo("漢");
  }

  @Test
  void name_blankColumns_readNothing() {
    assertThat(new Columns().blank(0.8f).blank(0.7f).read().texts()).isEmpty();
    assertThat(new Columns().read().texts()).isEmpty();
  }

  @Property(tries = 200)
  void name_anyProbabilities_noLongerThanItsColumns(
      @ForAll @IntRange(min = 0, max = 40) int count, @ForAll long seed) {
    Random random = new Random(seed);
    Columns columns = new Columns();
    for (int i = 0; i < count; i++) {
      columns.random(random);
    }
    Readings readings = columns.read();
    assertThat(readings.texts())
        .allSatisfy(text -> assertThat(text.length()).isLessThanOrEqualTo(count));
    assertThat(readings.confidences()).allSatisfy(each -> assertThat(each).isBetween(0.0, 1.0));
  }

  /** What a network might answer, column by column. */
  private static final class Columns {
    private final FloatBuffer all = FloatBuffer.allocate(100 * ALPHABET.classes());
    private int count;

    /** Each character in a column of this probability, the rest of it and the next are blank. */
    Columns write(String text, float probability) {
      text.chars().forEach(c -> column(probability, c, 0, 0).blank(1));
      return this;
    }

    Columns either(int one, int other) {
      return column(0.5f, one, 0.5f, other);
    }

    Columns doubtful(int likelier, float probability, int other) {
      return column(probability, likelier, 1 - probability, other);
    }

    Columns blank(float probability) {
      return column(1 - probability, 'о', 0, 0);
    }

    Columns random(Random random) {
      float[] column = new float[ALPHABET.classes()];
      float sum = 0;
      for (int i = 0; i < column.length; i++) {
        column[i] = (float) Math.pow(random.nextDouble(), 20);
        sum += column[i];
      }
      for (int i = 0; i < column.length; i++) {
        all.put(count * column.length + i, column[i] / sum);
      }
      count++;
      return this;
    }

    private Columns column(float p, int one, float q, int other) {
      int from = count * ALPHABET.classes();
      all.put(from, 1 - p - q);
      all.put(from + 1 + CHARACTERS.indexOf(one), p);
      if (q > 0) {
        all.put(from + 1 + CHARACTERS.indexOf(other), q);
      }
      count++;
      return this;
    }

    Readings read() {
      return Readings.of(readings -> DECODER.name(all, 0, count, readings, 0));
    }

    Readings bestPath() {
      return Readings.of(readings -> DECODER.bestPath(all, 0, count, readings, 0));
    }

    String name() {
      return read().texts().get(0);
    }
  }
}
