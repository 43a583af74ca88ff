package io.shelfmark.internal.manifest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.shelfmark.storage.Digest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StatCacheTest {

  private static final Instant NOW = Instant.parse("2024-05-01T12:00:00Z");
  private static final Digest DIGEST = Digest.of(new byte[] {1});

  @TempDir Path home;

  private StatCache open() {
    return StatCache.open(home, Path.of("photos"), NOW);
  }

  private static FileStamp stamp(Instant modified) {
    return new FileStamp(1, modified.toEpochMilli() * 1_000_000, 0, "7");
  }

  private void remember(String... paths) {
    try (StatCache cache = open()) {
      for (String path : paths) {
        cache.put(path, stamp(NOW.minusSeconds(10)), DIGEST);
      }
      cache.commit();
    }
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(home.resolve("stat"))) {
      return files.toList();
    }
  }

  private Optional<Digest> find(String path) {
    try (StatCache cache = open()) {
      return cache.find(path).map(StatCache.Line::digest);
    }
  }

  @Test
  void file_committed_isFoundWithoutThoseBetween() {
    remember("a", "b c", "d");
    assertThat(find("b c")).contains(DIGEST);
    assertThat(find("b")).isEmpty();
    assertThat(find("d")).contains(DIGEST);
  }

  @Test
  void file_thatChangedJustNow_isLeftOut() {
    try (StatCache cache = open()) {
      cache.put("a", stamp(NOW.minusSeconds(1)), DIGEST);
      cache.put("b", stamp(NOW.plusSeconds(5)), DIGEST);
      cache.commit();
    }
    assertThat(find("a")).isEmpty();
    assertThat(find("b")).isEmpty();
  }

  @Test
  void cache_notCommitted_leavesTheOldOneAndNothingElse() throws Exception {
    remember("a");
    try (StatCache cache = open()) {
      cache.put("b", stamp(NOW.minusSeconds(10)), DIGEST);
    }
    assertThat(find("a")).contains(DIGEST);
    assertThat(files()).hasSize(1);
  }

  @Test
  void cache_damaged_isWrittenAnew() throws Exception {
    for (byte[] damage : new byte[][] {{(byte) 0xff, 1, 2}, "other 1\n".getBytes(UTF_8), {}}) {
      remember("a");
      Files.write(files().get(0), damage);
      assertThat(find("a")).isEmpty();
      remember("a");
      assertThat(find("a")).contains(DIGEST);
      assertThat(files()).hasSize(1);
    }
  }
}
