package io.shelfmark.inference.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PhotoReaderTest {

  @Test
  void outOfFold_photo_isReadByTheModelsThatDidNotSeeItsGroup(@TempDir Path folder)
      throws IOException {
    List<FakeRecognizer> withoutFold =
        List.of(new FakeRecognizer(), new FakeRecognizer(), new FakeRecognizer());
    // folds by sha256(group), as inference/training splits them
    Map<String, String> groups =
        Map.of("a.png", "five-0", "b.png", "kopilka-12", "c.png", "magnit-7");
    List<String> rows = new ArrayList<>();
    groups.forEach(
        (file, group) -> {
          withoutFold.forEach(fold -> fold.answer(file));
          rows.add("{\"file\": \"%s\", \"group\": \"%s\", \"tags\": []}".formatted(file, group));
        });
    Path labels = Files.write(folder.resolve("labels.jsonl"), rows);
    for (LabeledPhoto photo : Labels.read(labels).photos()) {
      PhotoReader.outOfFold(withoutFold).read(new EvaluationPhoto(photo, new byte[0]));
    }

    assertThat(withoutFold.stream().map(fold -> fold.seen.get(0).name()).toList())
        .containsExactly("a.png", "b.png", "c.png");
  }

  @Test
  void outOfFold_oneRecognizer_isRefused() {
    assertThatThrownBy(() -> PhotoReader.outOfFold(List.of(new FakeRecognizer())))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("found 1 recognizers");
  }
}
