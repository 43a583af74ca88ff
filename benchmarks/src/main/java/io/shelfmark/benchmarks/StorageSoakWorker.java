package io.shelfmark.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.shelfmark.Workspace;
import io.shelfmark.artifact.ArtifactVersion;
import io.shelfmark.artifact.RetentionRule;
import io.shelfmark.dataset.CommitConflictException;
import io.shelfmark.dataset.DatasetCommit;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;

/**
 * A process of {@link StorageSoak}: works on a workspace until its time is over or it is killed,
 * and says on its output what it was told has succeeded. Arguments: address of the store, home, its
 * name, its work, seconds.
 */
final class StorageSoakWorker {

  /** How many contents are added again and again. */
  private static final int POOL = 40;

  /** What a worker does. */
  enum Work {
    /** Publishes versions of one artifact, moves its alias, and commits to one dataset. */
    COMMIT,
    /** Publishes content that others publish, too, and reads it again later. */
    ADD_AGAIN,
    /** Collects garbage without a pause. */
    COLLECT
  }

  private final Workspace workspace;
  private final String name;
  private final long end;

  private StorageSoakWorker(Workspace workspace, String name, long end) {
    this.workspace = workspace;
    this.name = name;
    this.end = end;
  }

  /** Works. */
  public static void main(String[] args) throws IOException {
    long end = System.nanoTime() + Duration.ofSeconds(Long.parseLong(args[4])).toNanos();
    try (Workspace workspace = open(args[0], args[1])) {
      StorageSoakWorker worker = new StorageSoakWorker(workspace, args[2], end);
      switch (Work.valueOf(args[3])) {
        case COMMIT -> worker.commit();
        case ADD_AGAIN -> worker.addAgain();
        case COLLECT -> worker.collect();
      }
    }
  }

  static Workspace open(String store, String home) {
    return Workspace.builder()
        .store(URI.create(store))
        .home(Path.of(home))
        .threads(4)
        .leaseDuration(Duration.ofSeconds(6))
        .gracePeriod(Duration.ZERO)
        .retention(RetentionRule.keepLast(1))
        .open();
  }

  private boolean hasTime() {
    return System.nanoTime() < end;
  }

  private void commit() {
    for (int i = 0; hasTime(); i++) {
      byte[] content = (name + " " + i).getBytes(UTF_8);
      ArtifactVersion version =
          workspace.artifacts().publish("model", "file", new ByteArrayInputStream(content));
      System.out.println("artifact " + version.number() + " " + name + " " + i);
      workspace.artifacts().alias("model", "production", version, "newest of " + name);
      String path = name + "/" + i;
      System.out.println("dataset " + commit(path, content) + " " + path);
    }
  }

  private long commit(String path, byte[] content) {
    while (true) {
      try (DatasetCommit commit = workspace.dataset("photos").newCommit()) {
        return commit.addStream(path, new ByteArrayInputStream(content)).commit().number();
      } catch (CommitConflictException e) {
        // another process was faster: on its version
      }
    }
  }

  private void addAgain() throws IOException {
    Random random = new Random(name.hashCode());
    String expected = "";
    long count = 0;
    while (hasTime()) {
      if (!expected.isEmpty()) {
        ArtifactVersion last = workspace.artifacts().require(name, "last");
        try (InputStream stream = last.open("file")) {
          String found = new String(stream.readAllBytes(), UTF_8);
          if (!found.equals(expected)) {
            throw new IllegalStateException("lost: found " + found + ", expected " + expected);
          }
        }
      }
      String content = "old content " + random.nextInt(POOL);
      ArtifactVersion version =
          workspace
              .artifacts()
              .publish(name, "file", new ByteArrayInputStream(content.getBytes(UTF_8)));
      workspace.artifacts().alias(name, "last", version);
      expected = content;
      count++;
    }
    System.out.println("added " + count);
  }

  private void collect() {
    long deleted = 0;
    long calls = 0;
    while (hasTime()) {
      deleted += workspace.collectGarbage().keys().size();
      calls++;
    }
    System.out.println("collected " + calls + " " + deleted);
  }
}
