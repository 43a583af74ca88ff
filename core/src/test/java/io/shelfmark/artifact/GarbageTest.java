package io.shelfmark.artifact;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shelfmark.Workspace;
import io.shelfmark.artifact.GarbageReport.Outcome;
import io.shelfmark.storage.BlobInfo;
import io.shelfmark.storage.BlobKey;
import io.shelfmark.storage.BlobStore;
import io.shelfmark.storage.CorruptBlobException;
import io.shelfmark.testing.FaultyBlobStore;
import io.shelfmark.testing.FaultyBlobStore.Fault;
import io.shelfmark.testing.FaultyBlobStore.Killed;
import io.shelfmark.testing.InMemoryBlobStore;
import io.shelfmark.testing.SettableClock;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class GarbageTest {

  private static final Duration GRACE = Duration.ofHours(1);

  private final SettableClock clock = SettableClock.create();
  private final InMemoryBlobStore store = new InMemoryBlobStore(clock);
  @TempDir Path temporary;
  private Workspace workspace;
  private Artifacts artifacts;

  @BeforeEach
  void open() {
    workspace = open(store.another(), GRACE);
    artifacts = workspace.artifacts();
  }

  @AfterEach
  void close() {
    workspace.close();
  }

  private Workspace open(BlobStore place, Duration grace) {
    return Workspace.builder()
        .store(place)
        .home(temporary.resolve("home"))
        .clock(clock)
        .threads(2)
        .retention(RetentionRule.keepLast(1))
        .gracePeriod(grace)
        .open();
  }

  private ArtifactVersion publish(Workspace by, String name, String content) {
    return by.artifacts().publish(name, "file", new ByteArrayInputStream(content.getBytes(UTF_8)));
  }

  private GarbageReport collectAfterGrace() {
    assertThat(workspace.collectGarbage().outcome()).isEqualTo(Outcome.WAITING);
    clock.advance(GRACE);
    return workspace.collectGarbage();
  }

  private static String read(ArtifactVersion version) throws Exception {
    try (InputStream stream = version.open("file")) {
      return new String(stream.readAllBytes(), UTF_8);
    }
  }

  @Test
  void collect_waitsForTheGracePeriodByTheStoresClock() {
    publish(workspace, "model", "1");
    publish(workspace, "model", "2");
    GarbageReport first = workspace.collectGarbage();
    assertThat(first.outcome()).isEqualTo(Outcome.WAITING);
    assertThat(first.condemned()).isEqualTo(4);
    assertThat(first.dueAt()).contains(clock.instant().plus(GRACE));
    clock.advance(GRACE.minusSeconds(1));
    assertThat(workspace.collectGarbage().outcome()).isEqualTo(Outcome.WAITING);
    assertThat(artifacts.versions("model")).hasSize(2);
    clock.advance(Duration.ofSeconds(1));
    GarbageReport last = workspace.collectGarbage();
    assertThat(last.outcome()).isEqualTo(Outcome.CLEAN);
    assertThat(last.keys()).hasSize(4);
    assertThat(artifacts.versions("model")).extracting(ArtifactVersion::number).containsExactly(2L);
  }

  @Test
  void collect_deletesExactlyWhatTheDryRunLists() {
    for (int i = 0; i < 5; i++) {
      publish(workspace, "model", "content " + i);
    }
    GarbageReport dry = workspace.findGarbage();
    assertThat(dry.outcome()).isEqualTo(Outcome.DRY_RUN);
    assertThat(dry.keys()).hasSize(16);
    GarbageReport real = collectAfterGrace();
    assertThat(real.keys()).isEqualTo(dry.keys());
    assertThat(real.bytes()).isEqualTo(dry.bytes());
    assertThat(workspace.findGarbage().keys()).isEmpty();
  }

  @Test
  void version_collected_leavesItsNumberBehind() {
    ArtifactVersion first = publish(workspace, "model", "1");
    publish(workspace, "model", "2");
    collectAfterGrace();
    assertThat(artifacts.find("model", "1")).isEmpty();
    assertThatThrownBy(() -> artifacts.require("model", 1))
        .isInstanceOf(VersionNotFoundException.class)
        .hasMessageContaining("Cannot read artifact:model@1: found that it was collected at");
    assertThatThrownBy(() -> artifacts.alias("model", "production", first))
        .isInstanceOf(VersionNotFoundException.class)
        .hasMessageContaining("was collected");
    assertThat(publish(workspace, "model", "3").number()).isEqualTo(3);
  }

  @Test
  void collect_keepsWhatAliasesReferencesLeasesAndInputsLeadTo() throws Exception {
    ArtifactVersion input = publish(workspace, "data", "input");
    publish(workspace, "data", "later");
    ArtifactVersion aliased;
    try (NewArtifactVersion version = artifacts.newVersion("model")) {
      aliased =
          version
              .addStream("file", new ByteArrayInputStream("aliased".getBytes(UTF_8)))
              .input(input.ref())
              .publish();
    }
    ArtifactVersion referred = publish(workspace, "model", "referred");
    ArtifactVersion leased = publish(workspace, "model", "leased");
    ArtifactVersion garbage = publish(workspace, "model", "garbage");
    publish(workspace, "model", "last");
    artifacts.alias("model", "production", garbage, "a mistake");
    artifacts.alias("model", "production", aliased, "the right one");
    workspace.references().keep("run:42", List.of(referred.ref()));
    try (var lease = workspace.references().lease(List.of(leased.ref()))) {
      assertThat(lease).isNotNull();
      workspace.collectGarbage();
      assertThat(artifacts.find("model", "4")).isPresent();
      // the clock of the store stands still for the lease: no time passes between the two calls
      try (Workspace eager = open(store.another(), Duration.ZERO)) {
        eager.collectGarbage();
      }
    }
    assertThat(artifacts.find("model", "4")).isEmpty();
    for (ArtifactVersion kept : List.of(input, aliased, referred, leased)) {
      assertThat(read(kept)).isNotEmpty();
    }
    assertThat(artifacts.history("model", "production")).hasSize(2);

    workspace.references().release("run:42");
    collectAfterGrace();
    assertThat(artifacts.versions("model")).hasSize(2);
    assertThat(artifacts.versions("data")).hasSize(2);
  }

  @Test
  void alias_removed_keepsItsVersionNoLongerAndItsHistoryForever() {
    ArtifactVersion first = publish(workspace, "model", "1");
    publish(workspace, "model", "2");
    artifacts.alias("model", "production", first, "release");
    artifacts.removeAlias("model", "production", "recalled");
    collectAfterGrace();
    assertThat(artifacts.find("model", "1")).isEmpty();
    assertThat(artifacts.history("model", "production"))
        .extracting(AliasMove::reason)
        .containsExactly("recalled", "release");
  }

  @Test
  void content_condemnedAndAddedAgain_survives() throws Exception {
    publish(workspace, "model", "old");
    publish(workspace, "model", "new");
    workspace.collectGarbage();
    ArtifactVersion again = publish(workspace, "model", "old");
    clock.advance(GRACE);
    workspace.collectGarbage();
    assertThat(read(again)).isEqualTo("old");
    assertThat(artifacts.find("model", "1")).isEmpty();
  }

  @Test
  void version_condemnedAndAliasedAgain_survivesWithItsInputs() throws Exception {
    ArtifactVersion first = publish(workspace, "model", "first");
    publish(workspace, "model", "last");
    workspace.collectGarbage();
    artifacts.alias("model", "production", first);
    clock.advance(GRACE);
    workspace.collectGarbage();
    assertThat(read(artifacts.require("model", "production"))).isEqualTo("first");
  }

  @Test
  void writer_thatBeganBefore_isWaitedFor() throws Exception {
    publish(workspace, "model", "old");
    publish(workspace, "model", "new");
    try (Workspace other = open(store.another(), GRACE);
        NewArtifactVersion slow = other.artifacts().newVersion("model")) {
      slow.addStream("file", new ByteArrayInputStream("old".getBytes(UTF_8)));
      List<GarbageReport> meanwhile = new ArrayList<>();
      slow.progress(
          progress -> {
            // its content was found present; it is condemned before the version is claimed
            meanwhile.add(workspace.collectGarbage());
            clock.advance(Duration.ofSeconds(90));
            try (Workspace eager = open(store.another(), Duration.ZERO)) {
              meanwhile.add(eager.collectGarbage());
            }
          });
      ArtifactVersion version = slow.publish();
      assertThat(meanwhile).extracting(GarbageReport::outcome).containsOnly(Outcome.WAITING);
      assertThat(read(version)).isEqualTo("old");
      clock.advance(GRACE);
      workspace.collectGarbage();
      assertThat(read(version)).isEqualTo("old");
    }
  }

  @Test
  void collector_killedAtAnyWrite_losesNothingAndIsFinishedByTheNext() throws Exception {
    for (Fault fault : List.of(Fault.KILL_BEFORE, Fault.KILL_AFTER)) {
      for (int at = 1; ; at++) {
        InMemoryBlobStore place = new InMemoryBlobStore(clock);
        try (Workspace honest = open(place.another(), Duration.ZERO)) {
          for (int i = 0; i < 3; i++) {
            publish(honest, "model", "content " + i);
          }
          FaultyBlobStore faulty = new FaultyBlobStore(place.another());
          boolean killed = false;
          try (Workspace dying = open(faulty, Duration.ZERO)) {
            faulty.failAt(at, fault);
            dying.collectGarbage();
          } catch (Killed e) {
            killed = true;
          }
          clock.advance(Duration.ofMinutes(5));
          // a writer that re-adds collected content, then the next collector
          ArtifactVersion again = publish(honest, "model", "content 0");
          honest.collectGarbage();
          honest.collectGarbage();
          assertThat(read(again)).isEqualTo("content 0");
          assertThat(again.number()).isEqualTo(4);
          assertThat(honest.findGarbage().keys()).as("killed at %d", at).isEmpty();
          try (Stream<BlobInfo> rest = place.list("gc/")) {
            assertThat(rest.map(info -> info.key().value())).as("killed at %d", at).isEmpty();
          }
          if (!killed) {
            assertThat(at).isGreaterThan(10);
            break;
          }
        }
      }
    }
  }

  @Test
  void collect_damagedManifest_deletesNothing() {
    publish(workspace, "model", "1");
    ArtifactVersion last = publish(workspace, "model", "2");
    long before = count();
    store.flipByte(BlobKey.of(last.digest()), 25);
    assertThatThrownBy(workspace::collectGarbage)
        .isInstanceOf(CorruptBlobException.class)
        .hasMessageContaining(last.digest().toString());
    assertThat(count()).isEqualTo(before);
  }

  private long count() {
    try (Stream<BlobInfo> blobs = store.list("")) {
      return blobs.count();
    }
  }

  @Test
  void writers_reAddingOldContentBesideACollectorThatNeverStops_loseNothing() throws Exception {
    int writers = 8;
    int rounds = 12;
    AtomicBoolean stop = new AtomicBoolean();
    CyclicBarrier barrier = new CyclicBarrier(writers + 1);
    ExecutorService executor = Executors.newFixedThreadPool(writers + 1);
    try {
      List<Future<?>> futures = new ArrayList<>();
      for (int writer = 0; writer < writers; writer++) {
        int number = writer;
        futures.add(
            executor.submit(
                () -> {
                  try (Workspace own = open(store.another(), Duration.ZERO)) {
                    barrier.await(30, TimeUnit.SECONDS);
                    for (int round = 0; round < rounds; round++) {
                      // three contents that all writers share, and that turn to garbage in turn
                      String content = "content " + (number + round) % 3;
                      ArtifactVersion version = publish(own, "model-" + number, content);
                      assertThat(read(version)).isEqualTo(content);
                    }
                  }
                  return null;
                }));
      }
      Future<Long> collector =
          executor.submit(
              () -> {
                long deleted = 0;
                try (Workspace own = open(store.another(), Duration.ZERO)) {
                  barrier.await(30, TimeUnit.SECONDS);
                  while (!stop.get()) {
                    deleted += own.collectGarbage().keys().size();
                  }
                }
                return deleted;
              });
      for (Future<?> future : futures) {
        future.get(100, TimeUnit.SECONDS);
      }
      stop.set(true);
      assertThat(collector.get(100, TimeUnit.SECONDS)).isPositive();
      for (int writer = 0; writer < writers; writer++) {
        assertThat(artifacts.latest("model-" + writer))
            .hasValueSatisfying(
                version -> {
                  assertThat(version.number()).isEqualTo(rounds);
                  assertThat(version.files()).hasSize(1);
                });
        assertThat(read(artifacts.latest("model-" + writer).orElseThrow())).isNotEmpty();
      }
    } finally {
      stop.set(true);
      executor.shutdownNow();
    }
  }
}
