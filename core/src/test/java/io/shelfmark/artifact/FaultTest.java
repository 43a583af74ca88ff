package io.shelfmark.artifact;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shelfmark.Workspace;
import io.shelfmark.storage.BlobInfo;
import io.shelfmark.storage.BlobStore;
import io.shelfmark.storage.StorageException;
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
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A fault at every single write of publishing and moving an alias. */
@Timeout(120)
class FaultTest {

  private final SettableClock clock = SettableClock.create();
  @TempDir Path temporary;

  /** What a process does: publishes with two files, and moves an alias to it. */
  private static void work(Workspace workspace, List<ArtifactVersion> returned) {
    try (NewArtifactVersion version = workspace.artifacts().newVersion("model")) {
      returned.add(
          version
              .addStream("a", new ByteArrayInputStream("first".getBytes(UTF_8)))
              .addStream("b", new ByteArrayInputStream(String.valueOf(returned).getBytes(UTF_8)))
              .publish());
    }
    workspace.artifacts().alias("model", "production", returned.get(returned.size() - 1), "new");
  }

  private Workspace open(BlobStore store) {
    return Workspace.builder()
        .store(store)
        .home(temporary.resolve("home"))
        .clock(clock)
        .threads(1)
        .gracePeriod(Duration.ZERO)
        .open();
  }

  private int writesOfWork() {
    FaultyBlobStore counted = new FaultyBlobStore(new InMemoryBlobStore(clock));
    try (Workspace workspace = open(counted)) {
      List<ArtifactVersion> returned = new ArrayList<>();
      work(workspace, returned);
      int before = counted.writes();
      work(workspace, returned);
      return counted.writes() - before;
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Fault.class,
      names = {"KILL_BEFORE", "KILL_AFTER", "FAIL"})
  void work_endedAtAnyWrite_leavesTheOldStateOrTheNew(Fault fault) throws Exception {
    int writes = writesOfWork();
    assertThat(writes).isGreaterThan(8);
    for (int at = 1; at <= writes; at++) {
      InMemoryBlobStore store = new InMemoryBlobStore(clock);
      FaultyBlobStore faulty = new FaultyBlobStore(store);
      List<ArtifactVersion> returned = new ArrayList<>();
      try (Workspace workspace = open(faulty)) {
        work(workspace, returned);
        faulty.failAt(at, fault);
        assertThatThrownBy(() -> work(workspace, returned))
            .isInstanceOfAny(Killed.class, StorageException.class);
      }
      try (Workspace workspace = open(store.another())) {
        Artifacts artifacts = workspace.artifacts();
        List<ArtifactVersion> versions = artifacts.versions("model");
        assertThat(versions).as("fault at write %d", at).containsAll(returned);
        requireWhole(versions);
        long production = artifacts.require("model", "production").number();
        assertThat(production).isBetween(1L, (long) versions.size());
        assertThat(artifacts.history("model", "production")).hasSize((int) production);

        work(workspace, returned);
        assertThat(artifacts.require("model", "production").number())
            .isEqualTo(versions.size() + 1L);
        requireNoLeftovers(workspace, store);
        requireWhole(artifacts.versions("model"));
      }
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Fault.class,
      names = {"LOSE_REPLY", "REPEAT"})
  void pointer_whoseReplyIsLost_isRecognizedAsOwn(Fault fault) throws Exception {
    int writes = writesOfWork();
    int recognized = 0;
    for (int at = 1; at <= writes; at++) {
      FaultyBlobStore faulty = new FaultyBlobStore(new InMemoryBlobStore(clock));
      try (Workspace workspace = open(faulty)) {
        List<ArtifactVersion> returned = new ArrayList<>();
        work(workspace, returned);
        faulty.failAt(at, fault);
        try {
          work(workspace, returned);
          recognized++;
        } catch (StorageException e) {
          // a lease or content whose reply was lost: begun again by the caller
          assertThat(e).hasMessageContaining("the reply was lost");
          assertThat(fault).isEqualTo(Fault.LOSE_REPLY);
        }
        Artifacts artifacts = workspace.artifacts();
        assertThat(artifacts.versions("model").size()).isLessThanOrEqualTo(2);
        assertThat(artifacts.history("model", "production").size()).isLessThanOrEqualTo(2);
      }
    }
    // the version's claim and the alias's move at least
    assertThat(recognized).isGreaterThanOrEqualTo(fault == Fault.REPEAT ? writes : 2);
  }

  @Test
  void store_readOnly_isReadAndNotWritten() {
    InMemoryBlobStore store = new InMemoryBlobStore(clock);
    List<ArtifactVersion> returned = new ArrayList<>();
    try (Workspace workspace = open(store)) {
      work(workspace, returned);
    }
    FaultyBlobStore faulty = new FaultyBlobStore(store.another());
    try (Workspace workspace = open(faulty)) {
      faulty.failAt(1, Fault.FAIL);
      assertThat(workspace.artifacts().require("model", "production").files()).hasSize(2);
      assertThat(faulty.writes()).isZero();
    }
  }

  private static void requireWhole(List<ArtifactVersion> versions) throws Exception {
    for (int i = 0; i < versions.size(); i++) {
      assertThat(versions.get(i).number()).isEqualTo(i + 1);
      for (FileEntry file : versions.get(i).files()) {
        try (InputStream stream = versions.get(i).open(file.path())) {
          assertThat(stream.readAllBytes()).hasSize((int) file.size());
        }
      }
    }
  }

  /** After the leases of the dead have run out, only what is referred to is left. */
  private void requireNoLeftovers(Workspace workspace, InMemoryBlobStore store) {
    clock.advance(Duration.ofMinutes(10));
    workspace.collectGarbage();
    assertThat(workspace.findGarbage().keys()).isEmpty();
    try (Stream<BlobInfo> rest = Stream.concat(store.list("leases/"), store.list("gc/"))) {
      assertThat(rest).isEmpty();
    }
  }
}
