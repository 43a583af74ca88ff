package io.shelfmark.storage.s3;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shelfmark.storage.BlobContent;
import io.shelfmark.storage.CachingBlobStore;
import io.shelfmark.storage.Digest;
import io.shelfmark.storage.DirectUploads;
import io.shelfmark.storage.DirectUploads.Begun;
import io.shelfmark.storage.DirectUploads.Sent;
import io.shelfmark.storage.DirectUploads.Target;
import io.shelfmark.storage.ETag;
import io.shelfmark.storage.StorageException;
import io.shelfmark.storage.UploadNotFoundException;
import io.shelfmark.testing.PatternStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Content that others send at addresses that the store signs. */
class DirectUploadsTest extends OnS3Server {

  private static final String NAME = "tracking/0/run/big Ω.bin";
  private static final Duration HOUR = Duration.ofHours(1);
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final int TAIL = 1_000;

  private DirectUploads uploads;

  @BeforeEach
  void find() {
    uploads = store.directUploads().orElseThrow();
  }

  /** What anyone does who was given the address: no credentials but those in it. */
  private static HttpResponse<String> put(URI address, byte[] bytes) throws Exception {
    return HTTP.send(
        HttpRequest.newBuilder(address).PUT(HttpRequest.BodyPublishers.ofByteArray(bytes)).build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private static Sent send(Target target, byte[] bytes) throws Exception {
    HttpResponse<String> reply = put(target.address(), bytes);
    assertThat(reply.statusCode()).as(reply.body()).isEqualTo(200);
    return new Sent(target.number(), new ETag(reply.headers().firstValue("ETag").orElseThrow()));
  }

  private static byte[] bytes(int from, int to) throws IOException {
    try (var stream = new PatternStream(to)) {
      stream.skipNBytes(from);
      return stream.readAllBytes();
    }
  }

  private static List<Sent> sendAll(Begun begun) throws Exception {
    return List.of(
        send(begun.targets().get(0), bytes(0, PART)),
        send(begun.targets().get(1), bytes(PART, PART + TAIL)));
  }

  private static Digest whole() throws IOException {
    return digest(new PatternStream(PART + TAIL));
  }

  private List<String> reserved() {
    return front.takeCalls().stream().map(S3Front.Call::path).toList();
  }

  @Test
  void partsSent_joined_areTheContentAndNoBlob() throws Exception {
    Begun begun = uploads.begin(NAME, 2, HOUR);
    List<Sent> parts = sendAll(begun);
    long[] told = new long[1];

    BlobContent content = uploads.join(NAME, begun.id(), parts, length -> told[0] = length);

    assertThat(told[0]).isEqualTo(PART + TAIL);
    assertThat(content.size()).hasValue(PART + TAIL);
    assertThat(digest(content.open())).isEqualTo(whole());
    assertThat(digest(content.open())).isEqualTo(whole());
    assertThat(keys(store)).isEmpty();
    uploads.remove(NAME, begun.id());
    assertThatThrownBy(content::open).isInstanceOf(StorageException.class);
    uploads.remove(NAME, begun.id());
  }

  @Test
  void joinedAgain_afterACrash_givesTheSameUntilRemoved() throws Exception {
    Begun begun = uploads.begin(NAME, 2, HOUR);
    List<Sent> parts = sendAll(begun);
    uploads.join(NAME, begun.id(), parts, length -> {});

    try (S3BlobStore other = builder().open()) {
      DirectUploads after = other.directUploads().orElseThrow();
      assertThat(digest(after.join(NAME, begun.id(), parts, length -> {}).open()))
          .isEqualTo(whole());
      after.remove(NAME, begun.id());
      assertThatThrownBy(() -> after.join(NAME, begun.id(), parts, length -> {}))
          .isInstanceOf(UploadNotFoundException.class)
          .hasMessageContaining(NAME);
    }
  }

  @Test
  void joinOfAnotherName_findsNoUpload() throws Exception {
    Begun begun = uploads.begin(NAME, 2, HOUR);
    List<Sent> parts = sendAll(begun);

    assertThatThrownBy(() -> uploads.join("elsewhere", begun.id(), parts, length -> {}))
        .isInstanceOf(UploadNotFoundException.class);
    uploads.remove("elsewhere", begun.id());

    assertThat(digest(uploads.join(NAME, begun.id(), parts, length -> {}).open()))
        .isEqualTo(whole());
    assertThatThrownBy(() -> uploads.join("elsewhere", begun.id(), parts, length -> {}))
        .isInstanceOf(UploadNotFoundException.class);
    assertThatThrownBy(() -> uploads.join(NAME, "../../x", parts, length -> {}))
        .isInstanceOf(UploadNotFoundException.class);
  }

  @Test
  void wrongParts_areRefusedAndTheUploadStays() throws Exception {
    Begun begun = uploads.begin(NAME, 3, HOUR);
    List<Sent> parts = sendAll(begun);
    Sent first = parts.get(0);
    for (List<Sent> wrong :
        List.of(
            List.<Sent>of(),
            List.of(first, first),
            List.of(parts.get(1), first),
            List.of(first, new Sent(3, first.etag())),
            List.of(first, new Sent(2, first.etag())))) {
      assertThatThrownBy(() -> uploads.join(NAME, begun.id(), wrong, length -> {}))
          .as("%s", wrong)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining(NAME);
    }
    IllegalStateException tooLong = new IllegalStateException("too long");
    assertThatThrownBy(
            () ->
                uploads.join(
                    NAME,
                    begun.id(),
                    parts,
                    length -> {
                      throw tooLong;
                    }))
        .isSameAs(tooLong);

    assertThat(digest(uploads.join(NAME, begun.id(), parts, length -> {}).open()))
        .isEqualTo(whole());
  }

  @Test
  void partsThatMayNotBeListed_areJoinedAllTheSame() throws Exception {
    Begun begun = uploads.begin(NAME, 2, HOUR);
    List<Sent> parts = sendAll(begun);
    front.behave(
        (call, to) ->
            call.method().equals("GET") && call.query().contains("uploadId=")
                ? S3Front.Reply.error(403, "AccessDenied", "not allowed")
                : to.forward(call));
    long[] told = new long[1];

    BlobContent content = uploads.join(NAME, begun.id(), parts, length -> told[0] = length);

    assertThat(told[0]).isEqualTo(PART + TAIL);
    assertThat(digest(content.open())).isEqualTo(whole());
  }

  @Test
  void completionWhoseReplyIsLost_isFoundDone() throws Exception {
    Begun begun = uploads.begin(NAME, 2, HOUR);
    List<Sent> parts = sendAll(begun);
    AtomicBoolean lost = new AtomicBoolean();
    front.behave(
        (call, to) -> {
          S3Front.Reply reply = to.forward(call);
          return call.isCompletion() && lost.compareAndSet(false, true)
              ? S3Front.Reply.LOST
              : reply;
        });

    assertThat(digest(uploads.join(NAME, begun.id(), parts, length -> {}).open()))
        .isEqualTo(whole());
    assertThat(lost).isTrue();
  }

  @Test
  void removed_beforeItWasJoined_isGone() throws Exception {
    Begun begun = uploads.begin(NAME, 2, HOUR);
    List<Sent> parts = sendAll(begun);
    uploads.remove(NAME, begun.id());

    assertThatThrownBy(() -> uploads.join(NAME, begun.id(), parts, length -> {}))
        .isInstanceOf(UploadNotFoundException.class);
  }

  @Test
  void begun_withTooManyPartsOrTooLong_isRefused() {
    assertThatThrownBy(() -> uploads.begin(NAME, 0, HOUR))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> uploads.begin(NAME, 10_001, HOUR))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> uploads.begin(NAME, 1, Duration.ZERO))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> uploads.begin(NAME, 1, Duration.ofDays(8)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(reserved()).isEmpty();
  }

  @Test
  void address_isSignedForItsTimeAndShownInNoText() {
    Begun begun = uploads.begin(NAME, 2, HOUR);

    assertThat(begun.targets()).extracting(Target::number).containsExactly(1, 2);
    assertThat(begun.targets().get(1).address().getQuery())
        .contains("partNumber=2", "X-Amz-Expires=3600", "X-Amz-Signature=");
    assertThat(begun.targets().get(1).headers()).isEmpty();
    assertThat(begun.toString()).doesNotContain("Signature").doesNotContain("http");
  }

  @Test
  @Timeout(60)
  void leftovers_ofKilledProcesses_areSweptOnceAbandoned() throws Exception {
    Begun unfinished = uploads.begin(NAME, 2, HOUR);
    List<Sent> other = sendAll(unfinished);
    Begun joined = uploads.begin(NAME, 2, HOUR);
    List<Sent> parts = sendAll(joined);
    uploads.join(NAME, joined.id(), parts, length -> {});

    try (S3BlobStore patient = builder().open()) {
      patient.directUploads().orElseThrow().begin("patient", 1, HOUR);
    }
    uploads.join(NAME, joined.id(), parts, length -> {});
    // s3proxy tells whole seconds, and this store's clock follows its replies
    try (S3BlobStore sweeping = builder().abandonedAfter(Duration.ofNanos(1)).open()) {
      sweepUntilGone(sweeping, joined, parts);
      // a sweep may come too early for it: joined by the question, it is gone after a later one
      sweepUntilGone(sweeping, unfinished, other);
    }
  }

  private void sweepUntilGone(S3BlobStore sweeping, Begun joined, List<Sent> parts) {
    while (true) {
      sweeping.directUploads().orElseThrow().begin("sweep", 1, HOUR);
      try {
        uploads.join(NAME, joined.id(), parts, length -> {});
      } catch (UploadNotFoundException e) {
        return;
      }
    }
  }

  @Test
  void cachingStore_passesItOn(@TempDir Path folder) {
    assertThat(CachingBlobStore.of(store, folder).directUploads()).isPresent();
  }

  @Test
  void readOnlyStore_offersNone() {
    front.behave(
        (call, to) ->
            call.method().equals("PUT")
                ? S3Front.Reply.error(403, "AccessDenied", "read only")
                : to.forward(call));
    try (S3BlobStore readOnly = builder().open()) {
      assertThat(readOnly.access()).isEqualTo(S3BlobStore.Access.READ_ONLY);
      assertThat(readOnly.directUploads()).isEmpty();
    }
  }

  @Test
  void signatures_checkedByTheServer_areGoodForThatPartAlone() throws Exception {
    try (S3Server server = S3Server.withSignatures();
        S3BlobStore signed =
            S3BlobStore.builder(S3Server.BUCKET)
                .prefix("Some Team/store")
                .endpoint(server.endpoint())
                .pathStyle()
                .accessKey(S3Server.ACCESS_KEY, S3Server.SECRET)
                .open()) {
      DirectUploads direct = signed.directUploads().orElseThrow();
      Begun begun = direct.begin(NAME, 2, HOUR);
      URI second = begun.targets().get(1).address();
      byte[] bytes = "x".getBytes(UTF_8);

      assertThat(
              put(URI.create(second.toString().replace("partNumber=2", "partNumber=3")), bytes)
                  .statusCode())
          .isEqualTo(403);

      BlobContent content = direct.join(NAME, begun.id(), sendAll(begun), length -> {});
      assertThat(digest(content.open())).isEqualTo(whole());
    }
  }
}
