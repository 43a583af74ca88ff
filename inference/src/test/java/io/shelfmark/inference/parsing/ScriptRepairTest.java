package io.shelfmark.inference.parsing;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScriptRepairTest {

  @ParameterizedTest
  @CsvSource({
    "Чипсы LАУS краб 140г, Чипсы LAYS краб 140г",
    "НЕINZ КЕТЧУП, HEINZ КЕТЧУП",
    "СОСА-СОLА 0.5л, COCA-COLA 0.5л",
    "Неinz, Heinz",
    "JОНNNIЕ, JOHNNIE",
    "Сок RIСН, Сок RICH",
    "РЕРSI МАХ ZЕRО, PEPSI MAX ZERO",
    "DRIVЕ МЕ NIТRО, DRIVE ME NITRO",
    "USВ-кабель, USB-кабель",
    "МОРС ТОМАТ, МОРС ТОМАТ",
    "Сок С мякотью, Сок С мякотью",
    "7UР, 7UP",
    "'', ''"
  })
  void repair_latinWords_getTheirLettersBack(String recognized, String restored) {
    assertThat(ScriptRepair.repair(recognized)).isEqualTo(restored);
  }

  @Property
  void repair_anyText_keepsItsFoldAndLength(@ForAll String text) {
    String repaired = ScriptRepair.repair(text);

    assertThat(repaired).hasSameSizeAs(text);
    assertThat(TextFolding.fold(repaired)).isEqualTo(TextFolding.fold(text));
  }

  @Property
  void repair_twice_changesNothing(@ForAll String text) {
    String repaired = ScriptRepair.repair(text);

    assertThat(ScriptRepair.repair(repaired)).isEqualTo(repaired);
  }
}
