package io.shelfmark.dataset;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shelfmark.artifact.FileEntry;
import java.io.ByteArrayInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class DatasetMergeTest extends DatasetFixture {

  @Test
  void diff_tellsAddedRemovedChangedAndRenamed() {
    DatasetVersion first = commit("a", "1", "b", "2", "c", "3", "d", "4");
    DatasetVersion second;
    try (DatasetCommit commit = photos.newCommit()) {
      second =
          commit
              .remove("a")
              .remove("b")
              .addStream("z", new ByteArrayInputStream("1".getBytes(UTF_8)))
              .addStream("c", new ByteArrayInputStream("33".getBytes(UTF_8)))
              .addStream("e", new ByteArrayInputStream("5".getBytes(UTF_8)))
              .commit();
    }
    DatasetDiff diff = first.diff(second);
    assertThat(diff.added()).extracting(FileEntry::path).containsExactly("e");
    assertThat(diff.removed()).extracting(FileEntry::path).containsExactly("b");
    assertThat(diff.changed()).extracting(change -> change.after().path()).containsExactly("c");
    assertThat(diff.renamed())
        .extracting(change -> change.before().path() + " to " + change.after().path())
        .containsExactly("a to z");
    assertThat(first.diff(first).isEmpty()).isTrue();
  }

  @Test
  void commit_onAnOldHead_conflictsAndMayBeRepeated() {
    commit("a", "1");
    try (DatasetCommit slow = photos.newCommit()) {
      slow.addStream("b", new ByteArrayInputStream("2".getBytes(UTF_8)));
      commit("c", "3");
      assertThatThrownBy(slow::commit)
          .isInstanceOf(CommitConflictException.class)
          .hasMessageContaining("found a version after 1");
    }
    assertThat(paths(commit("b", "2"))).containsExactly("a", "b", "c");
  }

  @Test
  void merge_ofTwoHeads_takesEachSidesChanges() throws Exception {
    DatasetVersion base = commit("both", "0", "gone", "0", "left", "0", "right", "0");
    DatasetVersion left;
    DatasetVersion right;
    try (DatasetCommit one = photos.newCommit(base);
        DatasetCommit other = photos.newCommit(base)) {
      left = one.addFile("left", file("L")).addFile("both", file("same")).commit();
      right =
          other
              .addFile("right", file("R"))
              .addFile("both", file("same"))
              .addFile("new", file("N"))
              .remove("gone")
              .commit();
    }
    DatasetVersion merged = photos.merge(left, right, "together");
    assertThat(paths(merged)).containsExactly("both", "left", "new", "right");
    assertThat(read(merged, "left") + read(merged, "right") + read(merged, "both"))
        .isEqualTo("LRsame");
    assertThat(merged.parents()).containsExactly(2L, 3L);
  }

  @Test
  void merge_conflicts_areNamedAndNothingIsCommitted() throws Exception {
    DatasetVersion base = commit("a", "0", "b", "0", "c", "0");
    DatasetVersion left =
        photos.newCommit(base).addFile("a", file("L")).addFile("b", file("L")).commit();
    DatasetVersion right = photos.newCommit(base).addFile("a", file("R")).remove("b").commit();
    assertThatThrownBy(() -> photos.merge(left, right, ""))
        .isInstanceOfSatisfying(
            MergeConflictException.class,
            e -> {
              assertThat(e.conflicts()).extracting(MergeConflict::path).containsExactly("a", "b");
              assertThat(e.conflicts().get(1).theirs()).isEmpty();
            })
        .hasMessageContaining("found 2 files that both changed");
    assertThat(photos.versions()).hasSize(3);
  }
}
