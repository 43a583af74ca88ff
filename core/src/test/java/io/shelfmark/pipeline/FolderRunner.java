package io.shelfmark.pipeline;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * A runner whose processes share a folder and nothing else: a run is a file in it, which one of
 * them makes. It says before and after that what it does, and takes its time there, so that it can
 * be killed at just that point. Runs nothing.
 */
public final class FolderRunner implements PipelineRunner {

  private final Path folder;
  private final Duration time;
  private final Consumer<String> says;

  public FolderRunner(Path folder, Duration time, Consumer<String> says) throws IOException {
    this.folder = Files.createDirectories(folder);
    this.time = time;
    this.says = says;
  }

  @Override
  public <T> PipelineRun<T> start(Pipeline<T> pipeline, RunOptions options) {
    RunId id = options.id().orElseThrow();
    says.accept("starts " + id);
    LockSupport.parkNanos(time.toNanos());
    try {
      Files.createFile(folder.resolve(id.value()));
    } catch (FileAlreadyExistsException e) {
      // another process was faster
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    says.accept("started " + id);
    LockSupport.parkNanos(time.toNanos());
    return new Made<>(id);
  }

  private record Made<T>(RunId id) implements PipelineRun<T> {
    @Override
    public RunRecord record() {
      throw new UnsupportedOperationException("runs nothing");
    }

    @Override
    public T result() {
      throw new UnsupportedOperationException("runs nothing");
    }

    @Override
    public boolean await(Duration limit) {
      return true;
    }
  }

  @Override
  public void register(Pipeline<?> pipeline) {}

  @Override
  public List<PipelineRun<?>> resume() {
    return List.of();
  }

  @Override
  public Optional<RunRecord> find(RunId run) {
    return Optional.empty();
  }

  @Override
  public List<RunRecord> runs(String pipeline) {
    return List.of();
  }

  @Override
  public String log(RunId run, String step) {
    return "";
  }

  @Override
  public void cancel(RunId run, String reason) {}

  @Override
  public Explanation explain(Pipeline<?> pipeline, RunOptions options) {
    throw new UnsupportedOperationException("runs nothing");
  }

  @Override
  public void close() {}
}
