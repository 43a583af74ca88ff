package io.shelfmark.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.shelfmark.inference.catalog.Catalog;
import io.shelfmark.inference.catalog.CatalogMatch;
import io.shelfmark.inference.catalog.CatalogNames;
import io.shelfmark.inference.catalog.Sku;
import io.shelfmark.inference.parsing.TextFolding;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * How long does it take to find one tag's product, and how often is it the right one?
 *
 * <p>Time: {@code java -jar benchmarks/target/shelfmark-benchmarks.jar CatalogBenchmark}. Accuracy,
 * over the names in label files in the format of the price-tag data: {@code java -cp
 * benchmarks/target/shelfmark-benchmarks.jar io.shelfmark.benchmarks.CatalogBenchmark
 * LABELS.jsonl...}.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class CatalogBenchmark {

  private static final int QUERIES = 1024;
  private static final int SKUS = 100_000;
  private static final int FOLDS = 5;

  /** CPU time: a busy machine does not count. */
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  /** Products in the catalog. */
  @Param({"1000", "100000"})
  public int skus;

  private Catalog catalog = Catalog.of(List.of());
  private final List<String> queries = new ArrayList<>();
  private int next;

  /** Invented names, read with 5 % wrong characters. */
  @Setup
  public void fill() {
    CatalogNames names = new CatalogNames(1);
    List<String> invented = names.invented(skus);
    catalog = catalog(invented);
    for (int i = 0; i < QUERIES; i++) {
      queries.add(names.misread(invented.get(i * (skus - 1) / QUERIES), 0.05));
    }
  }

  /** One tag's name. */
  @Benchmark
  public Optional<CatalogMatch> matchName() {
    next = (next + 1) % QUERIES;
    return catalog.matchName(queries.get(next));
  }

  /**
   * Prints how often names come back, and how often names that were taken out are taken for others.
   */
  public static void main(String[] labels) throws IOException {
    List<String> names = names(labels);
    System.out.printf("%d names%n", names.size());
    List<String> invented = new CatalogNames(3).invented(SKUS - names.size());
    List<String> siblings = new ArrayList<>(new CatalogNames(2).siblings(names, SKUS / 10));
    Set<String> folded = names.stream().map(TextFolding::fold).collect(Collectors.toSet());
    siblings.removeIf(sibling -> folded.contains(TextFolding.fold(sibling)));
    siblings.addAll(invented.subList(0, SKUS - names.size() - siblings.size()));
    for (double rate : new double[] {0, 0.02, 0.05, 0.1}) {
      found(names, invented, rate);
    }
    takenOut(names, invented, 0.05);
    System.out.printf("with %d siblings, one word or number apart%n", SKUS / 10);
    found(names, siblings, 0.05);
    takenOut(names, siblings, 0.05);
  }

  /**
   * Everything is in the catalog: how often the right name is the best, and is also given as the
   * match.
   */
  private static void found(List<String> names, List<String> distractors, double rate) {
    List<String> read = read(names, rate);
    List<String> all = new ArrayList<>(names);
    all.addAll(distractors);
    Catalog catalog = catalog(all);
    int best = 0;
    int matched = 0;
    int mistaken = 0;
    long nanos = 0;
    for (int i = 0; i < names.size(); i++) {
      long start = THREADS.getCurrentThreadCpuTime();
      Optional<CatalogMatch> match = catalog.matchName(read.get(i));
      nanos += THREADS.getCurrentThreadCpuTime() - start;
      boolean right = match.isPresent() && same(match.get().sku().name(), names.get(i));
      matched += right ? 1 : 0;
      mistaken += match.isPresent() && !right ? 1 : 0;
      List<CatalogMatch.Candidate> candidates = catalog.candidates(read.get(i));
      best += !candidates.isEmpty() && same(candidates.get(0).sku().name(), names.get(i)) ? 1 : 0;
    }
    System.out.printf(
        "%.0f %% misread: best %.2f %%, matched %.2f %%, mistaken %.2f %%, %.2f ms of CPU a name%n",
        100 * rate,
        percent(best, names),
        percent(matched, names),
        percent(mistaken, names),
        nanos / 1e6 / names.size());
  }

  /** Five catalogs, each without every fifth name; only what was taken out is asked for. */
  private static void takenOut(List<String> names, List<String> distractors, double rate) {
    List<String> read = read(names, rate);
    int abstained = 0;
    for (int fold = 0; fold < FOLDS; fold++) {
      List<String> rest = new ArrayList<>(distractors);
      for (int i = 0; i < names.size(); i++) {
        if (i % FOLDS != fold) {
          rest.add(names.get(i));
        }
      }
      Catalog catalog = catalog(rest);
      for (int i = fold; i < names.size(); i += FOLDS) {
        abstained += catalog.matchName(read.get(i)).isEmpty() ? 1 : 0;
      }
    }
    System.out.printf(
        "%.0f %% misread, taken out: abstains %.2f %%%n", 100 * rate, percent(abstained, names));
  }

  private static List<String> read(List<String> names, double rate) {
    CatalogNames recognizer = new CatalogNames(4);
    return names.stream().map(name -> recognizer.misread(name, rate)).toList();
  }

  private static double percent(int part, List<String> whole) {
    return 100.0 * part / whole.size();
  }

  private static boolean same(String a, String b) {
    return TextFolding.fold(a).equals(TextFolding.fold(b));
  }

  private static Catalog catalog(List<String> names) {
    Map<String, Sku> skus = new LinkedHashMap<>();
    for (String name : names) {
      skus.putIfAbsent(TextFolding.fold(name), Sku.of(Integer.toString(skus.size()), name));
    }
    return Catalog.of(skus.values());
  }

  /** The well legible names, one of each. */
  private static List<String> names(String[] labels) throws IOException {
    Map<String, String> names = new LinkedHashMap<>();
    ObjectMapper mapper = new ObjectMapper();
    for (String file : labels) {
      for (String line : Files.readAllLines(Path.of(file))) {
        for (JsonNode tag : mapper.readTree(line).path("tags")) {
          List<String> lines = new ArrayList<>();
          tag.path("name_lines").forEach(text -> lines.add(text.asText()));
          String name = String.join(" ", lines);
          boolean good = tag.path("name_legibility").asText().equals("good");
          if (good && !tag.path("name_inferred").asBoolean() && !name.isBlank()) {
            names.putIfAbsent(TextFolding.fold(name), name);
          }
        }
      }
    }
    return List.copyOf(names.values());
  }
}
