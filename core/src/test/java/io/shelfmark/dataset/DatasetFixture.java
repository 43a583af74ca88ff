package io.shelfmark.dataset;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.shelfmark.Workspace;
import io.shelfmark.internal.storage.Json;
import io.shelfmark.storage.BlobContent;
import io.shelfmark.storage.BlobKey;
import io.shelfmark.storage.Digest;
import io.shelfmark.testing.FaultyBlobStore;
import io.shelfmark.testing.InMemoryBlobStore;
import io.shelfmark.testing.SettableClock;
import java.io.ByteArrayInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A workspace in memory with a dataset, and a folder to fill it from. */
abstract class DatasetFixture {

  /** Ahead of every file's times, so that the stat cache may trust them. */
  final SettableClock clock = SettableClock.at(Instant.now().plus(Duration.ofDays(1)));

  final InMemoryBlobStore memory = new InMemoryBlobStore(clock);
  final FaultyBlobStore store = new FaultyBlobStore(memory);
  @TempDir Path temporary;
  Workspace workspace;
  Dataset photos;
  Path folder;

  @BeforeEach
  void open() throws Exception {
    workspace =
        Workspace.builder().store(store).home(temporary.resolve("home")).clock(clock).open();
    photos = workspace.dataset("shelf-photos");
    folder = Files.createDirectories(temporary.resolve("photos"));
  }

  @AfterEach
  void close() {
    workspace.close();
  }

  void write(String path, String content) throws Exception {
    Files.createDirectories(folder.resolve(path).getParent());
    Files.writeString(folder.resolve(path), content);
  }

  DatasetVersion commit(String... pathsAndContents) {
    try (DatasetCommit commit = photos.newCommit()) {
      for (int i = 0; i < pathsAndContents.length; i += 2) {
        commit.addStream(
            pathsAndContents[i], new ByteArrayInputStream(pathsAndContents[i + 1].getBytes(UTF_8)));
      }
      return commit.commit();
    }
  }

  static List<String> paths(DatasetVersion version) {
    try (Stream<DatasetEntry> entries = version.entries()) {
      return entries.map(DatasetEntry::path).toList();
    }
  }

  static String read(DatasetVersion version, String path) throws Exception {
    try (var stream = version.require(path).open()) {
      return new String(stream.readAllBytes(), UTF_8);
    }
  }

  Path file(String content) throws Exception {
    return Files.writeString(temporary.resolve("file-" + content), content);
  }

  /** A first version made by hand. */
  DatasetVersion versionOf(Digest manifest, long files) {
    var json =
        Json.document()
            .put("manifest", manifest.toString())
            .put("files", files)
            .put("bytes", files * 4)
            .put("createdAt", clock.instant().toString())
            .put("author", "test");
    memory.put(
        BlobKey.of("datasets/shelf-photos/versions/0000000001"), BlobContent.of(Json.bytes(json)));
    return photos.require(1);
  }
}
