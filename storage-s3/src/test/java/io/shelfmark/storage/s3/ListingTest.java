package io.shelfmark.storage.s3;

import static org.assertj.core.api.Assertions.assertThat;

import io.shelfmark.storage.BlobInfo;
import io.shelfmark.storage.BlobKey;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Servers whose listings leave something out. */
class ListingTest extends OnS3Server {

  private static final BlobKey OTHER = BlobKey.of("folder/other");

  /** As s3proxy lists an object that another request is writing or removing. */
  private static S3Front.Reply withoutStates(S3Front.Reply listing) {
    return listing.withBody(listing.text().replaceAll("<ETag>[^<]*</ETag>", ""));
  }

  private List<BlobInfo> listed() {
    try (Stream<BlobInfo> blobs = store.list("folder/")) {
      return blobs.toList();
    }
  }

  @Test
  void objectListedWithoutItsState_isAskedForIt() {
    store.put(KEY, content("x"));
    store.put(OTHER, content("y"));
    List<BlobInfo> whole = listed();
    front.behave(
        (call, to) ->
            call.query().contains("list-type=2")
                ? withoutStates(to.forward(call))
                : to.forward(call));
    assertThat(listed()).isEqualTo(whole).hasSize(2);
  }

  @Test
  void objectListedWithoutItsStateAndGoneMeanwhile_isLeftOut() {
    store.put(KEY, content("x"));
    store.put(OTHER, content("y"));
    front.behave(
        (call, to) -> {
          if (!call.query().contains("list-type=2")) {
            return to.forward(call);
          }
          S3Front.Reply listing = withoutStates(to.forward(call));
          store.delete(OTHER);
          return listing;
        });
    assertThat(listed()).extracting(BlobInfo::key).containsExactly(KEY);
  }

  @Test
  void objectWithoutAnyState_isNotThereYet() {
    store.put(KEY, content("x"));
    store.put(OTHER, content("y"));
    front.behave(
        (call, to) -> {
          if (call.is("HEAD", path(OTHER))) {
            return to.forward(call).without("ETag");
          }
          return call.query().contains("list-type=2")
              ? withoutStates(to.forward(call))
              : to.forward(call);
        });
    assertThat(listed()).extracting(BlobInfo::key).containsExactly(KEY);
    assertThat(store.head(OTHER)).isEmpty();
  }

  @Test
  void foreignKeysInTheOrderOfTheirBytes_arePassedOver() {
    store.put(KEY, content("x"));
    front.behave(
        (call, to) -> {
          if (!call.query().contains("list-type=2")) {
            return to.forward(call);
          }
          S3Front.Reply listing = to.forward(call);
          String object = listing.text().replaceAll("(?s).*(<Contents>.*</Contents>).*", "$1");
          String fullwidth = object.replace("folder/key", "folder/\uff01");
          String beyondTheBasicPlane = object.replace("folder/key", "folder/\ud83d\ude00");
          return listing.withBody(
              listing.text().replace(object, object + fullwidth + beyondTheBasicPlane));
        });
    assertThat(listed()).extracting(BlobInfo::key).containsExactly(KEY);
  }
}
