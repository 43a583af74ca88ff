package io.shelfmark.tracking.internal.host;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.LinkedHashMap;
import java.util.Map;

/** The machine, the JVM and the user, as tags. */
public final class HostState {

  private HostState() {}

  /** Tags of MLflow's where it has them. */
  public static Map<String, String> tags() {
    Map<String, String> tags = new LinkedHashMap<>();
    tags.put("mlflow.user", user());
    tags.put("mlflow.source.type", "LOCAL");
    tags.put("mlflow.source.name", program());
    tags.put("shelfmark.host", host());
    tags.put("shelfmark.pid", String.valueOf(ProcessHandle.current().pid()));
    tags.put(
        "shelfmark.java",
        System.getProperty("java.vm.name") + " " + System.getProperty("java.runtime.version"));
    tags.put(
        "shelfmark.os",
        "%s %s %s, %d processors"
            .formatted(
                System.getProperty("os.name"),
                System.getProperty("os.version"),
                System.getProperty("os.arch"),
                Runtime.getRuntime().availableProcessors()));
    return tags;
  }

  /** Who runs the process. */
  public static String user() {
    return System.getProperty("user.name", "");
  }

  /** The main class or jar, without its arguments: they may hold secrets. */
  private static String program() {
    String command = System.getProperty("sun.java.command", "java");
    int end = command.indexOf(' ');
    return end < 0 ? command : command.substring(0, end);
  }

  private static String host() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "unknown";
    }
  }
}
