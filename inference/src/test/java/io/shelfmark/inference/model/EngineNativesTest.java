package io.shelfmark.inference.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class EngineNativesTest {

  @TempDir Path cache;

  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.toList();
    }
  }

  @Test
  void cached_damagedLibrary_isReplacedAndWholeOnesStay() throws IOException {
    Path folder = EngineNatives.cached(cache).orElseThrow();
    Path library = folder.resolve(System.mapLibraryName("onnxruntime"));
    Path binding = folder.resolve(System.mapLibraryName("onnxruntime4j_jni"));
    byte[] whole = Files.readAllBytes(binding);
    Object key = Files.readAttributes(library, "*").get("lastModifiedTime");
    byte[] damaged = whole.clone();
    damaged[damaged.length / 2] ^= 1;
    Files.write(binding, damaged);

    assertThat(EngineNatives.cached(cache)).contains(folder);

    assertThat(Files.readAllBytes(binding)).isEqualTo(whole);
    assertThat(Files.readAttributes(library, "*").get("lastModifiedTime")).isEqualTo(key);
    assertThat(files(folder)).containsExactlyInAnyOrder(library, binding);
  }

  /** A GPU's library goes into the folder only when it is known for one of ours. */
  @Test
  void userCache_homeThatIsUnknown_isAbsoluteAllTheSame() {
    Path folder = EngineNatives.userCache(null, "?");

    assertThat(folder).isAbsolute().endsWithRaw(Path.of("?", ".cache", "shelfmark"));
    assertThat(EngineNatives.userCache(cache.toString(), "?"))
        .isEqualTo(cache.resolve("shelfmark"));
  }

  @Test
  void cached_folderThatCannotBe_leavesItToTheEngine() throws IOException {
    Path file = Files.writeString(cache.resolve("file"), "not a folder");

    assertThat(EngineNatives.cached(file)).isEmpty();
  }

  @Test
  @Timeout(value = 1, unit = TimeUnit.MINUTES)
  void cached_twoAtOnce_bothFindWholeLibraries() throws Exception {
    CyclicBarrier together = new CyclicBarrier(2);
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try {
      Callable<Optional<Path>> start =
          () -> {
            together.await();
            return EngineNatives.cached(cache);
          };
      List<Future<Optional<Path>>> folders = threads.invokeAll(List.of(start, start));

      assertThat(folders.get(0).get()).isPresent().isEqualTo(folders.get(1).get());
      assertThat(files(folders.get(0).get().orElseThrow())).hasSize(2);
    } finally {
      threads.shutdownNow();
    }
  }
}
