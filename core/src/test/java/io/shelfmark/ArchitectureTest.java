package io.shelfmark;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class ArchitectureTest {

  private static final JavaClasses CORE =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("io.shelfmark");

  @Test
  void core_imports_noOtherModule() {
    assertThat(CORE.contain(ShelfmarkException.class)).isTrue();
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "io.shelfmark.storage.fs..",
            "io.shelfmark.storage.s3..",
            "io.shelfmark.tracking..",
            "io.shelfmark.inference..",
            "io.shelfmark.cluster..",
            "io.shelfmark.benchmarks..",
            "io.shelfmark.examples..")
        .check(CORE);
  }

  @Test
  void core_imports_noEngine() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("ai.djl..", "ai.onnxruntime..", "org.bytedeco..")
        .check(CORE);
  }
}
