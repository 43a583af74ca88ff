package io.shelfmark.pipeline;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * A step that runs a program, in the making; {@link Step#command} begins one. The program runs in a
 * folder of its own, without a shell. What it prints goes to the step's log. Its exit code must be
 * 0. Not thread-safe, and good for one step.
 *
 * <p>In its arguments {@code {NAME}} stands for the input of that name: versions of artifacts and
 * datasets are put into the folder {@code inputs/NAME}, and their path is given; texts are given as
 * they are, anything else as JSON. Environment variables are those of the host and the declared
 * ones.
 */
public final class CommandBuilder extends StepBuilder<CommandBuilder> {

  private final List<String> command;
  private final Map<String, String> environment = new LinkedHashMap<>();
  private final Map<String, String> secretEnvironment = new LinkedHashMap<>();
  private final Map<String, String> outputs = new LinkedHashMap<>();
  private Optional<String> metrics = Optional.empty();

  CommandBuilder(String name, List<String> command) {
    super(name);
    if (command.isEmpty()) {
      throw new IllegalArgumentException(
          "Cannot make step %s: found no program, expected one and its arguments".formatted(name));
    }
    this.command = List.copyOf(command);
  }

  /** Adds an input; {@code {NAME}} in the arguments stands for it. */
  public CommandBuilder input(Input<?> input) {
    argument(input);
    return this;
  }

  /** Sets an environment variable; like the arguments it is no part of the cache key. */
  public CommandBuilder environment(String variable, String value) {
    environment.put(variable, Objects.requireNonNull(value, "value"));
    return this;
  }

  /** Sets an environment variable to a secret's value, which is masked in logs. */
  public CommandBuilder secretEnvironment(String variable, String secret) {
    secretEnvironment.put(variable, secret);
    return secret(secret);
  }

  /**
   * Publishes a file or folder that the program leaves in its folder, as the next version of an
   * artifact. It must be there, and inside.
   */
  public CommandBuilder publish(String artifact, String path) {
    outputs.put(artifact, Objects.requireNonNull(path, "path"));
    return this;
  }

  /** Reads numbers from a JSON file that the program leaves in its folder. */
  public CommandBuilder metrics(String path) {
    metrics = Optional.of(path);
    return this;
  }

  /** The step. */
  public Step<CommandResult> step() {
    List<String> names = arguments().stream().<String>map(Input::name).toList();
    CommandRun run =
        new CommandRun(
            command,
            names,
            Map.copyOf(environment),
            Map.copyOf(secretEnvironment),
            Map.copyOf(outputs),
            metrics);
    return call(ResultType.of(CommandResult.class), run::run);
  }
}
