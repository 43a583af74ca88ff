package io.shelfmark.inference.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class EdgeReachTest {

  @Test
  void mostWeight_anyLines_isThatOfTheHeaviest() {
    for (EdgeReach reach : List.of(EdgeReach.WIDE, EdgeReach.NARROW)) {
      for (int turn = -reach.steepest; turn <= reach.steepest; turn++) {
        for (int first = 0; first < EdgeStrip.ROWS; first++) {
          double most = 0;
          for (int last = first; last < EdgeStrip.ROWS; last++) {
            most = Math.max(most, reach.weight(last, turn));
            assertThat(reach.mostWeight(first, last, turn))
                .as("lines %d to %d, turned by %d", first, last, turn)
                .isEqualTo(most);
          }
        }
      }
    }
  }

  @Test
  void weight_lineThatIsTheSide_isOne() {
    // of an even number of rows none is the middle: the two beside it are alike
    assertThat(EdgeReach.WIDE.weight(EdgeStrip.ROWS / 2, 0))
        .isEqualTo(EdgeReach.WIDE.weight(EdgeStrip.ROWS / 2 - 1, 0))
        .isGreaterThan(0.99);
    assertThat(EdgeReach.NARROW.weight(0, 0)).isLessThan(EdgeReach.NARROW.weight(5, 0));
  }
}
