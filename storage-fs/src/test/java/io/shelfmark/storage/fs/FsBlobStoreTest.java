package io.shelfmark.storage.fs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shelfmark.storage.BlobContent;
import io.shelfmark.storage.BlobKey;
import io.shelfmark.storage.BlobStore;
import io.shelfmark.storage.StorageException;
import io.shelfmark.testing.BlobStoreContract;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class FsBlobStoreTest extends BlobStoreContract {

  private static final BlobKey KEY = BlobKey.of("folder/key");

  private Path folder() {
    return temporary.resolve("store");
  }

  @Override
  public BlobStore open() {
    return FsBlobStore.open(folder());
  }

  @Test
  void address_ofAFile_opensTheFolder() {
    store.put(KEY, BlobContent.of("x".getBytes(UTF_8)));
    try (BlobStore found = BlobStore.open(folder().toUri())) {
      assertThat(found).isInstanceOf(FsBlobStore.class);
      assertThat(found.head(KEY)).isPresent();
    }
  }

  @Test
  void address_ofUnknownScheme_namesTheAdapterToAdd() {
    assertThatThrownBy(() -> BlobStore.open(URI.create("s3://bucket")))
        .isInstanceOf(StorageException.class)
        .hasMessageContaining("found adapters for [file]")
        .hasMessageContaining("io.shelfmark:shelfmark-storage-s3");
  }

  @Test
  void publishedFiles_areReadOnly() throws Exception {
    store.put(KEY, BlobContent.of("x".getBytes(UTF_8)));
    assertThat(Files.getPosixFilePermissions(folder().resolve("folder/key")).toString())
        .doesNotContain("WRITE");
  }

  @Test
  void foreignFiles_areNotListed() throws Exception {
    store.put(KEY, BlobContent.of("x".getBytes(UTF_8)));
    Files.writeString(folder().resolve("folder/.hidden"), "x");
    Files.writeString(folder().resolve("folder/UPPER case"), "x");
    try (Stream<?> blobs = store.list("")) {
      assertThat(blobs).hasSize(1);
    }
  }

  @Test
  void folderThatIsAFile_isRefused() throws Exception {
    Path file = Files.writeString(temporary.resolve("file"), "x");
    assertThatThrownBy(() -> FsBlobStore.open(file.resolve("store")))
        .isInstanceOf(StorageException.class)
        .hasMessageContaining("Cannot open store in " + file);
  }

  @Test
  void keyThatIsAFolderOfAnother_isRefusedWithoutHarm() throws Exception {
    store.put(KEY, BlobContent.of("x".getBytes(UTF_8)));
    assertThatThrownBy(() -> store.put(BlobKey.of("folder"), BlobContent.of(new byte[1])))
        .isInstanceOf(StorageException.class)
        .hasMessageContaining("Cannot write blob folder");
    assertThatThrownBy(() -> store.put(BlobKey.of("folder/key/x"), BlobContent.of(new byte[1])))
        .isInstanceOf(StorageException.class)
        .hasMessageContaining("Cannot write blob folder/key/x");
    assertThat(store.head(BlobKey.of("folder/key/x"))).isEmpty();
    assertThat(store.head(KEY)).isPresent();
  }

  @Test
  void scratch_ofAnOpenStore_isLeftAlone() throws Exception {
    try (BlobStore other = open();
        Stream<Path> files = Files.list(folder().resolve(".scratch"))) {
      assertThat(files.filter(file -> !file.toString().endsWith(".lock"))).hasSize(2);
    }
  }
}
