package io.shelfmark.inference;

import static com.tngtech.archunit.core.domain.JavaModifier.PROTECTED;
import static com.tngtech.archunit.core.domain.JavaModifier.PUBLIC;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaMember;
import com.tngtech.archunit.core.domain.JavaType;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Public because {@link Leaky} has to be visible to break the rule. */
public class ArchitectureTest {

  private static final String API = "io.shelfmark.inference";
  private static final List<String> ENGINES =
      List.of("ai.djl.", "ai.onnxruntime.", "org.bytedeco.");

  private static final JavaClasses INFERENCE =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages(API);

  private static final ArchRule NO_ENGINE_IN_SIGNATURES =
      classes()
          .that()
          .resideInAPackage(API)
          .should(exposeNoEngine())
          .because("hosts get plain values: no engine's type, no native handle");

  @Test
  void api_signatures_nameNoEngine() {
    assertThat(INFERENCE.contain(API + ".PriceTagRecognizer")).isTrue();
    NO_ENGINE_IN_SIGNATURES.check(INFERENCE);
  }

  @Test
  void api_signatureWithEngine_isFound() {
    JavaClasses leaky = new ClassFileImporter().importClasses(Leaky.class);

    assertThatThrownBy(() -> NO_ENGINE_IN_SIGNATURES.check(leaky))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("supplier() names org.bytedeco.javacpp.Pointer")
        .hasMessageContaining("run() names ai.djl.translate.TranslateException")
        .hasMessageContaining("tensor names ai.onnxruntime.OnnxTensor")
        .hasMessageNotContaining("hidden");
  }

  @Test
  void inference_imports_noAdapterAndNoProgram() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "io.shelfmark.storage.fs..",
            "io.shelfmark.storage.s3..",
            "io.shelfmark.tracking..",
            "io.shelfmark.cluster..",
            "io.shelfmark.benchmarks..",
            "io.shelfmark.examples..")
        .check(INFERENCE);
  }

  private static ArchCondition<JavaClass> exposeNoEngine() {
    return new ArchCondition<>("name no engine in public or protected signatures") {
      @Override
      public void check(JavaClass type, ConditionEvents events) {
        if (!visible(type)) {
          return;
        }
        Stream.concat(type.getSuperclass().stream(), type.getInterfaces().stream())
            .flatMap(ArchitectureTest::enginesIn)
            .forEach(engine -> violate(events, type, type.getName(), engine));
        for (JavaMember member : type.getMembers()) {
          if (member.getModifiers().contains(PUBLIC) || member.getModifiers().contains(PROTECTED)) {
            typesOf(member)
                .flatMap(ArchitectureTest::enginesIn)
                .distinct()
                .forEach(engine -> violate(events, member, member.getFullName(), engine));
          }
        }
      }
    };
  }

  private static boolean visible(JavaClass type) {
    boolean open = type.getModifiers().contains(PUBLIC) || type.getModifiers().contains(PROTECTED);
    return open && type.getEnclosingClass().map(ArchitectureTest::visible).orElse(true);
  }

  private static Stream<JavaType> typesOf(JavaMember member) {
    if (member instanceof JavaField field) {
      return Stream.of(field.getType());
    }
    JavaCodeUnit unit = (JavaCodeUnit) member;
    return Stream.of(
            Stream.of(unit.getReturnType()),
            unit.getParameterTypes().stream(),
            unit.getExceptionTypes().stream())
        .flatMap(types -> types);
  }

  private static Stream<String> enginesIn(JavaType type) {
    return type.getAllInvolvedRawTypes().stream()
        .map(JavaClass::getName)
        .filter(name -> ENGINES.stream().anyMatch(name::startsWith));
  }

  private static void violate(ConditionEvents events, Object where, String what, String engine) {
    events.add(SimpleConditionEvent.violated(where, what + " names " + engine));
  }

  /** Breaks the rule in each way it is meant to find. */
  public abstract static class Leaky {
    protected ai.onnxruntime.OnnxTensor tensor;

    public abstract Supplier<List<org.bytedeco.javacpp.Pointer>> supplier();

    public abstract void run() throws ai.djl.translate.TranslateException;

    abstract ai.djl.ndarray.NDArray hidden();
  }
}
