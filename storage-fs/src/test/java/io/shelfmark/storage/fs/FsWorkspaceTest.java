package io.shelfmark.storage.fs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shelfmark.Progress;
import io.shelfmark.Workspace;
import io.shelfmark.dataset.Checkout;
import io.shelfmark.dataset.CheckoutMode;
import io.shelfmark.dataset.CheckoutOptions;
import io.shelfmark.dataset.Damage;
import io.shelfmark.dataset.DatasetVersion;
import io.shelfmark.storage.BlobKey;
import io.shelfmark.storage.StorageException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class FsWorkspaceTest {

  @TempDir Path temporary;
  private Path folder;

  @BeforeEach
  void writePhotos() throws Exception {
    folder = Files.createDirectories(temporary.resolve("photos"));
    Files.writeString(folder.resolve("a"), "content");
  }

  @Test
  void workspace_reopened_hasWhatWasCommitted() {
    try (Workspace workspace = Workspace.open(temporary.resolve("w"))) {
      workspace.dataset("d").newCommit().addDirectory(folder).commit();
    }
    try (Workspace workspace = Workspace.open(temporary.resolve("w"))) {
      assertThat(workspace.dataset("d").require(1).fileCount()).isEqualTo(1);
    }
  }

  @Test
  void workspace_ofAnotherFormat_isRefusedWithBothNumbers() throws Exception {
    Path store = Files.createDirectories(temporary.resolve("w/store"));
    Files.writeString(store.resolve("format"), "{\"format\":2}");
    assertThatThrownBy(() -> Workspace.open(temporary.resolve("w")))
        .isInstanceOf(StorageException.class)
        .hasMessageContaining("found format 2, expected format 1");
  }

  @Test
  void checkout_byLink_sharesBytesAndAChangeIsNamedAndMended() throws Exception {
    try (Workspace workspace = Workspace.open(temporary.resolve("w"))) {
      DatasetVersion version = workspace.dataset("d").newCommit().addDirectory(folder).commit();
      Checkout checkout =
          version.checkout(
              temporary.resolve("linked"), CheckoutOptions.defaults().mode(CheckoutMode.LINK));
      Path link = checkout.directory().resolve("a");
      Path blob =
          temporary.resolve("w/store").resolve(BlobKey.of(version.require("a").digest()).value());
      assertThat(Files.isSameFile(link, blob)).isTrue();
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(link)))
          .doesNotContain("w");

      Files.setPosixFilePermissions(link, PosixFilePermissions.fromString("rw-rw-rw-"));
      Files.writeString(link, "changed");
      assertThat(version.verify(Progress.Listener.NONE))
          .extracting(Damage::file)
          .containsExactly(version.require("a").file());
      assertThat(workspace.restore(folder.resolve("a"))).isTrue();
      assertThat(version.verify(Progress.Listener.NONE)).isEmpty();
      assertThat(link).hasContent("changed");
    }
  }

  @Test
  void checkout_byCopy_isTheCallersOwn() throws Exception {
    try (Workspace workspace = Workspace.open(temporary.resolve("w"))) {
      DatasetVersion version = workspace.dataset("d").newCommit().addDirectory(folder).commit();
      Path copy = version.checkout(temporary.resolve("copy")).directory().resolve("a");
      Files.writeString(copy, "changed");
      assertThat(version.verify(Progress.Listener.NONE)).isEmpty();
    }
  }
}
