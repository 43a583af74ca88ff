package io.shelfmark.artifact;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shelfmark.Workspace;
import io.shelfmark.storage.BlobContent;
import io.shelfmark.storage.BlobKey;
import io.shelfmark.storage.BlobStore;
import io.shelfmark.storage.CorruptBlobException;
import io.shelfmark.testing.FaultyBlobStore;
import io.shelfmark.testing.FaultyBlobStore.Fault;
import io.shelfmark.testing.FaultyBlobStore.Killed;
import io.shelfmark.testing.InMemoryBlobStore;
import io.shelfmark.testing.SettableClock;
import io.shelfmark.testing.WorkingFilesContract;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class WorkingFilesTest extends WorkingFilesContract {

  private static final BlobKey POINTER = BlobKey.of("files/a=");

  private final SettableClock clock = SettableClock.create();
  private final InMemoryBlobStore place = new InMemoryBlobStore(clock);

  @Override
  protected BlobStore open() {
    return place.another();
  }

  private Workspace workspace(BlobStore store, Duration grace) {
    return Workspace.builder()
        .store(store)
        .home(temporary.resolve("home"))
        .clock(clock)
        .threads(1)
        .gracePeriod(grace)
        .open();
  }

  private static void put(Workspace workspace, String content) {
    workspace.files().put("a", new ByteArrayInputStream(content.getBytes(UTF_8)));
  }

  private static String read(Workspace workspace) throws Exception {
    try (InputStream stream = workspace.files().open("a")) {
      return new String(stream.readAllBytes(), UTF_8);
    }
  }

  private static BlobKey blob(String content) {
    return BlobKey.of(io.shelfmark.storage.Digest.of(content.getBytes(UTF_8)));
  }

  @Test
  void uploads_inMemory_areNotOffered() {
    try (Workspace workspace = workspace(new InMemoryBlobStore(clock), Duration.ZERO)) {
      assertThat(workspace.files().uploads()).isEmpty();
    }
  }

  @Test
  void put_killedAtAnyWrite_showsTheOldStateOrTheNew() throws Exception {
    for (Fault fault : List.of(Fault.KILL_BEFORE, Fault.KILL_AFTER, Fault.LOSE_REPLY, Fault.FAIL)) {
      for (int at = 1; ; at++) {
        InMemoryBlobStore fresh = new InMemoryBlobStore(clock);
        try (Workspace honest = workspace(fresh.another(), Duration.ZERO)) {
          put(honest, "old");
          FaultyBlobStore faulty = new FaultyBlobStore(fresh.another());
          boolean failed = false;
          try (Workspace dying = workspace(faulty, Duration.ZERO)) {
            faulty.failAt(at, fault);
            put(dying, "new");
          } catch (Killed | RuntimeException e) {
            failed = true;
          }
          clock.advance(Duration.ofMinutes(5));
          assertThat(read(honest)).as("%s at %d", fault, at).isIn("old", "new");
          honest.collectGarbage();
          assertThat(read(honest)).isIn("old", "new");
          assertThat(honest.verify().isSound()).isTrue();
          if (!failed) {
            assertThat(read(honest)).isEqualTo("new");
            assertThat(at).isGreaterThan(4);
            break;
          }
        }
      }
    }
  }

  @Test
  void content_condemnedAndPutAgain_survives() throws Exception {
    Duration grace = Duration.ofHours(1);
    try (Workspace workspace = workspace(open(), grace)) {
      put(workspace, "old");
      put(workspace, "new");
      workspace.collectGarbage();
      put(workspace, "old");
      clock.advance(grace);
      workspace.collectGarbage();
      assertThat(read(workspace)).isEqualTo("old");
      assertThat(place.head(blob("new"))).isPresent();
    }
  }

  @Test
  void workingFile_condemnedAndPublished_survives() throws Exception {
    Duration grace = Duration.ofHours(1);
    try (Workspace workspace = workspace(open(), grace);
        NewArtifactVersion draft = workspace.artifacts().newVersion("model")) {
      put(workspace, "weights");
      WorkingFile file = workspace.files().find("a").orElseThrow();
      workspace.files().delete("a");
      workspace.collectGarbage();
      ArtifactVersion version = draft.addFile("w", file).publish();
      clock.advance(grace);
      workspace.collectGarbage();
      try (InputStream stream = version.open("w")) {
        assertThat(stream.readAllBytes()).hasSize(7);
      }
    }
  }

  @Test
  void open_flippedByte_isAnErrorThatNamesTheContent() {
    try (Workspace workspace = workspace(open(), Duration.ZERO)) {
      put(workspace, "content");
      place.flipByte(blob("content"), 3);
      assertThatThrownBy(() -> read(workspace)).isInstanceOf(CorruptBlobException.class);
      assertThat(workspace.verify().faults())
          .extracting(fault -> fault.key() + " " + fault.problem())
          .hasSize(2)
          .contains("files/a= found content of file a damaged");
      place.delete(blob("content"));
      assertThat(workspace.verify().faults())
          .extracting(fault -> fault.key() + " " + fault.problem())
          .containsExactly("files/a= found content of file a missing");
    }
  }

  @Test
  void collect_unreadablePointer_deletesNothing() {
    try (Workspace workspace = workspace(open(), Duration.ZERO)) {
      put(workspace, "old");
      put(workspace, "new");
      place.put(POINTER, BlobContent.of("{".getBytes(UTF_8)));
      assertThatThrownBy(workspace::collectGarbage).hasMessageContaining("Cannot read files/a=");
      assertThat(place.head(blob("old"))).isPresent();
      assertThat(workspace.verify().faults())
          .extracting(fault -> fault.key().value())
          .containsExactly("files/a=");
    }
  }
}
