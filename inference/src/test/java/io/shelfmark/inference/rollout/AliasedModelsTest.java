package io.shelfmark.inference.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shelfmark.Workspace;
import io.shelfmark.artifact.ArtifactVersion;
import io.shelfmark.artifact.Artifacts;
import io.shelfmark.artifact.NewArtifactVersion;
import io.shelfmark.artifact.VersionNotFoundException;
import io.shelfmark.inference.PriceTagRecognizer;
import io.shelfmark.inference.ShelfPhoto;
import io.shelfmark.inference.ShelfReading;
import io.shelfmark.inference.model.ModelSource;
import io.shelfmark.inference.synthetic.PhotoGenerator;
import io.shelfmark.inference.synthetic.SceneKind;
import io.shelfmark.internal.Spool;
import io.shelfmark.storage.BlobStore;
import io.shelfmark.testing.InMemoryBlobStore;
import io.shelfmark.testing.SettableClock;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The bundled text recognizer as an artifact; watches look when the test says so. */
@Timeout(120)
class AliasedModelsTest {

  private static final String NAME = "text-recognizer";

  @TempDir Path temporary;
  private Workspace workspace;
  private Artifacts artifacts;
  private AliasedModels models;
  private ArtifactVersion first;
  private volatile Runnable atRead = () -> {};

  @BeforeEach
  void open() throws IOException {
    workspace =
        Workspace.builder()
            .store(watched(new InMemoryBlobStore(SettableClock.create())))
            .home(temporary.resolve("home"))
            .open();
    artifacts = workspace.artifacts();
    first = publish(bundled("onnx"));
    artifacts.alias(NAME, "production", first);
    models =
        AliasedModels.of(artifacts, "production")
            .artifact(
                NAME,
                (options, folder) -> options.textRecognizer(folder.resolve("text-recognizer.onnx")))
            .lookEvery(Duration.ofHours(1));
  }

  /** Does {@link #atRead} before everything that is asked of a store. */
  private BlobStore watched(BlobStore store) {
    return (BlobStore)
        Proxy.newProxyInstance(
            BlobStore.class.getClassLoader(),
            new Class<?>[] {BlobStore.class},
            (proxy, method, arguments) -> {
              atRead.run();
              try {
                return method.invoke(store, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  @AfterEach
  void close() {
    workspace.close();
  }

  private static InputStream bundled(String extension) {
    return Objects.requireNonNull(
        ModelSource.class.getResourceAsStream("text-recognizer." + extension));
  }

  private ArtifactVersion publish(InputStream onnx) {
    try (NewArtifactVersion version = artifacts.newVersion(NAME)) {
      return version
          .addStream("text-recognizer.onnx", onnx)
          .addStream("text-recognizer.json", bundled("json"))
          .publish();
    }
  }

  @Test
  void follow_aliasMoved_swapsToTheVersionThatItNames() throws IOException {
    ShelfPhoto photo =
        ShelfPhoto.of(
            "close-up",
            PhotoGenerator.seeded(20).only(SceneKind.CLOSE_UP).sized(640, 853).photo(0).jpeg());
    try (RollingRecognizer recognizer = models.open();
        AliasWatch watch = models.follow(recognizer)) {
      ShelfReading before = recognizer.recognize(photo);
      assertThat(before.tags()).hasSize(1);
      watch.look();
      assertThat(recognizer.version()).isEqualTo("text-recognizer@1");

      artifacts.alias(NAME, "production", publish(bundled("onnx")));
      watch.look();

      assertThat(recognizer.version()).isEqualTo("text-recognizer@2");
      assertThat(recognizer.recognize(photo)).isEqualTo(before);
      assertThat(recognizer.report().current().photos()).isEqualTo(1);
    }
  }

  @Test
  void follow_versionThatIsNoModel_keepsTheOneInUseAndIsNotTriedAgain() {
    int[] loads = {0};
    AliasedModels counted =
        models.artifact(
            NAME,
            (options, folder) -> {
              loads[0]++;
              options.textRecognizer(folder.resolve("text-recognizer.onnx"));
            });
    try (RollingRecognizer recognizer = counted.open();
        AliasWatch watch = counted.follow(recognizer)) {
      byte[] broken = "no model".getBytes(StandardCharsets.UTF_8);
      artifacts.alias(NAME, "production", publish(new ByteArrayInputStream(broken)));
      watch.look();
      watch.look();

      assertThat(recognizer.version()).isEqualTo("text-recognizer@1");
      assertThat(loads[0]).isEqualTo(2);
      artifacts.alias(NAME, "production", first);
      watch.look();
      assertThat(recognizer.version()).isEqualTo("text-recognizer@1");
      artifacts.removeAlias(NAME, "production", "for the test");
      watch.look();
      assertThat(recognizer.version()).isEqualTo("text-recognizer@1");
    }
  }

  @Test
  void follow_refusedVersionNamedAgainAfterAnother_isTriedAgain() {
    boolean[] broken = {true};
    AliasedModels models = failingAfterTheFirst(() -> broken[0]);
    try (RollingRecognizer recognizer = models.open();
        AliasWatch watch = models.follow(recognizer)) {
      ArtifactVersion second = publish(bundled("onnx"));
      artifacts.alias(NAME, "production", second);
      watch.look();
      artifacts.alias(NAME, "production", first);
      watch.look();
      broken[0] = false;
      artifacts.alias(NAME, "production", second);
      watch.look();

      assertThat(recognizer.version()).isEqualTo("text-recognizer@2");
    }
  }

  @Test
  void follow_refusedVersionWhoseAliasWasAway_isTriedAgain() {
    boolean[] broken = {true};
    AliasedModels models = failingAfterTheFirst(() -> broken[0]);
    try (RollingRecognizer recognizer = models.open();
        AliasWatch watch = models.follow(recognizer)) {
      ArtifactVersion second = publish(bundled("onnx"));
      artifacts.alias(NAME, "production", second);
      watch.look();
      artifacts.removeAlias(NAME, "production", "for the test");
      watch.look();
      broken[0] = false;
      artifacts.alias(NAME, "production", second);
      watch.look();

      assertThat(recognizer.version()).isEqualTo("text-recognizer@2");
    }
  }

  @Test
  void follow_recognizerClosedFirst_asksTheStoreNothing() {
    RollingRecognizer recognizer = models.open();
    try (AliasWatch watch = models.follow(recognizer)) {
      recognizer.close();
      AtomicInteger reads = new AtomicInteger();
      atRead = reads::incrementAndGet;
      watch.look();

      assertThat(reads).hasValue(0);
    }
  }

  @Test
  void follow_versionThatMeetsAnError_isNotTriedAgainAndOthersAreFollowed() {
    AtomicInteger loads = new AtomicInteger();
    AliasedModels models = failingAfterTheFirst(() -> loads.incrementAndGet() <= 1);
    try (RollingRecognizer recognizer = models.open();
        AliasWatch watch = models.follow(recognizer)) {
      artifacts.alias(NAME, "production", publish(bundled("onnx")));
      watch.look();
      watch.look();
      assertThat(recognizer.version()).isEqualTo("text-recognizer@1");
      assertThat(loads).hasValue(1);

      artifacts.alias(NAME, "production", publish(bundled("onnx")));
      watch.look();
      assertThat(recognizer.version()).isEqualTo("text-recognizer@3");
    }
  }

  /** Models of which the first opens, and the others meet an error where they should. */
  private AliasedModels failingAfterTheFirst(BooleanSupplier fails) {
    AtomicInteger opened = new AtomicInteger();
    return models.artifact(
        NAME,
        (options, folder) -> {
          if (opened.getAndIncrement() > 0 && fails.getAsBoolean()) {
            throw new UnsatisfiedLinkError("no engine for these models");
          }
          options.textRecognizer(folder.resolve("text-recognizer.onnx"));
        });
  }

  @Test
  void follow_aliasMovedToTheCandidate_promotesIt() throws IOException {
    try (RollingRecognizer recognizer = models.open();
        AliasWatch watch = models.follow(recognizer)) {
      ArtifactVersion second = publish(bundled("onnx"));
      artifacts.alias(NAME, "candidate", second);
      AliasedModels.of(artifacts, "candidate")
          .artifact(NAME, (options, folder) -> {})
          .tryOut(recognizer);
      assertThat(recognizer.candidate()).hasValue("text-recognizer@2");

      artifacts.alias(NAME, "production", second);
      watch.look();

      assertThat(recognizer.version()).isEqualTo("text-recognizer@2");
      assertThat(recognizer.candidate()).isEmpty();
      watch.close();
      artifacts.alias(NAME, "production", first);
      watch.look();
      assertThat(recognizer.version()).isEqualTo("text-recognizer@2");
    }
  }

  /** A path longer than the system takes cannot be removed by anybody, the root user included. */
  @Test
  void open_temporaryFolderThatCannotBeRemoved_doesNotGoWithoutTheModels() throws IOException {
    Path[] folders = new Path[2];
    AliasedModels leaving =
        models.artifact(
            NAME,
            (options, folder) -> {
              options.textRecognizer(folder.resolve("text-recognizer.onnx"));
              folders[0] = folder.getParent();
              folders[1] = moveDeep(folder);
            });
    try (RollingRecognizer recognizer = leaving.open()) {
      assertThat(recognizer.version()).isEqualTo("text-recognizer@1");
      assertThat(folders[0]).exists();
    } finally {
      Path back = temporary.resolve("back");
      Files.move(folders[1], back);
      Spool.remove(back);
      Spool.remove(folders[0]);
    }
  }

  private Path moveDeep(Path folder) {
    try {
      Path chain = temporary.resolve("chain");
      nest(chain);
      return Files.move(chain, nest(folder).resolve("chain"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path nest(Path folder) throws IOException {
    Path deepest = folder;
    for (int i = 0; i < 11; i++) {
      deepest = deepest.resolve("n".repeat(200));
    }
    return Files.createDirectories(deepest);
  }

  @Test
  void follow_storeThatMeetsAnError_isAskedAgain() throws Exception {
    AliasedModels often = models.lookEvery(Duration.ofMillis(5));
    CountDownLatch met = new CountDownLatch(1);
    CountDownLatch swapped = new CountDownLatch(1);
    try (RollingRecognizer recognizer = often.open();
        AliasWatch watch = often.follow(recognizer)) {
      ArtifactVersion second = publish(bundled("onnx"));
      atRead =
          () -> {
            if (Thread.currentThread().getName().equals("shelfmark-alias-watch")) {
              atRead = () -> {};
              met.countDown();
              throw new StackOverflowError("for the test");
            }
          };
      assertThat(met.await(60, TimeUnit.SECONDS)).isTrue();
      atRead =
          () -> {
            if (recognizer.version().equals("text-recognizer@2")) {
              swapped.countDown();
            }
          };
      artifacts.alias(NAME, "production", second);

      assertThat(swapped.await(60, TimeUnit.SECONDS)).isTrue();
      watch.look();
    }
  }

  @Test
  void follow_byItself_looksAtTheInterval() throws Exception {
    CountDownLatch loads = new CountDownLatch(2);
    AliasedModels often =
        models
            .options(
                () -> {
                  loads.countDown();
                  return PriceTagRecognizer.builder();
                })
            .lookEvery(Duration.ofMillis(5));
    try (RollingRecognizer recognizer = often.open()) {
      AliasWatch watch = often.follow(recognizer);
      artifacts.alias(NAME, "production", publish(bundled("onnx")));

      assertThat(loads.await(60, TimeUnit.SECONDS)).isTrue();
      watch.close(); // waits for the swap
      assertThat(recognizer.version()).isEqualTo("text-recognizer@2");
    }
  }

  @Test
  void open_noSuchAliasOrNoArtifact_isRefused() {
    assertThatThrownBy(() -> AliasedModels.of(artifacts, "production").open())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("found no artifact, expected at least one");
    assertThatThrownBy(
            () ->
                AliasedModels.of(artifacts, "staging")
                    .artifact(NAME, (options, folder) -> {})
                    .open())
        .isInstanceOf(VersionNotFoundException.class)
        .hasMessageContaining("Cannot find staging of artifact text-recognizer");
    assertThatThrownBy(() -> models.lookEvery(Duration.ZERO))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot look every PT0S: expected more than nothing");
  }
}
