package io.shelfmark.examples;

import io.shelfmark.Workspace;
import java.net.URI;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which workspace a command works in. */
final class WorkspaceOption {

  private static final Pattern ADDRESS = Pattern.compile("[a-z][a-z0-9+.-]+://.*");

  @Option(
      names = "--workspace",
      paramLabel = "DIR|s3://BUCKET/PREFIX",
      defaultValue = "${env:SHELFMARK_WORKSPACE:-shelfmark-workspace}",
      description =
          "Folder of the workspace, or address of its store (default: SHELFMARK_WORKSPACE of the environment, else shelfmark-workspace).")
  private String workspace = "shelfmark-workspace";

  @Option(
      names = "--home",
      paramLabel = "DIR",
      description =
          "This machine's own folder of a workspace in a bucket (default: a cache folder).")
  private @Nullable Path home;

  @Option(names = "--author", description = "Who is named in versions (default: your user name).")
  private @Nullable String author;

  /** The same store with another home, as arguments for another process. */
  List<String> arguments(Path otherHome) {
    return List.of("--workspace", workspace, "--home", otherHome.toString());
  }

  /** The store and the home as a worker's environment has them. */
  Map<String, String> environment() {
    boolean isAddress = ADDRESS.matcher(workspace).matches();
    Path folder = Path.of(isAddress ? "." : workspace).toAbsolutePath();
    Map<String, String> environment = new HashMap<>();
    environment.put(
        "SHELFMARK_STORE", isAddress ? workspace : folder.resolve("store").toUri().toString());
    if (home != null || !isAddress) {
      environment.put("SHELFMARK_HOME", (home != null ? home : folder.resolve("home")).toString());
    }
    return environment;
  }

  Workspace open() {
    var options = Workspace.builder();
    if (ADDRESS.matcher(workspace).matches()) {
      options.store(URI.create(workspace));
    } else {
      options.folder(Path.of(workspace));
    }
    if (home != null) {
      options.home(home);
    }
    if (author != null) {
      options.author(author);
    }
    return options.open();
  }
}
