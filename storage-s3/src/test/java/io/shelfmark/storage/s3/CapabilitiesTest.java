package io.shelfmark.storage.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shelfmark.storage.BlobBatch;
import io.shelfmark.storage.BlobConflictException;
import io.shelfmark.storage.BlobContent;
import io.shelfmark.storage.BlobStore.Access;
import io.shelfmark.storage.ContentChangedException;
import io.shelfmark.storage.ETag;
import io.shelfmark.storage.ReadOnlyStoreException;
import io.shelfmark.storage.StorageException;
import io.shelfmark.testing.PatternStream;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Servers that lack something, and what a store makes of them. */
class CapabilitiesTest extends OnS3Server {

  private static final S3Front.Behavior WITHOUT_CONDITIONS =
      (call, to) ->
          call.method().equals("GET")
              ? to.forward(call)
              : to.forward(call.without("If-None-Match", "If-Match"));

  private static final S3Front.Behavior REFUSING_CONDITIONS =
      (call, to) ->
          !call.method().equals("GET")
                  && (call.headers().containsKey("If-None-Match")
                      || call.headers().containsKey("If-Match"))
              ? S3Front.Reply.error(501, "NotImplemented", "no conditions here")
              : to.forward(call);

  private static final S3Front.Behavior WITHOUT_CONDITIONAL_COMPLETION =
      (call, to) ->
          to.forward(call.isCompletion() ? call.without("If-None-Match", "If-Match") : call);

  static final S3Front.Behavior WITHOUT_MD5 =
      (call, to) -> {
        String state = call.headers().get("If-Match");
        S3Front.Reply reply =
            to.forward(state == null ? call : call.with("If-Match", state.replace("opaque-", "")));
        if (call.isCompletion()) {
          return reply.withBody(reply.text().replaceAll("<ETag>(&quot;|\")", "<ETag>$1opaque-"));
        }
        String etag = reply.headers().get("ETag");
        return etag == null || call.isPart()
            ? reply
            : reply.with("ETag", "\"opaque-" + etag.substring(1));
      };

  private static Set<S3Capability> allBut(S3Capability... lacking) {
    Set<S3Capability> left = EnumSet.allOf(S3Capability.class);
    left.removeAll(Set.of(lacking));
    return left;
  }

  @Test
  void goodServer_hasEverythingAndNothingIsLeftOfTheProbe() throws Exception {
    assertThat(store.capabilities()).isEqualTo(EnumSet.allOf(S3Capability.class));
    assertThat(store.access()).isEqualTo(Access.READ_WRITE);
    store.put(KEY, content("x"));
    assertThat(keys(store)).containsExactly(KEY.value());
    assertThat(front.takeCalls()).noneMatch(S3Front.Call::isProbe);
  }

  @Test
  void serverThatIgnoresConditions_isReadOnly() throws Exception {
    store.put(KEY, content("x"));
    front.behave(WITHOUT_CONDITIONS);
    try (S3BlobStore other = builder().open()) {
      assertThat(other.capabilities())
          .isEqualTo(allBut(S3Capability.CONDITIONAL_PUT, S3Capability.CONDITIONAL_COMPLETION));
      assertThat(other.access()).isEqualTo(Access.READ_ONLY);
      assertThat(read(other, KEY)).isEqualTo("x");
      assertThatThrownBy(() -> other.put(KEY, content("y")))
          .isInstanceOf(ReadOnlyStoreException.class)
          .hasMessageContaining("a server without conditional writes")
          .hasMessageContaining("singleWriter");
      assertThatThrownBy(() -> other.delete(KEY)).isInstanceOf(ReadOnlyStoreException.class);
      assertThatThrownBy(() -> other.batch().add(content("y")))
          .isInstanceOf(ReadOnlyStoreException.class);
    }
    assertThat(keys(store)).containsExactly(KEY.value());
  }

  @Test
  void serverThatRefusesConditions_isReadOnly() {
    front.behave(REFUSING_CONDITIONS);
    try (S3BlobStore other = builder().open()) {
      assertThat(other.access()).isEqualTo(Access.READ_ONLY);
    }
  }

  @Test
  void singleWriter_onAServerWithoutConditions_looksBeforeItWrites() throws Exception {
    front.behave(REFUSING_CONDITIONS);
    try (S3BlobStore other = builder().singleWriter().open()) {
      assertThat(other.access()).isEqualTo(Access.READ_WRITE);
      ETag first = other.putIfAbsent(KEY, content("first")).etag();
      assertThatThrownBy(() -> other.putIfAbsent(KEY, content("second")))
          .isInstanceOf(BlobConflictException.class)
          .hasMessageContaining("found a blob, expected none");
      other.replace(KEY, content("second"), first);
      assertThatThrownBy(() -> other.replace(KEY, content("third"), first))
          .isInstanceOf(BlobConflictException.class)
          .hasMessageContaining("expected state " + first);
      assertThatThrownBy(() -> other.putIfAbsent(KEY, pattern(LONG)))
          .isInstanceOf(BlobConflictException.class)
          .hasMessageContaining("found a blob, expected none");
      assertThat(read(other, KEY)).isEqualTo("second");
      try (BlobBatch batch = other.batch()) {
        batch.add(pattern(LONG));
      }
    }
  }

  @Test
  void serverWithoutConditionalCompletion_takesLongContentInOneRequest() throws Exception {
    front.behave(WITHOUT_CONDITIONAL_COMPLETION);
    try (S3BlobStore other = builder().open()) {
      assertThat(other.capabilities()).isEqualTo(allBut(S3Capability.CONDITIONAL_COMPLETION));
      front.takeCalls();
      other.putIfAbsent(KEY, BlobContent.of(() -> new PatternStream(LONG)));
      assertThat(front.takeCalls()).noneMatch(call -> call.method().equals("POST"));
      assertThat(digest(other.open(KEY))).isEqualTo(digest(pattern(LONG).open()));
      assertThatThrownBy(() -> other.putIfAbsent(KEY, pattern(LONG)))
          .isInstanceOf(BlobConflictException.class)
          .hasMessageContaining("Cannot write blob folder/key");
      BlobContent shorter = BlobContent.of(LONG + 1L, () -> new PatternStream(LONG));
      ETag state = other.head(KEY).orElseThrow().etag();
      assertThatThrownBy(() -> other.replace(KEY, shorter, state))
          .isInstanceOf(ContentChangedException.class)
          .hasMessageContaining("found 12000000 bytes, expected 12000001");
      other.replace(KEY, pattern(LONG - 1), state);
      assertThat(other.head(KEY).orElseThrow().size()).isEqualTo(LONG - 1);
      try (BlobBatch batch = other.batch()) {
        front.takeCalls();
        batch.add(pattern(LONG));
        assertThat(front.takeCalls()).anyMatch(S3Front.Call::isCompletion);
      }
    }
  }

  @Test
  void serverWhoseETagsAreNoMd5_works() throws Exception {
    front.behave(WITHOUT_MD5);
    try (S3BlobStore other = builder().open()) {
      assertThat(other.capabilities()).isEqualTo(allBut(S3Capability.MD5_ETAGS));
      ETag first = other.putIfAbsent(KEY, content("first")).etag();
      assertThat(first.value()).startsWith("opaque-");
      ETag second = other.replace(KEY, pattern(LONG), first).etag();
      assertThatThrownBy(() -> other.replace(KEY, content("third"), first))
          .isInstanceOf(BlobConflictException.class)
          .hasMessageContaining("found state " + second);
      assertThat(digest(other.open(KEY))).isEqualTo(digest(pattern(LONG).open()));
    }
  }

  @Test
  void bucketThatTakesNoPartWithoutMd5_getsIt() throws Exception {
    front.behave(
        (call, to) ->
            call.isPart() && !call.headers().containsKey("Content-MD5")
                ? S3Front.Reply.error(400, "InvalidRequest", "Content-MD5 is required")
                : to.forward(call));
    try (S3BlobStore other = builder().open()) {
      assertThat(other.capabilities()).isEqualTo(EnumSet.allOf(S3Capability.class));
      other.putIfAbsent(KEY, pattern(LONG));
      assertThat(digest(other.open(KEY))).isEqualTo(digest(pattern(LONG).open()));
    }
  }

  @Test
  void serverWhoseListingsLag_isReadOnly() {
    front.behave(
        (call, to) ->
            call.query().contains("list-type=2")
                ? to.forward(
                    new S3Front.Call(
                        call.method(),
                        call.path(),
                        call.query().replaceAll("prefix=[^&]*", "prefix=nothing"),
                        call.headers(),
                        call.body()))
                : to.forward(call));
    try (S3BlobStore other = builder().singleWriter().open()) {
      assertThat(other.capabilities()).isEqualTo(allBut(S3Capability.PROMPT_LISTING));
      assertThat(other.access()).isEqualTo(Access.READ_ONLY);
      assertThatThrownBy(() -> other.put(KEY, content("y")))
          .isInstanceOf(ReadOnlyStoreException.class)
          .hasMessageContaining("listings lag");
    }
  }

  @Test
  void credentialsThatMayNotWrite_openReadOnly() throws Exception {
    store.put(KEY, content("x"));
    front.behave(
        (call, to) ->
            call.method().equals("PUT")
                ? S3Front.Reply.error(403, "AccessDenied", "Access Denied")
                : to.forward(call));
    try (S3BlobStore other = builder().open()) {
      assertThat(other.access()).isEqualTo(Access.READ_ONLY);
      assertThat(other.capabilities()).isEmpty();
      assertThat(read(other, KEY)).isEqualTo("x");
      assertThatThrownBy(() -> other.put(KEY, content("y")))
          .isInstanceOf(ReadOnlyStoreException.class)
          .hasMessageContaining("grant s3:PutObject");
    }
  }

  @Test
  void credentialsThatMayDoNothing_areRefused() {
    front.behave((call, to) -> S3Front.Reply.error(403, "AccessDenied", "Access Denied"));
    assertThatThrownBy(() -> builder().open())
        .isInstanceOf(StorageException.class)
        .hasMessageContaining("Cannot open store in s3://bucket/")
        .hasMessageContaining("s3:ListBucket");
  }

  @Test
  void bucketOfAnotherRegion_namesTheRegion() {
    front.behave(
        (call, to) ->
            S3Front.Reply.error(301, "PermanentRedirect", "elsewhere")
                .with("x-amz-bucket-region", "eu-west-3"));
    assertThatThrownBy(() -> builder().open())
        .isInstanceOf(StorageException.class)
        .hasMessageContaining("open the store with region eu-west-3");
  }

  @Test
  void missingBucket_isNamed() {
    assertThatThrownBy(
            () ->
                S3BlobStore.builder("no-such-bucket")
                    .endpoint(front.endpoint())
                    .pathStyle()
                    .accessKey("id", "secret")
                    .open())
        .isInstanceOf(StorageException.class)
        .hasMessageContaining("found status 404 NoSuchBucket")
        .hasMessageContaining("expected bucket no-such-bucket");
  }
}
