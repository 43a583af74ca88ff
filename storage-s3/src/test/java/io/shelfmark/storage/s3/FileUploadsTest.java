package io.shelfmark.storage.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shelfmark.Workspace;
import io.shelfmark.artifact.FileUploads;
import io.shelfmark.storage.BlobStore;
import io.shelfmark.storage.Digest;
import io.shelfmark.storage.DirectUploads.Begun;
import io.shelfmark.storage.DirectUploads.Sent;
import io.shelfmark.storage.ETag;
import io.shelfmark.storage.UploadNotFoundException;
import io.shelfmark.testing.FaultyBlobStore;
import io.shelfmark.testing.FaultyBlobStore.Fault;
import io.shelfmark.testing.PatternStream;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Working files of a workspace that others send to its bucket. */
class FileUploadsTest extends OnS3Server {

  private static final String PATH = "tracking/0/run/model.bin";
  private static final int SIZE = 100_000;
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  @TempDir Path home;

  private Workspace open(BlobStore over) {
    return Workspace.builder().store(over).home(home).open();
  }

  private static FileUploads uploads(Workspace workspace) {
    return workspace.files().uploads().orElseThrow();
  }

  private static List<Sent> send(Begun begun) throws Exception {
    byte[] bytes = new PatternStream(SIZE).readAllBytes();
    HttpResponse<Void> reply =
        HTTP.send(
            HttpRequest.newBuilder(begun.targets().get(0).address())
                .PUT(BodyPublishers.ofByteArray(bytes))
                .build(),
            BodyHandlers.discarding());
    assertThat(reply.statusCode()).isEqualTo(200);
    return List.of(new Sent(1, new ETag(reply.headers().firstValue("ETag").orElseThrow())));
  }

  private static Digest whole() throws Exception {
    return digest(new PatternStream(SIZE));
  }

  /** What the bucket has that no blob's key names. */
  private String incoming() throws Exception {
    URI listing =
        URI.create(
            "%s/%s?list-type=2&prefix=%s.shelfmark/incoming/"
                .formatted(front.endpoint(), S3Server.BUCKET, prefix()));
    String xml = HTTP.send(HttpRequest.newBuilder(listing).build(), BodyHandlers.ofString()).body();
    assertThat(xml).contains("<ListBucketResult");
    return xml.contains("<Key>") ? xml : "";
  }

  @ParameterizedTest
  @EnumSource(names = {"KILL_BEFORE", "KILL_AFTER"})
  void complete_killedAtAnyWrite_goesOnFromWhatWasSent(Fault kill) throws Exception {
    boolean killed = true;
    int write = 0;
    while (killed) {
      write++;
      Begun begun;
      List<Sent> parts;
      try (Workspace workspace = open(store)) {
        begun = uploads(workspace).begin(PATH, 1, Duration.ofHours(1));
        parts = send(begun);
      }
      killed = completeDying(begun.id(), parts, write, kill);
      try (Workspace after = open(store)) {
        if (killed) {
          assertThat(incoming()).as("at write %d", write).isNotEmpty();
          uploads(after).complete(PATH, begun.id(), parts, length -> {});
        }
        assertThat(digest(after.files().open(PATH))).isEqualTo(whole());
        assertThat(incoming()).isEmpty();
        assertThatThrownBy(() -> uploads(after).complete(PATH, begun.id(), parts, length -> {}))
            .isInstanceOf(UploadNotFoundException.class);
        after.files().delete(PATH);
      }
    }
    assertThat(write).isGreaterThan(3);
  }

  /** Completes in a process that dies at a write; whether it died before it was done. */
  private boolean completeDying(String id, List<Sent> parts, int write, Fault kill) {
    FaultyBlobStore faulty = new FaultyBlobStore(store);
    boolean completed = false;
    try (Workspace dying = open(faulty)) {
      faulty.failAt(write, kill);
      uploads(dying).complete(PATH, id, parts, length -> {});
      completed = true;
    } catch (FaultyBlobStore.Killed e) {
      // as planned; after the last write of the completion it dies while it closes
    }
    return !completed;
  }

  @Test
  void begin_whereAFolderIs_isRefused() {
    try (Workspace workspace = open(store)) {
      workspace.files().put(PATH, new ByteArrayInputStream(new byte[] {1}));
      FileUploads uploads = uploads(workspace);
      assertThatThrownBy(() -> uploads.begin("tracking/0", 1, Duration.ofHours(1)))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> uploads.begin(PATH + "/x", 1, Duration.ofHours(1)))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> uploads.begin("../x", 1, Duration.ofHours(1)))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void abort_leavesTheFileThatWasThere() throws Exception {
    try (Workspace workspace = open(store)) {
      workspace.files().put(PATH, new ByteArrayInputStream(new byte[] {1}));
      Begun begun = uploads(workspace).begin(PATH, 1, Duration.ofHours(1));
      List<Sent> parts = send(begun);

      uploads(workspace).abort(PATH, begun.id());

      assertThatThrownBy(() -> uploads(workspace).complete(PATH, begun.id(), parts, length -> {}))
          .isInstanceOf(UploadNotFoundException.class);
      assertThat(workspace.files().open(PATH).readAllBytes()).containsExactly(1);
    }
  }
}
