package io.shelfmark.tracking.internal.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class SystemSamplerTest {

  @Test
  void machine_sampled_tellsMemoryWithinBounds() {
    Map<String, Double> values = new SystemSampler().sample();
    assertThat(values.get("system/system_memory_usage_percentage")).isBetween(0.1, 100.0);
    assertThat(values.get("system/heap_usage_megabytes")).isPositive();
    assertThat(values).allSatisfy((key, value) -> assertThat(value).as(key).isFinite());
  }

  @Test
  void cards_listed_areMetricsEach() {
    Map<String, Double> values = new HashMap<>();
    new GpuSampler(() -> "0, 42, 1000, 4000, 250.5\n1, [N/A], 0, 4000, [N/A]\n").addTo(values);

    assertThat(values)
        .containsEntry("system/gpu_0_utilization_percentage", 42.0)
        .containsEntry("system/gpu_0_memory_usage_percentage", 25.0)
        .containsEntry("system/gpu_0_power_usage_watts", 250.5)
        .containsEntry("system/gpu_1_memory_usage_megabytes", 0.0)
        .doesNotContainKey("system/gpu_1_utilization_percentage");
  }

  @Test
  void cards_none_areAskedForOnce() {
    AtomicInteger asked = new AtomicInteger();
    GpuSampler sampler =
        new GpuSampler(
            () -> {
              asked.incrementAndGet();
              return "";
            });
    Map<String, Double> values = new HashMap<>();
    sampler.addTo(values);
    sampler.addTo(values);

    assertThat(values).isEmpty();
    assertThat(asked).hasValue(1);
  }
}
