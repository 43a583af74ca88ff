package io.shelfmark.examples;

import io.shelfmark.Workspace;
import io.shelfmark.tracking.Experiment;
import io.shelfmark.tracking.Run;
import io.shelfmark.tracking.Tracker;
import io.shelfmark.tracking.TrackerBuilder;
import io.shelfmark.tracking.mlflow.MlflowTracking;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Path2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Logs what a training would: params, curves, a table, a figure, a model. It trains nothing. */
@Command(
    name = "track",
    mixinStandardHelpOptions = true,
    description = "Logs made-up runs as a training would, to the workspace or to an MLflow server.")
final class TrackCommand implements Callable<Integer> {

  private static final int EPOCHS = 100;

  private final PrintStream out;

  @Mixin private WorkspaceOption where = new WorkspaceOption();

  @Option(
      names = "--experiment",
      defaultValue = "tag-detector",
      description = "Name of the experiment (default: ${DEFAULT-VALUE}).")
  private String experiment = "tag-detector";

  @Option(
      names = "--runs",
      defaultValue = "3",
      description = "How many (default: ${DEFAULT-VALUE}).")
  private int runs;

  @Option(
      names = "--server",
      paramLabel = "URL",
      description =
          "An MLflow server to log to instead; credentials come from MLFLOW_TRACKING_TOKEN, or MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD, where they are set.")
  private @Nullable URI server;

  TrackCommand() {
    this(System.out);
  }

  TrackCommand(PrintStream out) {
    this.out = out;
  }

  @Override
  public Integer call() throws IOException {
    try (Workspace workspace = where.open();
        Tracker tracker = options(workspace).open()) {
      Experiment opened = tracker.experiment(experiment);
      opened.note("Made up by the example `track`.");
      for (int i = 1; i <= runs; i++) {
        int number = i;
        opened.run(
            "example-" + number,
            run -> {
              log(run, number);
              out.printf(
                  "%s is run %s of experiment %s%n", "example-" + number, run.id(), opened.id());
            });
      }
    }
    return 0;
  }

  private TrackerBuilder options(Workspace workspace) {
    TrackerBuilder options = Tracker.builder(workspace);
    if (server != null) {
      MlflowTracking mlflow = MlflowTracking.at(server);
      if (hasCredentials()) {
        mlflow.credentialsFromEnvironment();
      }
      options.store(mlflow.open());
    }
    return options;
  }

  private static boolean hasCredentials() {
    return System.getenv("MLFLOW_TRACKING_TOKEN") != null
        || System.getenv("MLFLOW_TRACKING_USERNAME") != null;
  }

  private void log(Run run, int number) throws IOException {
    Random random = new Random(number);
    double rate = 0.03 + 0.01 * (number % 4);
    run.params(Map.of("learningRate", (number % 4 + 3) / 1000.0, "imageSize", 640, "seed", number));
    List<List<Object>> rows = new ArrayList<>();
    for (int epoch = 1; epoch <= EPOCHS; epoch++) {
      double loss = 2.2 * Math.exp(-rate * epoch) + 0.3 + 0.02 * random.nextGaussian();
      double score = 0.95 * (1 - Math.exp(-rate * epoch)) + 0.01 * random.nextGaussian();
      run.metric("train/loss", loss, epoch).metric("val/mAP50", score, epoch);
      rows.add(List.of(epoch, loss, score));
    }
    run.table("epochs.csv", List.of("epoch", "loss", "mAP50"), rows);
    run.figure("loss.png", drawn(rows));
    run.text("notes.md", "# Run " + number + "\n\nThe numbers are made up.\n");
    Path model = Files.createTempFile("model", ".txt");
    try {
      Files.writeString(model, "weights of run " + number + "\n");
      run.registerModel("example-detector", model);
    } finally {
      Files.delete(model);
    }
  }

  private static BufferedImage drawn(List<List<Object>> rows) {
    BufferedImage picture = new BufferedImage(480, 240, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = picture.createGraphics();
    graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    graphics.setColor(Color.WHITE);
    graphics.fillRect(0, 0, 480, 240);
    Path2D line = new Path2D.Double();
    for (int i = 0; i < rows.size(); i++) {
      double x = 20 + 440.0 * i / (rows.size() - 1);
      double y = 220 - 80 * (double) rows.get(i).get(1);
      if (i == 0) {
        line.moveTo(x, y);
      } else {
        line.lineTo(x, y);
      }
    }
    graphics.setColor(new Color(0x1F6FB2));
    graphics.draw(line);
    graphics.dispose();
    return picture;
  }
}
