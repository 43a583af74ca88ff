package io.shelfmark.examples.loop;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The training's files in this jar against those that they come from. */
class TrainerTest {

  private static final Path SCRIPTS = Path.of("../inference/training");
  private static final Pattern PACKAGE =
      Pattern.compile("from (?:shelfmark_training|\\.) import (.*)");
  private static final Pattern MODULE =
      Pattern.compile("from (?:shelfmark_training\\.|\\.)(\\w+) import");
  private static final Pattern SCRIPT = Pattern.compile("(?:from |\")((?:train|export)_\\w+)");

  @Test
  void files_ofTheTrainer_areAllThatTheyImport() throws Exception {
    Set<String> needed =
        new TreeSet<>(Set.of("train_candidate.py", "shelfmark_training/__init__.py"));
    for (String file : Trainer.FILES) {
      String code = Files.readString(SCRIPTS.resolve(file));
      Matcher names = PACKAGE.matcher(code);
      while (names.find()) {
        for (String name : names.group(1).split(", ")) {
          needed.add("shelfmark_training/" + name.strip() + ".py");
        }
      }
      MODULE
          .matcher(code)
          .results()
          .forEach(found -> needed.add("shelfmark_training/" + found.group(1) + ".py"));
      SCRIPT.matcher(code).results().forEach(found -> needed.add(found.group(1) + ".py"));
    }
    assertThat(Trainer.FILES).containsExactlyInAnyOrderElementsOf(needed);
  }
}
