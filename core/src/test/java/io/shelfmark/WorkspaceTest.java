package io.shelfmark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shelfmark.testing.InMemoryBlobStore;
import io.shelfmark.testing.SettableClock;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkspaceTest {

  /** Something that another module adds. */
  private record Companion(Runnable onClose) implements AutoCloseable {
    @Override
    public void close() {
      onClose.run();
    }
  }

  /** Something else. */
  private record Other() implements AutoCloseable {
    @Override
    public void close() {}
  }

  @TempDir Path home;

  private Workspace workspace() {
    return Workspace.builder()
        .store(new InMemoryBlobStore(SettableClock.at(Instant.EPOCH)))
        .home(home)
        .open();
  }

  @Test
  void companion_askedForTwice_isOneAndClosesOnce() {
    List<String> closed = new ArrayList<>();
    Workspace workspace = workspace();
    Companion made =
        workspace.companion(Companion.class, () -> new Companion(() -> closed.add("it")));
    assertThat(workspace.companion(Companion.class, () -> new Companion(() -> {}))).isSameAs(made);
    workspace.close();
    workspace.close();
    assertThat(closed).containsExactly("it");
  }

  @Test
  void companion_askedForWhileTheWorkspaceCloses_isNotMadeAgain() {
    Workspace workspace = workspace();
    List<Throwable> refused = new ArrayList<>();
    workspace.companion(
        Companion.class,
        () ->
            new Companion(
                () -> {
                  try {
                    workspace.companion(Other.class, Other::new);
                  } catch (IllegalStateException e) {
                    refused.add(e);
                  }
                }));
    workspace.close();
    assertThat(refused).hasSize(1);
    assertThatThrownBy(() -> workspace.companion(Other.class, Other::new))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("is closed");
  }
}
