package io.shelfmark.storage.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shelfmark.storage.BlobBatch;
import io.shelfmark.storage.BlobContent;
import io.shelfmark.storage.BlobKey;
import io.shelfmark.storage.Digest;
import io.shelfmark.storage.StorageException;
import io.shelfmark.storage.StoredBlob;
import io.shelfmark.storage.StoredBlob.Origin;
import io.shelfmark.testing.PatternStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Uploads that were broken off, and what becomes of them. */
class ResumedUploadTest extends OnS3Server {

  private static final int SIZE = 4 * PART + 1_000;

  @TempDir Path temporary;
  private Path file;
  private Digest digest;

  @BeforeEach
  void writeFile() throws Exception {
    file = temporary.resolve("model");
    try (var out = Files.newOutputStream(file)) {
      new PatternStream(SIZE).transferTo(out);
    }
    digest = digest(new PatternStream(SIZE));
  }

  /** An upload of the file that ends at a part, as if the process were killed there. */
  private void breakOffAt(int number) {
    front.behave(
        (call, to) ->
            call.query().contains("partNumber=" + number)
                    || (call.method().equals("DELETE") && call.query().contains("uploadId="))
                ? S3Front.Reply.error(403, "AccessDenied", "killed")
                : to.forward(call));
    try (S3BlobStore killed = builder().threads(1).open();
        BlobBatch batch = killed.batch()) {
      assertThatThrownBy(() -> batch.add(BlobContent.of(file)))
          .isInstanceOf(StorageException.class)
          .hasMessageContaining("killed");
    }
    front.behave((call, to) -> to.forward(call));
    front.takeCalls();
  }

  private StoredBlob add(S3BlobStore to) throws Exception {
    try (BlobBatch batch = to.batch()) {
      StoredBlob stored = batch.add(BlobContent.of(file));
      batch.sync();
      return stored;
    }
  }

  private static List<String> partsSent() {
    return front.takeCalls().stream()
        .filter(S3Front.Call::isPart)
        .map(call -> call.query().replaceAll(".*partNumber=(\\d+).*", "$1"))
        .sorted()
        .toList();
  }

  @Test
  void killedUpload_isGoneOnWith() throws Exception {
    breakOffAt(3);
    assertThat(keys(store)).isEmpty();
    assertThat(add(store)).isEqualTo(new StoredBlob(digest, SIZE, Origin.WRITTEN));
    assertThat(partsSent()).containsExactly("3", "4", "5");
    assertThat(digest(store.open(BlobKey.of(digest)))).isEqualTo(digest);
    assertThat(add(store).origin()).isEqualTo(Origin.PRESENT);
  }

  @Test
  void killedUpload_withAPartOfOtherBytes_sendsThatPartAgain() throws Exception {
    byte[] good = Files.readAllBytes(file);
    front.behave(
        (call, to) -> {
          if (call.query().contains("partNumber=1&") && !call.isProbe()) {
            byte[] bad = call.body().clone();
            bad[1_000] ^= 1;
            return to.forward(
                new S3Front.Call(
                    call.method(),
                    call.path(),
                    call.query(),
                    call.without("Content-MD5").headers(),
                    bad));
          }
          return call.query().contains("partNumber=3")
                  || (call.method().equals("DELETE") && call.query().contains("uploadId="))
              ? S3Front.Reply.error(403, "AccessDenied", "killed")
              : to.forward(call);
        });
    try (S3BlobStore killed = builder().threads(1).open()) {
      assertThatThrownBy(() -> add(killed)).hasMessageContaining("killed");
    }
    front.behave((call, to) -> to.forward(call));
    front.takeCalls();
    add(store);
    assertThat(partsSent()).containsExactly("1", "3", "4", "5");
    assertThat(digest(store.open(BlobKey.of(digest)))).isEqualTo(Digest.of(good));
  }

  @Test
  void killedUpload_onAServerWhoseETagsAreNoMd5_beginsAnew() throws Exception {
    breakOffAt(3);
    front.behave(CapabilitiesTest.WITHOUT_MD5);
    try (S3BlobStore other = builder().open()) {
      front.takeCalls();
      add(other);
      assertThat(partsSent()).containsExactly("1", "2", "3", "4", "5");
    }
    front.behave((call, to) -> to.forward(call));
    assertThat(digest(store.open(BlobKey.of(digest)))).isEqualTo(digest);
  }

  @Test
  void uploadThatAnotherProcessFinished_isPresentOrWritten() throws Exception {
    breakOffAt(3);
    try (S3BlobStore other = builder().open()) {
      front.behave(
          Once.at(
              call -> call.query().contains("partNumber=5"),
              (call, to) -> {
                add(other);
                return to.forward(call);
              }));
      add(store);
    }
    assertThat(digest(store.open(BlobKey.of(digest)))).isEqualTo(digest);
  }

  @Test
  void uploadThatARuleOfTheBucketEnded_beginsAnew() throws Exception {
    breakOffAt(3);
    front.behave(
        Once.at(
            call -> call.query().contains("partNumber=4"),
            (call, to) -> S3Front.Reply.error(404, "NoSuchUpload", "the upload does not exist")));
    assertThat(add(store).origin()).isEqualTo(Origin.WRITTEN);
    assertThat(digest(store.open(BlobKey.of(digest)))).isEqualTo(digest);
  }

  @Test
  void contentThatChangedSinceItWasHashed_isNeverCompleted() throws Exception {
    front.behave(
        Once.at(
            call -> call.method().equals("HEAD"),
            (call, to) -> {
              byte[] bytes = Files.readAllBytes(file);
              bytes[SIZE - 1] ^= 1;
              Files.write(file, bytes);
              return to.forward(call);
            }));
    assertThatThrownBy(() -> add(store)).hasMessageContaining("Cannot store content");
    assertThat(front.takeCalls()).noneMatch(S3Front.Call::isCompletion);
    assertThat(keys(store)).isEmpty();
  }

  @Test
  void abandonedUpload_isRemovedByALaterOne() throws Exception {
    breakOffAt(3);
    front.behave(
        (call, to) -> {
          S3Front.Reply reply = to.forward(call);
          return call.query().contains("uploads") && call.method().equals("GET")
              ? reply.withBody(
                  reply
                      .text()
                      .replaceAll(
                          "<Initiated>[^<]*</Initiated>",
                          "<Initiated>2020-01-01T00:00:00.000Z</Initiated>"))
              : reply;
        });
    store.put(KEY, pattern(LONG));
    assertThat(front.takeCalls())
        .filteredOn(call -> call.is("DELETE", path(BlobKey.of(digest))))
        .hasSize(1);
    add(store);
    assertThat(partsSent()).hasSize(5);
  }

  @Test
  void probeOfAKilledProcess_isRemovedByALaterLongUpload() throws Exception {
    String left = "/" + prefix() + ".shelfmark/probe/left";
    front.behave(
        Once.at(
            call -> call.is("PUT", path(KEY)),
            (call, to) ->
                to.forward(
                    new S3Front.Call("PUT", "/bucket" + left, "", call.headers(), call.body()))));
    store.put(KEY, content("left"));
    front.behave(
        (call, to) -> {
          S3Front.Reply reply = to.forward(call);
          return call.query().contains("list-type=2")
              ? reply.withBody(
                  reply
                      .text()
                      .replaceAll(
                          "<LastModified>[^<]*</LastModified>",
                          "<LastModified>2020-01-01T00:00:00.000Z</LastModified>"))
              : reply;
        });
    front.takeCalls();
    store.put(KEY, pattern(LONG));
    assertThat(front.takeCalls()).filteredOn(call -> call.is("DELETE", left)).hasSize(1);
  }
}
