package io.shelfmark.inference.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.shelfmark.inference.ModelException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;

/** A model of one text, "аа": its n-grams are а, and а after the beginning. */
class CharacterModelTest {

  // symbols: the beginning, the end, а
  private static final byte[] TINY = {
    'S',
    'N',
    'A',
    'M',
    1,
    2,
    0x3F,
    (byte) 0x80,
    0,
    0,
    0,
    0,
    0,
    0,
    3,
    0,
    0,
    2,
    (byte) 0xD0,
    (byte) 0xB0,
    0,
    0,
    0,
    3,
    0,
    0,
    0,
    1, // sizes of both levels
    0,
    1,
    2,
    64,
    32,
    16,
    8,
    0,
    0,
    1,
    0,
    0, // symbols, costs, backoff costs, children
    2,
    4, // а after the beginning
    0,
    0,
    0,
    0
  };

  private static byte[] signed(byte[] model) {
    CRC32 check = new CRC32();
    check.update(model, 0, model.length - Integer.BYTES);
    ByteBuffer.wrap(model).putInt(model.length - Integer.BYTES, (int) check.getValue());
    return model;
  }

  @Test
  void weight_knownNgram_isItsOwn() {
    CharacterModel model = CharacterModel.read("tiny", signed(TINY.clone()));
    int a = model.symbol('а');
    assertThat(model.weight(model.begin(), a)).isCloseTo(Math.exp(-4 / 16.0), within(1e-9));
  }

  @Test
  void weight_unknownNgram_backsOff() {
    CharacterModel model = CharacterModel.read("tiny", signed(TINY.clone()));
    int a = model.symbol('а');
    assertThat(model.end(model.begin())).isCloseTo(Math.exp(-(8 + 32) / 16.0), within(1e-9));
    assertThat(model.weight(model.next(model.begin(), a), a))
        .isCloseTo(Math.exp(-16 / 16.0), within(1e-9));
  }

  @Test
  void symbol_characterItNeverSaw_isUnknown() {
    CharacterModel model = CharacterModel.read("tiny", signed(TINY.clone()));
    assertThat(model.symbol('я')).isEqualTo(CharacterModel.UNKNOWN);
    assertThat(CharacterModel.bundled().symbol('漢')).isEqualTo(CharacterModel.UNKNOWN);
  }

  @Test
  void bundled_lettersOfOneShapeAndDigits_areOneSymbol() {
    CharacterModel model = CharacterModel.bundled();
    assertThat("аАaA".chars().map(model::symbol).distinct()).hasSize(1);
    assertThat("0123456789".chars().map(model::symbol).distinct()).hasSize(1);
    assertThat(model.symbol('а')).isNotEqualTo(model.symbol('б'));
  }

  @Test
  void read_noModel_saysSo() {
    assertThatThrownBy(() -> CharacterModel.read("x", new byte[0]))
        .isInstanceOf(ModelException.class)
        .hasMessage(
            "Cannot load character model x: found 0 bytes that do not begin with SNAM,"
                + " expected a character model (rebuild the jar)");
  }

  @Test
  void read_otherFormat_namesBoth() {
    byte[] other = TINY.clone();
    other[4] = 9;
    assertThatThrownBy(() -> CharacterModel.read("x", signed(other)))
        .isInstanceOf(ModelException.class)
        .hasMessage(
            "Cannot load character model x: found format 9, expected 1"
                + " (use the model of this version)");
  }

  @Test
  void read_anyFlippedByte_isRefused() {
    byte[] sound = signed(TINY.clone());
    for (int i = 0; i < sound.length; i++) {
      byte[] damaged = sound.clone();
      damaged[i] ^= 0x10;
      assertThatThrownBy(() -> CharacterModel.read("x", damaged))
          .as("byte %d", i)
          .isInstanceOf(ModelException.class)
          .hasMessageStartingWith("Cannot load character model x: found ");
    }
  }

  @Test
  void read_treeThatDoesNotAddUp_isRefusedDespiteItsChecksum() {
    // from the number of symbols on: what a checksum alone would let through
    for (int i = 14; i < TINY.length - Integer.BYTES; i++) {
      byte[] damaged = TINY.clone();
      damaged[i] = (byte) 0xFF;
      try {
        CharacterModel.read("x", signed(damaged));
      } catch (ModelException e) {
        assertThat(e).hasMessageContaining("damaged contents");
      }
    }
    byte[] cut = Arrays.copyOf(TINY, TINY.length - 1);
    assertThatThrownBy(() -> CharacterModel.read("x", signed(cut)))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("damaged contents");
  }
}
