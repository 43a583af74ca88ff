package io.shelfmark;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a host gets that depends on core alone. */
class ConsumerTest {

  @TempDir Path folder;
  private String classPath;

  @BeforeEach
  void setUp() throws Exception {
    Path core =
        Path.of(Workspace.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    String dependencies = Files.readString(Path.of("target/consumer-class-path")).trim();
    classPath = String.join(File.pathSeparator, core.toString(), folder.toString(), dependencies);
  }

  @Test
  void dependencies_areThoseOfCoreItself_noDatabaseNorServer() {
    assertThat(List.of(classPath.split(File.pathSeparator)).stream().skip(2))
        .map(jar -> Path.of(jar).getFileName().toString().replaceAll("-[0-9].*", ""))
        .containsExactlyInAnyOrder(
            "jackson-annotations",
            "jackson-core",
            "jackson-databind",
            "jackson-datatype-jdk8",
            "jackson-datatype-jsr310",
            "commons-codec",
            "commons-compress",
            "commons-io",
            "commons-lang3",
            "jspecify",
            "slf4j-api",
            "snakeyaml-engine",
            "zstd-jni");
  }

  @Test
  void consumer_compilesAndRuns_andIsToldWhichStorageToAdd() throws Exception {
    compile(Path.of(ConsumerTest.class.getResource("Consumer.java").toURI()));
    Process consumer =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                classPath,
                "Consumer",
                folder.resolve("workspace").toString())
            .redirectErrorStream(true)
            .start();
    String said = new String(consumer.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(consumer.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(consumer.exitValue()).as(said).isZero();
    assertThat(said)
        .contains("doubled")
        .contains("Cannot open store of scheme file")
        .contains("add io.shelfmark:shelfmark-storage-fs");
  }

  private void compile(Path source) throws Exception {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    StringWriter said = new StringWriter();
    try (StandardJavaFileManager files =
        compiler.getStandardFileManager(null, Locale.ROOT, StandardCharsets.UTF_8)) {
      boolean compiled =
          compiler
              .getTask(
                  said,
                  files,
                  null,
                  List.of("-cp", classPath, "-d", folder.toString(), "-Xlint:all", "-Werror"),
                  null,
                  files.getJavaFileObjects(source))
              .call();
      assertThat(compiled).as(said.toString()).isTrue();
    }
  }
}
