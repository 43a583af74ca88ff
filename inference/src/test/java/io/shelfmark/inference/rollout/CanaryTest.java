package io.shelfmark.inference.rollout;

import static io.shelfmark.inference.rollout.FakeModels.photo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shelfmark.inference.ModelException;
import io.shelfmark.inference.ShelfPhoto;
import io.shelfmark.inference.rollout.RolloutReport.CandidateFigures;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class CanaryTest {

  private static final List<ShelfPhoto> PHOTOS =
      IntStream.range(0, 2_000).mapToObj(i -> photo("photo " + i)).toList();

  private final FakeModels one = new FakeModels(1);
  private final FakeModels two = new FakeModels(2);
  private final RollingRecognizer recognizer = RollingRecognizer.open("v1", () -> one);

  @BeforeEach
  void tryOut() {
    recognizer.tryOut("v2", () -> two);
  }

  @AfterEach
  void close() {
    recognizer.close();
    assertThat(one.crashes).hasValue(0);
    assertThat(two.crashes).hasValue(0);
  }

  private Set<ShelfPhoto> ofCandidate() {
    return PHOTOS.stream()
        .filter(each -> recognizer.recognize(each).width() == 2)
        .collect(Collectors.toSet());
  }

  @Test
  void canary_growingShare_keepsItsPhotos() {
    assertThat(ofCandidate()).isEmpty();
    Set<ShelfPhoto> before = Set.of();
    for (double share : new double[] {1, 10, 50, 90, 100}) {
      recognizer.canary(share);
      Set<ShelfPhoto> now = ofCandidate();

      // of 2,000 photos, three standard deviations of a fair choice are at most 3.4 points
      assertThat(now.size() / 20.0).isBetween(share - 3.4, share + 3.4);
      assertThat(now).containsAll(before);
      before = now;
    }
    assertThat(before).hasSize(PHOTOS.size());
    recognizer.canary(0);
    assertThat(ofCandidate()).isEmpty();
  }

  @Test
  void canary_samePhotoUnderAnotherName_isOfTheSameVersion() {
    recognizer.canary(50);
    byte[] bytes = {1, 2, 3};

    assertThat(
            IntStream.range(0, 20)
                .map(i -> recognizer.recognize(ShelfPhoto.of("name " + i, bytes)).width())
                .distinct()
                .count())
        .isEqualTo(1);
  }

  @Test
  void partition_none_isRefused() {
    assertThat(PHOTOS).allMatch(each -> each.partition(1) == 0);
    assertThat(ShelfPhoto.of("empty", new byte[0]).partition(7)).isBetween(0, 6);
    assertThatThrownBy(() -> PHOTOS.get(0).partition(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot partition photos: found 0 partitions, expected 1 or more");
  }

  @Test
  void promote_candidate_readsAllPhotosAndTheOldOneIsClosed() throws Exception {
    recognizer.canary(30);
    int answered = ofCandidate().size();

    RolloutReport tried = recognizer.promote();

    CandidateFigures figures = tried.candidate().orElseThrow();
    assertThat(figures.canary().version()).isEqualTo("v2");
    assertThat(figures.canaryPercent()).isEqualTo(30);
    assertThat(figures.canary().photos()).isEqualTo(answered);
    assertThat(tried.current().photos()).isEqualTo(PHOTOS.size() - answered);
    assertThat(one.whenClosed.await(30, TimeUnit.SECONDS)).isTrue();
    assertThat(ofCandidate()).hasSize(PHOTOS.size());
    assertThat(recognizer.version()).isEqualTo("v2");
    assertThat(recognizer.candidate()).isEmpty();
    assertThat(two.isClosed()).isFalse();
  }

  @Test
  void rollBack_candidate_isClosedAndReadsNothing() throws Exception {
    recognizer.canary(100);
    assertThat(recognizer.recognize(PHOTOS.get(0)).width()).isEqualTo(2);

    recognizer.rollBack();

    assertThat(two.whenClosed.await(30, TimeUnit.SECONDS)).isTrue();
    assertThat(ofCandidate()).isEmpty();
    assertThat(one.isClosed()).isFalse();
    assertThatThrownBy(recognizer::rollBack)
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("Cannot roll back the candidate: found none, expected one (try one out first)");
  }

  @Test
  void swap_duringATrial_keepsTheCandidateAndItsShare() {
    FakeModels three = new FakeModels(3);
    recognizer.canary(100);
    recognizer.recognize(PHOTOS.get(0));

    recognizer.swap("v3", () -> three);

    assertThat(recognizer.version()).isEqualTo("v3");
    assertThat(recognizer.candidate()).hasValue("v2");
    assertThat(recognizer.report().candidate().orElseThrow().canary().photos()).isZero();
    assertThat(recognizer.recognize(PHOTOS.get(0)).width()).isEqualTo(2);
  }

  @Test
  void tryOut_secondCandidate_isRefused() {
    assertThatThrownBy(() -> recognizer.tryOut("v3", () -> new FakeModels(3)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "Cannot try out models v3: found candidate v2, expected none (promote it or roll it back)");
  }

  @Test
  void tryOut_candidateThatFails_leavesNoTrial() {
    recognizer.rollBack();
    recognizer.recognize(PHOTOS.get(0));
    FakeModels bad = new FakeModels(3).answering(FakeModels::unreadable);

    assertThatThrownBy(() -> recognizer.tryOut("v3", () -> bad))
        .isInstanceOf(ModelException.class)
        .hasMessageStartingWith("Cannot warm up models v3, v1 stays in use: ");
    assertThat(recognizer.candidate()).isEmpty();
  }

  @Test
  void versionNames_sameOrBlank_areRefused() {
    assertThatThrownBy(() -> recognizer.swap("v2", () -> new FakeModels(3)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Cannot use models v2: found the other version called so, expected a name of its own");
    recognizer.rollBack();
    assertThatThrownBy(() -> recognizer.tryOut(" ", () -> new FakeModels(3)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot name models: found a blank, expected a name such as v5");
  }

  @Test
  void share_outsideAHundred_isRefused() {
    assertThatThrownBy(() -> recognizer.canary(100.1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot set share of canary: found 100.1 %, expected 0 to 100");
    assertThatThrownBy(() -> recognizer.shadow(Double.NaN))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot set share of shadow: found NaN %, expected 0 to 100");
  }
}
