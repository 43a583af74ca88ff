package io.shelfmark.storage.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shelfmark.storage.BlobConflictException;
import io.shelfmark.storage.BlobInfo;
import io.shelfmark.storage.ETag;
import io.shelfmark.storage.UnknownOutcomeException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Replies that never arrive, of requests that the server has carried out. */
class LostRepliesTest extends OnS3Server {

  private static final S3Front.Behavior LOSE =
      (call, to) -> {
        to.forward(call);
        return S3Front.Reply.LOST;
      };

  private static S3Front.Behavior withOwnETags(S3Front.Behavior behavior) {
    return (call, to) -> {
      S3Front.Reply reply = behavior.answer(call, to);
      return call.isPart() || !reply.headers().containsKey("ETag")
          ? reply
          : reply.with("ETag", "\"x" + reply.headers().get("ETag").substring(1));
    };
  }

  @Test
  void putIfAbsent_replyLost_isSuccessAndNotAConflict() throws Exception {
    front.behave(Once.at(call -> call.is("PUT", path(KEY)), LOSE));
    BlobInfo info = store.putIfAbsent(KEY, content("mine"));
    assertThat(store.head(KEY)).contains(info);
    assertThat(read(store, KEY)).isEqualTo("mine");
    assertThat(front.takeCalls().stream().filter(call -> call.is("PUT", path(KEY)))).hasSize(2);
  }

  @Test
  void putIfAbsent_replyLostAndETagsAreNoMd5_isSuccess() throws Exception {
    front.behave(withOwnETags(Once.at(call -> call.is("PUT", path(KEY)), LOSE)));
    assertThat(store.putIfAbsent(KEY, content("mine")).etag().value()).startsWith("x");
    assertThat(read(store, KEY)).isEqualTo("mine");
  }

  @Test
  void putIfAbsent_replyLostAndEqualContentOfAnother_isSuccess() {
    try (S3BlobStore other = builder().open()) {
      front.behave(
          withOwnETags(
              Once.at(
                  call -> call.is("PUT", path(KEY)),
                  (call, to) -> {
                    other.put(KEY, content("equal"));
                    return S3Front.Reply.LOST;
                  })));
      assertThat(store.putIfAbsent(KEY, content("equal")).size()).isEqualTo(5);
    }
  }

  @Test
  void putIfAbsent_replyLostAndAnotherWasFirst_conflicts() throws Exception {
    try (S3BlobStore other = builder().open()) {
      front.behave(
          Once.at(
              call -> call.is("PUT", path(KEY)),
              (call, to) -> {
                other.put(KEY, content("theirs"));
                return S3Front.Reply.LOST;
              }));
      assertThatThrownBy(() -> store.putIfAbsent(KEY, content("mine!!")))
          .isInstanceOf(BlobConflictException.class)
          .hasMessageContaining("found a blob, expected none");
      assertThat(read(store, KEY)).isEqualTo("theirs");
    }
  }

  @Test
  void replace_replyLost_isSuccess() throws Exception {
    ETag first = store.put(KEY, content("first")).etag();
    front.behave(Once.at(call -> call.is("PUT", path(KEY)), LOSE));
    store.replace(KEY, content("second"), first);
    assertThat(read(store, KEY)).isEqualTo("second");
  }

  @Test
  void replace_withEqualContent_isAnotherState() throws Exception {
    ETag first = store.put(KEY, content("equal")).etag();
    ETag second = store.replace(KEY, content("equal"), first).etag();
    assertThat(second).isNotEqualTo(first);
    assertThatThrownBy(() -> store.replace(KEY, content("equal"), first))
        .isInstanceOf(BlobConflictException.class)
        .hasMessageContaining("found state " + second);
    assertThat(store.replace(KEY, content("equal"), second).etag()).isEqualTo(first);
    assertThat(read(store, KEY)).isEqualTo("equal");
  }

  @Test
  void completion_replyLost_isSuccess() throws Exception {
    front.behave(Once.at(S3Front.Call::isCompletion, LOSE));
    BlobInfo info = store.putIfAbsent(KEY, pattern(LONG));
    assertThat(info.size()).isEqualTo(LONG);
    assertThat(digest(store.open(KEY))).isEqualTo(digest(pattern(LONG).open()));
  }

  @Test
  void completion_whenAnotherWasFirst_conflictsAndLeavesNoUpload() throws Exception {
    store.put(KEY, content("theirs"));
    front.takeCalls();
    assertThatThrownBy(() -> store.putIfAbsent(KEY, pattern(LONG)))
        .isInstanceOf(BlobConflictException.class)
        .hasMessageContaining("Cannot write blob folder/key");
    assertThat(read(store, KEY)).isEqualTo("theirs");
    assertThat(front.takeCalls().stream().filter(call -> call.is("DELETE", path(KEY)))).hasSize(1);
  }

  @Test
  void delete_replyLost_isSuccess() {
    store.put(KEY, content("x"));
    front.behave(Once.at(call -> call.is("DELETE", path(KEY)), LOSE));
    store.delete(KEY);
    assertThat(store.head(KEY)).isEmpty();
  }

  @Test
  void write_serverGoneAfterwards_hasAnUnknownOutcome() throws Exception {
    FakeTime time = new FakeTime();
    try (S3BlobStore other =
        builder().time(time::nanos, time::sleep).deadline(Duration.ofSeconds(10)).open()) {
      front.behave((call, to) -> S3Front.Reply.LOST);
      assertThatThrownBy(() -> other.putIfAbsent(KEY, content("mine")))
          .isInstanceOf(UnknownOutcomeException.class)
          .hasMessageContaining("Cannot write blob folder/key")
          .hasMessageContaining("look at the blob before writing again");
      assertThatThrownBy(() -> other.delete(KEY))
          .isInstanceOf(UnknownOutcomeException.class)
          .hasMessageContaining("Cannot delete blob folder/key");
    }
  }
}
