package io.shelfmark.examples.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shelfmark.Workspace;
import io.shelfmark.artifact.AliasConflictException;
import io.shelfmark.artifact.ArtifactVersion;
import io.shelfmark.inference.evaluation.Ratio;
import io.shelfmark.pipeline.LocalRunner;
import io.shelfmark.pipeline.Pipeline;
import io.shelfmark.pipeline.RunFailedException;
import io.shelfmark.pipeline.Step;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who goes into production, and how the alias gets there. */
class ComparisonTest {

  @TempDir Path temporary;
  private Workspace workspace;
  private ArtifactVersion one;
  private ArtifactVersion two;

  @BeforeEach
  void open() throws Exception {
    workspace = Workspace.open(temporary.resolve("workspace"));
    Path model = temporary.resolve("model");
    one = publish(Files.writeString(model, "one"));
    two = publish(Files.writeString(model, "two"));
  }

  private ArtifactVersion publish(Path model) {
    return workspace.artifacts().publish(TextRecognizer.ARTIFACT, model);
  }

  @AfterEach
  void close() {
    workspace.close();
  }

  private static Score score(int prices, int regularPrices, int nameErrors) {
    return new Score(9, 20, new Ratio(prices, 20), new Ratio(regularPrices, 20), nameErrors, 99);
  }

  private Comparison.Verdict verdict(Production.From from, Score candidate, Score production) {
    return Comparison.of(List.of(candidate, production), new Production(one, from)).verdict();
  }

  @Test
  void candidate_betterInWhatCountsFirst_isPromoted() {
    Score now = score(15, 10, 5);
    assertThat(verdict(Production.From.ALIAS, score(16, 0, 99), now))
        .isEqualTo(Comparison.Verdict.PROMOTE);
    assertThat(verdict(Production.From.ALIAS, score(15, 11, 99), now))
        .isEqualTo(Comparison.Verdict.PROMOTE);
    assertThat(verdict(Production.From.ALIAS, score(15, 10, 4), now))
        .isEqualTo(Comparison.Verdict.PROMOTE);
    assertThat(verdict(Production.From.ALIAS, score(14, 20, 0), now))
        .isEqualTo(Comparison.Verdict.KEEP);
    assertThat(verdict(Production.From.BUNDLED, score(14, 20, 0), now))
        .isEqualTo(Comparison.Verdict.KEEP);
  }

  @Test
  void candidate_asGood_isPromotedOnlyBeforeThereIsAProduction() {
    Score same = score(15, 10, 5);
    assertThat(verdict(Production.From.ALIAS, same, same)).isEqualTo(Comparison.Verdict.KEEP);
    assertThat(verdict(Production.From.BUNDLED, same, same)).isEqualTo(Comparison.Verdict.PROMOTE);
  }

  private Promotion promote(ArtifactVersion candidate, Production production) {
    Comparison better =
        new Comparison(
            score(2, 0, 0),
            score(1, 0, 0),
            Comparison.Verdict.PROMOTE,
            "the candidate reads better");
    Step<Promotion> step =
        Step.named("promote", Promotion.class)
            .run(context -> Promotion.run(context, candidate, production, better));
    try (LocalRunner runner = LocalRunner.in(workspace).withoutJournal().open()) {
      return runner.run(Pipeline.of("promotion", step)).result();
    }
  }

  @Test
  void promotion_calledAgainAfterTheMove_isDone() {
    workspace.artifacts().newAlias(TextRecognizer.ARTIFACT, Production.ALIAS, one, "first");
    Production production = new Production(one, Production.From.ALIAS);
    promote(two, production);
    promote(two, production);
    assertThat(workspace.artifacts().require(TextRecognizer.ARTIFACT, Production.ALIAS))
        .isEqualTo(two);
    assertThat(workspace.artifacts().history(TextRecognizer.ARTIFACT, Production.ALIAS)).hasSize(2);
  }

  @Test
  void promotion_aliasMovedBySomeoneElse_leavesItAndFails() throws Exception {
    ArtifactVersion three = publish(Files.writeString(temporary.resolve("model"), "three"));
    workspace.artifacts().newAlias(TextRecognizer.ARTIFACT, Production.ALIAS, three, "by hand");
    assertThatThrownBy(() -> promote(two, new Production(one, Production.From.ALIAS)))
        .isInstanceOf(RunFailedException.class)
        .hasMessageContaining(AliasConflictException.class.getSimpleName())
        .hasMessageContaining("found it at version 3, expected version 1");
    assertThat(workspace.artifacts().require(TextRecognizer.ARTIFACT, Production.ALIAS))
        .isEqualTo(three);
  }
}
