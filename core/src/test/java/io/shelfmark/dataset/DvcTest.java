package io.shelfmark.dataset;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shelfmark.storage.BlobContent;
import io.shelfmark.storage.BlobKey;
import io.shelfmark.storage.StorageException;
import io.shelfmark.testing.InMemoryBlobStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Against values that DVC itself wrote. */
class DvcTest extends DatasetFixture {

  private static final String HELLO = "b1946ac92492d2347c6235b4d2611184";
  private static final String X = "9dd4e461268c8034f5c8564e155c67a6";
  private static final String DIR = "1de1785500f38b0fdf03b570f39e51a3";
  private static final String LISTING =
      "[{\"md5\": \"b1946ac92492d2347c6235b4d2611184\", \"relpath\": \"Z.txt\"}, "
          + "{\"md5\": \"b1946ac92492d2347c6235b4d2611184\", \"relpath\": \"a.txt\"}, "
          + "{\"md5\": \"9dd4e461268c8034f5c8564e155c67a6\", \"relpath\": \"sub/\\u03a9.bin\"}]";

  private final InMemoryBlobStore bucket = new InMemoryBlobStore();

  @AfterEach
  void spool_isEmpty() {
    assertThat(temporary.resolve("home/spool"))
        .satisfiesAnyOf(
            spool -> assertThat(spool).isEmptyDirectory(),
            spool -> assertThat(spool).doesNotExist());
  }

  private Path remote() {
    return temporary.resolve("remote");
  }

  private void object(String key, String content) throws Exception {
    Path file = remote().resolve(key);
    Files.createDirectories(file.getParent());
    Files.writeString(file, content);
    bucket.put(BlobKey.of(key), BlobContent.of(content.getBytes(UTF_8)));
  }

  /** The golden folder under a prefix: DVC 3's or, empty, DVC 2's. */
  private void golden(String prefix) throws Exception {
    object(prefix + "b1/946ac92492d2347c6235b4d2611184", "hello\n");
    object(prefix + "9d/d4e461268c8034f5c8564e155c67a6", "x");
    object(prefix + "1d/e1785500f38b0fdf03b570f39e51a3.dir", LISTING);
  }

  private Path dvcFile(String text) throws Exception {
    return Files.writeString(temporary.resolve("photos.dvc"), text);
  }

  private Path three() throws Exception {
    return dvcFile(
        "outs:\n- md5: " + DIR + ".dir\n  size: 13\n  nfiles: 3\n  hash: md5\n  path: photos\n");
  }

  private void assertGolden(DatasetVersion version) throws Exception {
    assertThat(paths(version)).containsExactly("Z.txt", "a.txt", "sub/Ω.bin");
    assertThat(read(version, "Z.txt")).isEqualTo("hello\n");
    assertThat(read(version, "sub/Ω.bin")).isEqualTo("x");
  }

  @Test
  void import_layoutThree_givesTheFiles() throws Exception {
    golden("files/md5/");
    commit("old", "is replaced");
    DatasetVersion version = photos.importDvc(DvcRemote.at(remote()), three());
    assertGolden(version);
    assertThat(version.provenance().message()).isEqualTo("Imported from DVC: photos.dvc");
    assertThat(photos.importDvc(DvcRemote.at(remote()), three())).isEqualTo(version);
  }

  @Test
  void import_fromABucket_givesTheFiles() throws Exception {
    golden("files/md5/");
    assertGolden(photos.importDvc(DvcRemote.in(bucket), three()));
  }

  @Test
  void import_layoutTwo_givesTheFiles() throws Exception {
    golden("");
    Path two = dvcFile("outs:\n- md5: " + DIR + ".dir\n  path: photos\n");
    assertGolden(photos.importDvc(DvcRemote.at(remote()), two));
  }

  @Test
  void import_layoutTwoTextWithReturns_isCheckedAsDvcHashedIt() throws Exception {
    object("b1/946ac92492d2347c6235b4d2611184", "hello\r\n");
    Path two = dvcFile("outs:\n- md5: " + HELLO + "\n  path: a.txt\n");
    assertThat(read(photos.importDvc(DvcRemote.at(remote()), two), "a.txt")).isEqualTo("hello\r\n");

    object("files/md5/b1/946ac92492d2347c6235b4d2611184", "hello\r\n");
    Path three = dvcFile("outs:\n- md5: " + HELLO + "\n  hash: md5\n  path: a.txt\n");
    assertThatThrownBy(() -> photos.importDvc(DvcRemote.at(remote()), three))
        .isInstanceOf(StorageException.class)
        .hasMessageContaining("found bytes of MD5");
  }

  @Test
  void import_severalOuts_keepTheirNames() throws Exception {
    golden("files/md5/");
    Path several =
        dvcFile(
            "outs:\n- {md5: "
                + DIR
                + ".dir, hash: md5, path: photos}\n- {md5: "
                + X
                + ", hash: md5, path: x.bin}\n");
    assertThat(paths(photos.importDvc(DvcRemote.at(remote()), several)))
        .containsExactly("photos/Z.txt", "photos/a.txt", "photos/sub/Ω.bin", "x.bin");
  }

  @Test
  void import_damagedOrMissingObject_isNamedAndNothingCommitted() throws Exception {
    golden("files/md5/");
    object("files/md5/9d/d4e461268c8034f5c8564e155c67a6", "y");
    assertRefused(three(), "found bytes of MD5 415290769594460e2e485922904f345d, expected " + X);
    Files.delete(remote().resolve("files/md5/9d/d4e461268c8034f5c8564e155c67a6"));
    assertRefused(three(), "found no such object");
    object("files/md5/1d/e1785500f38b0fdf03b570f39e51a3.dir", LISTING + " ");
    assertRefused(three(), "expected " + DIR);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "outs: 3",
        "outs: [{path: a}]",
        "outs: [{path: a, md5: 12}]",
        "outs: [{path: a, md5: xyz}]",
        "outs: [{path: a, md5: b1946ac92492d2347c6235b4d2611184, hash: sha256}]",
        "outs: [&a [*a]]",
        "{{{"
      })
  void import_noDvcFile_isRefused(String text) throws Exception {
    assertRefused(dvcFile(text), "Cannot read ");
  }

  @Test
  void import_pathThatClimbsOut_isRefused() throws Exception {
    String listing = "[{\"md5\": \"" + X + "\", \"relpath\": \"../../evil\"}]";
    object("files/md5/9d/d4e461268c8034f5c8564e155c67a6", "x");
    String found = digest(listing);
    object("files/md5/" + found.substring(0, 2) + "/" + found.substring(2) + ".dir", listing);
    Path file = dvcFile("outs:\n- {md5: " + found + ".dir, hash: md5, path: photos}\n");
    assertThatThrownBy(() -> photos.importDvc(DvcRemote.at(remote()), file))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("found the name ..");
    assertThat(photos.latest()).isEmpty();
  }

  private static String digest(String text) throws Exception {
    return HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(text.getBytes(UTF_8)));
  }

  @Test
  void export_writesWhatDvcWouldWrite() throws Exception {
    DatasetVersion version = commit("Z.txt", "hello\n", "a.txt", "hello\n", "sub/Ω.bin", "x");
    Path file = temporary.resolve("photos.dvc");
    version.exportDvc(DvcRemote.at(remote()), file);
    assertThat(file)
        .hasContent(
            "outs:\n- md5: "
                + DIR
                + ".dir\n  size: 13\n  nfiles: 3\n  hash: md5\n  path: photos\n");
    assertThat(remote().resolve("files/md5/1d/e1785500f38b0fdf03b570f39e51a3.dir"))
        .hasContent(LISTING)
        .hasSize(204);
    assertThat(remote().resolve("files/md5/b1/946ac92492d2347c6235b4d2611184"))
        .hasContent("hello\n");
    try (Stream<Path> files = Files.walk(remote())) {
      assertThat(files.filter(Files::isRegularFile)).hasSize(3);
    }
  }

  @Test
  void export_thenImport_isTheSame() throws Exception {
    DatasetVersion version =
        commit("a \"quoted\" name", "1", "back", "2", "𝄞", "3", "\uffee", "4", "ё/й", "5");
    Path file = temporary.resolve("on.dvc");
    version.exportDvc(DvcRemote.in(bucket), file);
    assertThat(file).content().contains("path: \"on\"");
    Dataset other = workspace.dataset("other");
    assertThat(other.importDvc(DvcRemote.in(bucket), file).digest()).isEqualTo(version.digest());
  }

  @Test
  void export_again_writesOnlyWhatIsMissingOrCutShort() throws Exception {
    DatasetVersion version = commit("a", "one", "b", "three");
    Path file = temporary.resolve("photos.dvc");
    version.exportDvc(DvcRemote.in(bucket), file);
    List<?> before = bucket.list("").toList();
    version.exportDvc(DvcRemote.in(bucket), file);
    // the listing alone is written again
    assertThat(bucket.list("").filter(blob -> !before.contains(blob))).hasSize(1);
  }

  @Test
  void export_otherEnding_isRefused() {
    DatasetVersion version = commit("a", "one");
    assertThatThrownBy(
            () -> version.exportDvc(DvcRemote.in(bucket), temporary.resolve("photos.yaml")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("expected a name that ends in .dvc");
  }

  private void assertRefused(Path file, String message) {
    assertThatThrownBy(() -> photos.importDvc(DvcRemote.at(remote()), file))
        .isInstanceOf(StorageException.class)
        .hasMessageContaining(message);
    assertThat(photos.latest()).isEmpty();
  }
}
