package io.shelfmark.pipeline;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.shelfmark.Workspace;
import io.shelfmark.artifact.ArtifactVersion;
import io.shelfmark.internal.storage.Json;
import io.shelfmark.storage.BlobInfo;
import io.shelfmark.storage.BlobStore;
import io.shelfmark.storage.StorageException;
import io.shelfmark.testing.InMemoryBlobStore;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A process that ends at each of its writes to the store. */
@Timeout(60)
class CrashTest {

  private static final RunId RUN = RunId.of("the-run");
  private static final Set<String> WRITES =
      Set.of("put", "putIfAbsent", "replace", "delete", "batch");

  @TempDir Path folder;

  /** Whoever gets to a write of a number stays there, as if the process had ended. */
  private static final class Frozen {
    private final AtomicInteger writes = new AtomicInteger();
    private final CountDownLatch reached = new CountDownLatch(1);
    private final CountDownLatch over = new CountDownLatch(1);
    private final int at;
    private volatile boolean begun;

    Frozen(int at) {
      this.at = at;
    }

    BlobStore on(BlobStore store) {
      return (BlobStore)
          Proxy.newProxyInstance(
              getClass().getClassLoader(),
              new Class<?>[] {BlobStore.class},
              (proxy, method, arguments) -> {
                if (begun && WRITES.contains(method.getName()) && writes.incrementAndGet() >= at) {
                  reached.countDown();
                  over.await();
                  throw new StorageException("the process has ended", null);
                }
                try {
                  return method.invoke(store, arguments);
                } catch (InvocationTargetException e) {
                  throw e.getCause();
                }
              });
    }
  }

  private static Pipeline<ArtifactVersion> pipeline() {
    Step<ArtifactVersion> data =
        Step.named("data", ArtifactVersion.class).run(context -> publish(context, "data"));
    return Pipeline.of(
        "crash",
        Step.named("model", ArtifactVersion.class)
            .input(data)
            .cached(CachePolicy.byInputs("v1"))
            .run((context, version) -> publish(context, "model")));
  }

  private static ArtifactVersion publish(StepContext context, String name) throws Exception {
    Files.writeString(context.workFolder().resolve("file"), name);
    try (var version = context.newArtifact(name)) {
      return version.addStream("file", new ByteArrayInputStream(name.getBytes(UTF_8))).publish();
    }
  }

  @Test
  void processThatEndsAtAnyWrite_leavesNothingThatTheNextDoesNotTidyUp() throws Exception {
    int at = 1;
    while (endsAt(at)) {
      at++;
    }
    assertThat(at).as("writes of a run").isGreaterThan(10);
  }

  /** False when the run ends before that write. */
  private boolean endsAt(int write) throws Exception {
    InMemoryBlobStore store = new InMemoryBlobStore(Clock.systemUTC());
    Frozen frozen = new Frozen(write);
    Path first = folder.resolve("first-" + write);
    Path second = folder.resolve("second-" + write);
    try (Workspace workspace = open(frozen.on(store), first);
        LocalRunner runner = LocalRunner.in(workspace).open()) {
      frozen.begun = true;
      PipelineRun<ArtifactVersion> run = runner.start(pipeline(), RunOptions.defaults().id(RUN));
      while (!frozen.reached.await(1, TimeUnit.MILLISECONDS)) {
        if (run.await(Duration.ofMillis(1))) {
          return false;
        }
      }
      copy(first, second);
      frozen.over.countDown();
    }
    try (Workspace workspace = open(store, second);
        LocalRunner runner = LocalRunner.in(workspace).open()) {
      assertThat(second.resolve("pipelines/runs/" + RUN + "/work")).doesNotExist();
      PipelineRun<ArtifactVersion> run = runner.start(pipeline(), RunOptions.defaults().id(RUN));
      ArtifactVersion model = run.result();
      try (InputStream content = model.open("file")) {
        assertThat(content.readAllBytes()).isEqualTo("model".getBytes(UTF_8));
      }
    }
    assertThat(owners(store, "references/"))
        .as("kept after an end at write %d", write)
        .isEqualTo(owners(store, "steps/"));
    return true;
  }

  private static Workspace open(BlobStore store, Path home) {
    return Workspace.builder().store(store).home(home).open();
  }

  /** As the disk is at that moment, whoever still writes. */
  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Path copy = to.resolve(from.relativize(file).toString());
        if (Files.isDirectory(file)) {
          Files.createDirectories(copy);
        } else {
          Files.copy(file, copy);
        }
      }
    }
  }

  private static Set<String> owners(InMemoryBlobStore store, String prefix) throws IOException {
    List<BlobInfo> infos;
    try (Stream<BlobInfo> blobs = store.list(prefix)) {
      infos = blobs.toList();
    }
    Set<String> owners = new TreeSet<>();
    for (BlobInfo info : infos) {
      try (InputStream stream = store.open(info.key())) {
        JsonNode document = Json.parse(stream.readAllBytes(), info.key());
        owners.add(document.path("owner").asText());
      }
    }
    return owners;
  }
}
