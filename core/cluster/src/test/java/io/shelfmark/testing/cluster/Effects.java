package io.shelfmark.testing.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

/**
 * What the steps' code did, in a file that all processes append to: what a database and a runner
 * may forget or do twice is here as often as it happened.
 */
final class Effects {

  static final String BEGIN = "begin";
  static final String END = "end";

  private final Path file;

  Effects(Path file) {
    this.file = file;
  }

  /**
   * Something that a step's code did.
   *
   * @param what begun, or ended
   * @param step the step's name
   * @param pid in which process
   * @param at when
   */
  record Effect(String what, String step, long pid, Instant at) {

    private static Effect parse(String line) {
      String[] parts = line.split(" ");
      return new Effect(
          parts[0],
          parts[1],
          Long.parseLong(parts[2]),
          Instant.ofEpochMilli(Long.parseLong(parts[3])));
    }
  }

  /** One write appends a whole line, whoever else appends. */
  void add(String what, String step) throws IOException {
    Files.writeString(
        file,
        "%s %s %d %d%n"
            .formatted(what, step, ProcessHandle.current().pid(), System.currentTimeMillis()),
        StandardOpenOption.CREATE,
        StandardOpenOption.APPEND);
  }

  List<Effect> all() throws IOException {
    if (!Files.exists(file)) {
      return List.of();
    }
    try (Stream<String> lines = Files.lines(file)) {
      return lines.map(Effect::parse).toList();
    }
  }

  List<Effect> all(String what) throws IOException {
    return all().stream().filter(effect -> effect.what().equals(what)).toList();
  }

  /** What a process has begun and not ended. */
  List<String> underWay(long pid) throws IOException {
    List<Effect> all = all();
    List<String> ended =
        all.stream()
            .filter(effect -> effect.what().equals(END) && effect.pid() == pid)
            .map(Effect::step)
            .toList();
    return all.stream()
        .filter(effect -> effect.what().equals(BEGIN) && effect.pid() == pid)
        .map(Effect::step)
        .filter(step -> !ended.contains(step))
        .toList();
  }

  /** When a process other than this one began a step, the first time after a moment. */
  Instant begunElsewhere(String step, long pid, Instant after) throws IOException {
    return all(BEGIN).stream()
        .filter(effect -> effect.step().equals(step) && effect.pid() != pid)
        .map(Effect::at)
        .filter(at -> at.isAfter(after))
        .findFirst()
        .orElse(Instant.MAX);
  }
}
