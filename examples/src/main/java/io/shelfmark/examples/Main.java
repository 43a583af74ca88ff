package io.shelfmark.examples;

import io.shelfmark.ShelfmarkException;
import io.shelfmark.inference.PriceTagRecognizer;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
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

  private static final Map<String, Supplier<?>> SUBCOMMANDS = new LinkedHashMap<>();

  static {
    SUBCOMMANDS.put("read", ReadCommand::new);
    SUBCOMMANDS.put("read-all", ReadAllCommand::new);
    SUBCOMMANDS.put("evaluate", EvaluateCommand::new);
    SUBCOMMANDS.put("generate", GenerateCommand::new);
    SUBCOMMANDS.put("dataset", DatasetCommand::new);
    SUBCOMMANDS.put("artifact", ArtifactCommand::new);
    SUBCOMMANDS.put("track", TrackCommand::new);
    SUBCOMMANDS.put("pipeline", PipelineCommand::new);
    SUBCOMMANDS.put("worker", WorkerCommand::new);
    SUBCOMMANDS.put("cluster-demo", ClusterDemoCommand::new);
    SUBCOMMANDS.put("mlflow-server", MlflowServerCommand::new);
    SUBCOMMANDS.put("tracking-host", TrackingHostCommand::new);
    SUBCOMMANDS.put("verify", VerifyCommand::new);
    SUBCOMMANDS.put("gc", GcCommand::new);
    SUBCOMMANDS.put("export", ExportCommand::new);
    SUBCOMMANDS.put("import", ImportCommand::new);
  }

  @Spec private CommandSpec spec = CommandSpec.create();

  private Main() {}

  /**
   * Runs one command and exits with its status: 0 done, 1 failed, 2 wrong usage.
   *
   * @param args the command's name and its options
   */
  public static void main(String[] args) {
    if (args.length > 0 && Set.of("read", "read-all", "evaluate").contains(args[0])) {
      // the native libraries load while the command line is parsed and a sample is drawn
      PriceTagRecognizer.preload();
    }
    System.setOut(new PrintStream(System.out, true, StandardCharsets.UTF_8));
    System.setErr(new PrintStream(System.err, true, StandardCharsets.UTF_8));
    System.exit(commandLine(withSubcommands(args)).execute(args));
  }

  /**
   * The command line with the subcommand that is asked for, or with all: picocli looks through each
   * one's class, and through those of all its options, before it runs any.
   */
  private static CommandLine withSubcommands(String... args) {
    CommandLine command = new CommandLine(new Main());
    Supplier<?> asked = args.length > 0 ? SUBCOMMANDS.get(args[0]) : null;
    if (asked != null) {
      return command.addSubcommand(args[0], asked.get());
    }
    SUBCOMMANDS.forEach((name, subcommand) -> command.addSubcommand(name, subcommand.get()));
    return command;
  }

  /** What is known to go wrong is told in a sentence; anything else keeps its stack trace. */
  static CommandLine commandLine(CommandLine command) {
    return command
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setExecutionExceptionHandler(
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
