package io.shelfmark.examples;

import io.shelfmark.ShelfmarkException;
import io.shelfmark.inference.PriceTagRecognizer;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
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
    description = "Shows what Shelfmark does, one command per capability.",
    subcommands = {
      ReadCommand.class,
      EvaluateCommand.class,
      GenerateCommand.class,
      DatasetCommand.class,
      ArtifactCommand.class,
      VerifyCommand.class,
      GcCommand.class,
      ExportCommand.class,
      ImportCommand.class
    })
public final class Main implements Runnable {

  @Spec private CommandSpec spec = CommandSpec.create();

  private Main() {}

  /**
   * Runs one command and exits with its status: 0 done, 1 failed, 2 wrong usage.
   *
   * @param args the command's name and its options
   */
  public static void main(String[] args) {
    if (args.length > 0 && (args[0].equals("read") || args[0].equals("evaluate"))) {
      // the native libraries load while the command line is parsed and a sample is drawn
      PriceTagRecognizer.preload();
    }
    System.setOut(new PrintStream(System.out, true, StandardCharsets.UTF_8));
    System.setErr(new PrintStream(System.err, true, StandardCharsets.UTF_8));
    System.exit(commandLine(new CommandLine(new Main())).execute(args));
  }

  /** What is known to go wrong is told in a sentence; anything else keeps its stack trace. */
  static CommandLine commandLine(CommandLine command) {
    return command.setExecutionExceptionHandler(
        (exception, failed, parsed) -> {
          boolean told =
              exception instanceof ShelfmarkException
                  || exception instanceof IllegalArgumentException;
          if (told
              || exception instanceof IOException
              || exception instanceof UncheckedIOException) {
            failed
                .getErr()
                .println(
                    told
                        ? exception.getMessage()
                        : "Cannot read or write: " + exception.getMessage());
            return 1;
          }
          throw exception;
        });
  }

  @Override
  public void run() {
    spec.commandLine().usage(System.out);
  }
}
