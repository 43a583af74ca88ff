package io.shelfmark.storage.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shelfmark.storage.BlobContent;
import io.shelfmark.storage.ByteRange;
import io.shelfmark.storage.StorageException;
import io.shelfmark.testing.PatternStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DownloadTest extends OnS3Server {

  @Test
  void connectionThatBreaksInMidBody_isGoneOnWith() throws Exception {
    store.put(KEY, BlobContent.of(new PatternStream(900_000).readAllBytes()));
    front.behave(
        Once.times(3, call -> call.method().equals("GET"), (c, to) -> to.forward(c).cutAfter(200)));
    front.takeCalls();
    assertThat(digest(store.open(KEY))).isEqualTo(digest(new PatternStream(900_000)));
    assertThat(front.takeCalls())
        .extracting(call -> call.headers().get("Range"))
        .startsWith("bytes=0-5242879", "bytes=200-899999", "bytes=400-899999");
  }

  @Test
  void connectionsThatBreakInMidPart_areGoneOnWith() throws Exception {
    store.put(KEY, pattern(LONG));
    front.behave(
        Once.times(
            5, call -> call.method().equals("GET"), (c, to) -> to.forward(c).cutAfter(1_000)));
    assertThat(digest(store.open(KEY))).isEqualTo(digest(pattern(LONG).open()));
  }

  @Test
  void longBlob_isFetchedInPartsOfOneState() throws Exception {
    String state = store.put(KEY, pattern(LONG)).etag().value();
    front.takeCalls();
    assertThat(digest(store.open(KEY))).isEqualTo(digest(pattern(LONG).open()));
    List<S3Front.Call> calls = front.takeCalls();
    assertThat(calls).extracting(call -> call.method()).containsOnly("GET").hasSize(3);
    assertThat(calls.subList(1, 3))
        .extracting(call -> call.headers().get("If-Match"))
        .containsOnly("\"" + state + "\"");
  }

  @Test
  void longRange_isThatPart() throws Exception {
    store.put(KEY, pattern(LONG));
    try (InputStream expected = pattern(LONG).open();
        InputStream found = store.open(KEY, new ByteRange(1_000_003, 10_000_000))) {
      expected.skipNBytes(1_000_003);
      assertThat(found.readAllBytes()).isEqualTo(expected.readNBytes(10_000_000));
    }
    try (InputStream beyond = store.open(KEY, new ByteRange(LONG - 3, Long.MAX_VALUE))) {
      assertThat(beyond.readAllBytes()).hasSize(3);
    }
  }

  @Test
  void blobThatChangesWhileRead_isAnErrorAndNoMixture() throws Exception {
    int size = 6 * PART;
    store.put(KEY, pattern(size));
    try (InputStream stream = store.open(KEY)) {
      assertThat(stream.readNBytes(1_000)).hasSize(1_000);
      store.put(KEY, BlobContent.of(size, () -> new PatternStream(size)));
      store.put(KEY, pattern(size - 1));
      assertThatThrownBy(stream::readAllBytes)
          .isInstanceOf(IOException.class)
          .hasMessageContaining("found another state than");
    }
  }

  @Test
  void blobThatIsDeletedWhileRead_isAnError() throws Exception {
    store.put(KEY, pattern(6 * PART));
    try (InputStream stream = store.open(KEY)) {
      assertThat(stream.read()).isZero();
      store.delete(KEY);
      assertThatThrownBy(stream::readAllBytes)
          .isInstanceOf(IOException.class)
          .hasMessageContaining("open it again");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"Content-Range", "ETag"})
  void replyThatDoesNotTellWhatItIs_isRefused(String header) {
    store.put(KEY, content("x"));
    front.behave(
        (call, to) ->
            call.method().equals("GET") ? to.forward(call).without(header) : to.forward(call));
    assertThatThrownBy(() -> store.open(KEY))
        .isInstanceOf(StorageException.class)
        .hasMessageContaining("Cannot read bytes=0-5242879 of object " + prefix() + KEY)
        .hasMessageContaining("found a reply without " + header);
  }

  @Test
  void streamsLeftUnread_giveTheirMemoryBack() throws Exception {
    store.put(KEY, pattern(LONG));
    try (Parts parts = new Parts("test", 3, PART)) {
      ObjectReader reader = store.reader(parts);
      for (int i = 0; i < 10; i++) {
        try (InputStream stream = reader.open(KEY, 0, Long.MAX_VALUE)) {
          assertThat(stream.read()).isZero();
        }
      }
      // waits for all of it, and would wait for ever for what is not given back
      parts.budget().acquire(3L * PART);
      assertThat(parts.budget().tryAcquire(1)).isFalse();
      parts.budget().release(3L * PART);
      assertThat(digest(reader.open(KEY, 0, Long.MAX_VALUE)))
          .isEqualTo(digest(pattern(LONG).open()));
      parts.budget().acquire(3L * PART);
    }
  }

  @Test
  void moreStreamsThanMemory_areReadAllTheSame() throws Exception {
    store.put(KEY, pattern(LONG));
    List<InputStream> streams = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      streams.add(store.open(KEY));
    }
    for (InputStream stream : streams) {
      assertThat(digest(stream)).isEqualTo(digest(pattern(LONG).open()));
    }
  }
}
