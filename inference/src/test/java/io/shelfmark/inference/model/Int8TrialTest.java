package io.shelfmark.inference.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import org.junit.jupiter.api.Test;

class Int8TrialTest {

  @Test
  void isGain_tenthLess_isOne() {
    assertThat(Int8Trial.isGain(1000, 900)).isTrue();
    assertThat(Int8Trial.isGain(1000, 901)).isFalse();
  }

  /** On Windows the CPU time of a thread goes on in steps of 15.6 ms, more than a run takes. */
  @Test
  void isGain_clockThatStoodStill_isNone() {
    assertThat(Int8Trial.isGain(0, 0)).isFalse();
    assertThat(Int8Trial.isGain(15_600_000, 0)).isFalse();
  }

  /** A host may have switched it off: what the JDK answers then is -1, always. */
  @Test
  void now_cpuTimeIsNotMeasured_goesOnAllTheSame() {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    threads.setThreadCpuTimeEnabled(false);
    try {
      assertThat(Int8Trial.now()).isNotEqualTo(-1);
    } finally {
      threads.setThreadCpuTimeEnabled(true);
    }
  }
}
