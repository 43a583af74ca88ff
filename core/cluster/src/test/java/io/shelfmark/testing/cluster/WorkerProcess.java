package io.shelfmark.testing.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A JVM that takes steps, to be killed, stopped and told to end. Who started it closes it. */
final class WorkerProcess implements AutoCloseable {

  private final Process process;
  private final Path output;

  private WorkerProcess(Process process, Path output) {
    this.process = process;
    this.output = output;
  }

  /** Starts a main class on this process's class path. */
  static WorkerProcess start(Path output, String main, List<String> arguments) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xshare:auto",
                "-Xmx128m",
                "-cp",
                System.getProperty("java.class.path"),
                main));
    command.addAll(arguments);
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    return new WorkerProcess(process, output);
  }

  long pid() {
    return process.pid();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** What it has printed. */
  String output() throws IOException {
    return Files.readString(output);
  }

  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  void stand() throws IOException, InterruptedException {
    signal(pid(), "STOP");
  }

  void goOn() throws IOException, InterruptedException {
    signal(pid(), "CONT");
  }

  /** SIGTERM; answers its exit code, or -1 when it still runs after so many seconds. */
  int terminate(int seconds) throws InterruptedException {
    process.destroy();
    return process.waitFor(seconds, TimeUnit.SECONDS) ? process.exitValue() : -1;
  }

  static void signal(long pid, String name) throws IOException, InterruptedException {
    int exit = new ProcessBuilder("kill", "-" + name, Long.toString(pid)).start().waitFor();
    if (exit != 0) {
      throw new IOException(
          "Cannot send %s to process %d: kill said %d".formatted(name, pid, exit));
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
