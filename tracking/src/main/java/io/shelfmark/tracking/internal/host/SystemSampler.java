package io.shelfmark.tracking.internal.host;

import com.sun.management.OperatingSystemMXBean;
import java.io.File;
import java.lang.management.ManagementFactory;
import java.util.LinkedHashMap;
import java.util.Map;

/** Looks at the machine; the names of the metrics are MLflow's. Not thread-safe. */
public final class SystemSampler {

  private static final double MEGABYTE = 1e6;

  private final OperatingSystemMXBean system =
      ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

  private final GpuSampler gpus = new GpuSampler();

  /** What it finds now, by the key of the metric. */
  public Map<String, Double> sample() {
    Map<String, Double> values = new LinkedHashMap<>();
    double cpu = system.getCpuLoad();
    if (cpu >= 0) {
      values.put("system/cpu_utilization_percentage", 100 * cpu);
    }
    double process = system.getProcessCpuLoad();
    if (process >= 0) {
      values.put("system/process_cpu_utilization_percentage", 100 * process);
    }
    double total = system.getTotalMemorySize();
    double used = total - system.getFreeMemorySize();
    values.put("system/system_memory_usage_megabytes", used / MEGABYTE);
    values.put("system/system_memory_usage_percentage", 100 * used / total);
    Runtime runtime = Runtime.getRuntime();
    values.put(
        "system/heap_usage_megabytes", (runtime.totalMemory() - runtime.freeMemory()) / MEGABYTE);
    File folder = new File("").getAbsoluteFile();
    double disk = folder.getTotalSpace();
    if (disk > 0) {
      values.put("system/disk_usage_percentage", 100 * (disk - folder.getUsableSpace()) / disk);
    }
    gpus.addTo(values);
    return values;
  }
}
