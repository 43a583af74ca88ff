package io.shelfmark.inference.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.shelfmark.inference.Box;
import io.shelfmark.inference.Outline;
import io.shelfmark.inference.rollout.Disagreement.Field;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DisagreementLogTest {

  @TempDir Path folder;

  @Test
  void onDisagreement_twoFields_areOneLineEachAfterWhatWasThere() throws Exception {
    Path file = folder.resolve("disagreements.jsonl");
    Files.writeString(file, "{}\n");
    try (DisagreementLog log = DisagreementLog.open(file)) {
      log.onDisagreement(
          new Comparison(
              Instant.parse("2026-05-01T12:00:00Z"),
              FakeModels.photo("полка \"1\".jpg"),
              "v4",
              "v5",
              List.of(
                  new Disagreement(
                      Field.REGULAR_PRICE,
                      Optional.of(Outline.of(new Box(10, 20, 110, 70))),
                      Optional.of("219.99 RUB"),
                      Optional.empty()),
                  new Disagreement(
                      Field.PHOTO, Optional.empty(), Optional.of("1 tags"), Optional.of("x")))));

      List<String> lines = Files.readAllLines(file);
      assertThat(lines).hasSize(3);
      assertThat(lines.get(1))
          .isEqualTo(
              "{\"at\":\"2026-05-01T12:00:00Z\",\"photo\":\"полка \\\"1\\\".jpg\",\"current\":\"v4\",\"candidate\":\"v5\",\"field\":\"regular_price\",\"outline\":[[10.0,20.0],[110.0,20.0],[110.0,70.0],[10.0,70.0]],\"read\":{\"current\":\"219.99 RUB\",\"candidate\":null}}");
      JsonNode last = new ObjectMapper().readTree(lines.get(2));
      assertThat(last.get("outline").isNull()).isTrue();
      assertThat(last.get("field").asText()).isEqualTo("photo");
    }
  }

  @Test
  void open_lastLineCutShort_isFollowedByLinesOfTheirOwn() throws Exception {
    Path file = folder.resolve("disagreements.jsonl");
    Files.writeString(file, "{}\n{\"at\":\"20");
    for (String photo : List.of("a", "b")) {
      try (DisagreementLog log = DisagreementLog.open(file)) {
        log.onDisagreement(
            new Comparison(
                Instant.EPOCH,
                FakeModels.photo(photo),
                "v4",
                "v5",
                List.of(
                    new Disagreement(
                        Field.PHOTO, Optional.empty(), Optional.empty(), Optional.empty()))));
      }
    }

    List<String> lines = Files.readAllLines(file);
    assertThat(lines).hasSize(4).startsWith("{}", "{\"at\":\"20");
    assertThat(new ObjectMapper().readTree(lines.get(2)).get("photo").asText()).isEqualTo("a");
    assertThat(new ObjectMapper().readTree(lines.get(3)).get("photo").asText()).isEqualTo("b");
  }

  @Test
  void open_folder_isRefused() {
    assertThatThrownBy(() -> DisagreementLog.open(folder))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageStartingWith("Cannot write disagreements to " + folder);
  }
}
