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

  @Test
  void wire_ofAnotherType_doesNotCompile() {
    String before =
        """
        import io.shelfmark.pipeline.*;
        class Wiring {
          Step<String> photos = Step.named("photos", String.class).run(c -> "p");
          Step<Integer> model = Step.named("model", Integer.class).run(c -> 1);
          Step<Long> report = Step.named("report", Long.class)
        """;
    String run =
        ".run((c, p, m) -> longOf(p, m)); long longOf(String p, Integer m) { return 1; } }";
    assertThat(errors(before + ".input(photos).input(model)" + run)).isEmpty();
    assertThat(errors(before + ".input(model).input(photos)" + run))
        .singleElement()
        .asString()
        .contains("incompatible types");
    assertThat(errors(before + ".input(photos)" + run)).isNotEmpty();
    assertThat(errors(before + ".input(photos).run((c, p) -> \"text\"); }")).isNotEmpty();
    assertThat(errors(before + ".run(c -> 1L).onlyIf(photos); }")).isNotEmpty();
  }

  private List<String> errors(String source) {
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
        .filter(diagnostic -> diagnostic.getKind() == Diagnostic.Kind.ERROR)
        .map(diagnostic -> diagnostic.getMessage(null))
        .toList();
  }
}
