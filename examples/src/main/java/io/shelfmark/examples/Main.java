package io.shelfmark.examples;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/**
 * The command line over the examples: one subcommand per capability.
 *
 * <p>Run {@code java -jar examples/target/shelfmark-examples.jar --help} for the list.
 */
@Command(
    name = "shelfmark-examples",
    mixinStandardHelpOptions = true,
    version = "Shelfmark 0.1.0-SNAPSHOT",
    description = "Shows what Shelfmark does, one command per capability.")
public final class Main implements Runnable {

  @Spec private CommandSpec spec = CommandSpec.create();

  private Main() {}

  /**
   * Runs one command and exits with its status: 0 done, 1 failed, 2 wrong usage.
   *
   * @param args the command's name and its options
   */
  public static void main(String[] args) {
    System.exit(new CommandLine(new Main()).execute(args));
  }

  @Override
  public void run() {
    spec.commandLine().usage(System.out);
  }
}
