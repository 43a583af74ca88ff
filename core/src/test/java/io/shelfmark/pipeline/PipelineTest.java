package io.shelfmark.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PipelineTest {

  @TempDir Path classes;

  private static final Parameter<Integer> EPOCHS = Parameter.of("epochs", 20);
  private static final Step<String> PHOTOS =
      Step.named("photos", String.class).run(context -> "photos");

  private static Step<Integer> train(String version) {
    return Step.named("train", Integer.class)
        .input(PHOTOS)
        .input(EPOCHS)
        .cached(CachePolicy.byInputs(version))
        .run((context, photos, epochs) -> epochs);
  }

  @Test
  void graph_printsAsTextDotAndMermaid() {
    Step<Boolean> good =
        Step.named("good", Boolean.class).input(train("v1")).run((context, n) -> n > 1);
    Step<String> publish = Step.named("publish", String.class).run(context -> "done");
    PipelineGraph graph = Pipeline.of("nightly", publish.onlyIf(good)).graph();
    assertThat(graph.text())
        .isEqualTo(
            """
            pipeline nightly
              parameter epochs = 20
              photos
              train <- photos, epochs
              good <- train
              publish if good
            """);
    assertThat(graph.dot())
        .isEqualTo(
            """
            digraph "nightly" {
              rankdir=LR;
              "epochs" [shape=note];
              "photos" [shape=box];
              "train" [shape=box];
              "good" [shape=box];
              "publish" [shape=box];
              "photos" -> "train";
              "epochs" -> "train";
              "train" -> "good";
              "good" -> "publish" [style=dashed];
            }
            """);
    assertThat(graph.mermaid())
        .isEqualTo(
            """
            flowchart LR
              n0(["epochs"])
              n1["photos"]
              n2["train"]
              n3["good"]
              n4["publish"]
              n1 --> n2
              n0 --> n2
              n2 --> n3
              n3 -.-> n4
            """);
  }

  @Test
  void digest_ofAnotherCodeVersion_isAnother() {
    assertThat(Pipeline.of("p", train("v1")).graph().digest())
        .isEqualTo(Pipeline.of("p", train("v1")).graph().digest())
        .isNotEqualTo(Pipeline.of("p", train("v2")).graph().digest());
  }

  @Test
  void of_twoStepsOrParametersOfOneName_namesThem() {
    assertThatThrownBy(
            () -> Pipeline.of("p", Step.named("photos", String.class).run(c -> "other"), PHOTOS))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("Cannot build pipeline p: found two steps named photos");
    Step<Integer> other =
        Step.named("other", Integer.class).input(Parameter.of("epochs", 3)).run((c, n) -> n);
    assertThatThrownBy(() -> Pipeline.of("p", train("v1"), other))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("found two parameters named epochs");
    Step<Integer> clash = Step.named("epochs", Integer.class).input(EPOCHS).run((c, n) -> n);
    assertThatThrownBy(() -> Pipeline.of("p", clash))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("found a step and a parameter named epochs");
  }

  @Test
  void named_badNameOrType_isRefused() {
    assertThatThrownBy(() -> Step.named("a/b", String.class))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("Cannot name a step «a/b»");
    assertThatThrownBy(() -> Step.named("list", List.class))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("Cannot keep results of java.util.List");
  }

  /** Right wiring; each test below makes one line of it wrong. */
  private static final String WIRING =
      """
      import io.shelfmark.pipeline.*;
      import java.util.*;
      class Wiring {
        Step<String> photos = Step.named("photos", String.class).run(c -> "p");
        Step<Integer> model = Step.named("model", Integer.class).run(c -> 1);
        Step<List<Integer>> sizes = Step.named("sizes", ResultType.listOf(Integer.class)).run(c -> List.of(1));
        Step<Boolean> good = Step.named("good", Boolean.class).input(model).run((c, m) -> m > 0);
        Step<Long> report = Step.named("report", Long.class)
            .input(photos)
            .input(model)
            .run((c, p, m) -> count(p, m));
        Step<List<String>> names = Step.forEach("names", sizes, String.class)
            .run((c, size) -> name(size));
        Step<Long> all = Step.named("all", Long.class).inputs(List.of(model, model))
            .run((c, list) -> total(list));
        Step<Optional<Long>> maybe = report.onlyIf(good);
        Step<Long> last = Step.named("last", Long.class).input(maybe)
            .run((c, value) -> value.orElse(0L));
        Pipeline<Long> pipeline = Pipeline.of("wiring", last);
        Long count(String photos, Integer model) { return 1L; }
        Long total(List<Integer> list) { return 1L; }
        String name(Integer size) { return ""; }
      }
      """;

  private void assertRefused(String right, String wrong, String... at) {
    assertThat(WIRING).containsOnlyOnce(right);
    String source = WIRING.replace(right, wrong);
    List<String> lines = source.lines().toList();
    assertThat(errors(source))
        .as("%s in the place of %s", wrong, right)
        .isNotEmpty()
        .allSatisfy(error -> assertThat(lines.get((int) error.getLineNumber() - 1)).contains(at));
  }

  @Test
  void wiring_thatIsRight_compiles() {
    assertThat(errors(WIRING)).isEmpty();
  }

  @Test
  void wiring_ofAnotherType_doesNotCompileAtItsLine() {
    // inputs in another order, one missing, one too many
    assertRefused(
        ".input(photos)\n      .input(model)",
        ".input(model)\n      .input(photos)",
        "count(p, m)");
    assertRefused("      .input(model)\n", "", "count(p, m)");
    assertRefused("      .input(model)\n", "      .input(model).input(good)\n", "count(p, m)");
    // elements of another type, a list of two types, what is no list
    assertRefused("name(size)", "name(size.length())", "name(size.length())");
    assertRefused("\"names\", sizes", "\"names\", model", "forEach(\"names\", model");
    assertRefused("List.of(model, model)", "List.of(model, photos)", "List.of(model, photos)");
    // a condition that is none, and what it makes optional taken as if it were there
    assertRefused("onlyIf(good)", "onlyIf(photos)", "onlyIf(photos)");
    assertRefused("value.orElse(0L)", "value + 1", "value + 1");
    // results of another type
    assertRefused("run(c -> \"p\")", "run(c -> 1)", "run(c -> 1)");
    assertRefused("Pipeline<Long> pipeline", "Pipeline<String> pipeline", "Pipeline<String>");
  }

  private List<Diagnostic<? extends JavaFileObject>> errors(String source) {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    DiagnosticCollector<JavaFileObject> found = new DiagnosticCollector<>();
    JavaFileObject file =
        new SimpleJavaFileObject(URI.create("string:///Wiring.java"), JavaFileObject.Kind.SOURCE) {
          @Override
          public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return source;
          }
        };
    compiler
        .getTask(
            null,
            null,
            found,
            List.of(
                "-proc:none",
                "-Xlint:-options",
                "-cp",
                System.getProperty("java.class.path"),
                "-d",
                classes.toString()),
            null,
            List.of(file))
        .call();
    return found.getDiagnostics().stream()
        .<Diagnostic<? extends JavaFileObject>>map(diagnostic -> diagnostic)
        .filter(diagnostic -> diagnostic.getKind() == Diagnostic.Kind.ERROR)
        .toList();
  }
}
