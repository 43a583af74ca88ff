package io.shelfmark.inference.evaluation;

import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** What an {@link Evaluation} found. Immutable and thread-safe. */
public final class EvaluationReport {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final List<PhotoOutcomes> photos;
  private final Map<String, Scores> scores;

  EvaluationReport(List<PhotoOutcomes> photos) {
    this.photos = List.copyOf(photos);
    this.scores = Collections.unmodifiableMap(slices(this.photos));
  }

  /**
   * Scores by slice, in this order: {@code all}; {@code main}, the largest tag of each photo; each
   * chain by its name; {@code legibility good}, {@code fair} and {@code hard} of the price; {@code
   * layout NAME} on generated photos. Hard tags count in {@code legibility hard} alone. Tags that
   * match nothing count where whole photos do: in {@code all} and the chains.
   */
  public Map<String, Scores> scores() {
    return scores;
  }

  /** Scores over all tags that are not hard. */
  public Scores all() {
    return scores.getOrDefault("all", new Scoring(List.of(), List.of(), true).scores());
  }

  /** What became of each photo, in the order of the labels. */
  public List<PhotoOutcomes> photos() {
    return photos;
  }

  /** What both found together: figures over the photos of this report and then of {@code other}. */
  public EvaluationReport and(EvaluationReport other) {
    List<PhotoOutcomes> both = new ArrayList<>(photos);
    both.addAll(other.photos);
    return new EvaluationReport(both);
  }

  /** The scores as aligned text, one line per slice. */
  public String table() {
    return ReportTable.of(this);
  }

  /** The scores as JSON, one object per slice. */
  public String json() {
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    scores.forEach((name, slice) -> root.set(name, slice.json()));
    DefaultPrettyPrinter printer =
        new DefaultPrettyPrinter().withObjectIndenter(new DefaultIndenter("  ", "\n"));
    try {
      return JSON.writer(printer).writeValueAsString(root) + "\n";
    } catch (IOException e) {
      throw new IllegalStateException("Cannot write scores: a tree of numbers is always JSON", e);
    }
  }

  /**
   * Writes {@link #json()} to {@code file}, whose folders are made.
   *
   * @throws IOException when it cannot be written
   */
  public void writeJson(Path file) throws IOException {
    Path folder = file.toAbsolutePath().getParent();
    if (folder != null) {
      Files.createDirectories(folder);
    }
    Files.writeString(file, json());
  }

  /**
   * Writes a contact sheet of what went wrong as one HTML file that needs no other: each tag's
   * picture, what is printed and what was read, the most confident mistakes first.
   *
   * @throws IOException when it cannot be written
   */
  public void writeFailures(Path html) throws IOException {
    Path folder = html.toAbsolutePath().getParent();
    if (folder != null) {
      Files.createDirectories(folder);
    }
    Files.writeString(html, FailureSheet.of(this));
  }

  private static Map<String, Scores> slices(List<PhotoOutcomes> photos) {
    Map<String, Scores> slices = new LinkedHashMap<>();
    slices.put("all", whole(photos));
    slices.put("main", part(photos, tag -> tag.label().scored() && tag.label().main()));
    chains(photos)
        .forEach(
            chain ->
                slices.put(
                    chain,
                    whole(
                        photos.stream()
                            .filter(photo -> photo.photo().chain().stream().anyMatch(chain::equals))
                            .toList())));
    for (Legibility legibility : List.of(Legibility.GOOD, Legibility.FAIR)) {
      String name = "legibility " + legibility.name().toLowerCase(java.util.Locale.ROOT);
      slices.put(
          name,
          part(
              photos,
              tag ->
                  tag.label().scored()
                      && tag.label().price().map(LabeledPrice::legibility).stream()
                          .anyMatch(legibility::equals)));
    }
    slices.put("legibility hard", part(photos, tag -> tag.label().hard()));
    layouts(photos)
        .forEach(
            layout ->
                slices.put(
                    "layout " + layout,
                    part(
                        photos,
                        tag ->
                            tag.label().scored()
                                && tag.label().layout().stream().anyMatch(layout::equals))));
    return slices;
  }

  private static List<String> chains(List<PhotoOutcomes> photos) {
    return photos.stream()
        .flatMap(photo -> photo.photo().chain().stream())
        .distinct()
        .sorted()
        .toList();
  }

  private static List<String> layouts(List<PhotoOutcomes> photos) {
    return photos.stream()
        .flatMap(photo -> photo.tags().stream())
        .flatMap(tag -> tag.label().layout().stream())
        .distinct()
        .sorted()
        .toList();
  }

  private static Scores whole(List<PhotoOutcomes> photos) {
    return new Scoring(photos, tags(photos).filter(tag -> tag.label().scored()).toList(), true)
        .scores();
  }

  private static Scores part(List<PhotoOutcomes> photos, Predicate<TagOutcome> which) {
    List<PhotoOutcomes> holding =
        photos.stream().filter(photo -> photo.tags().stream().anyMatch(which)).toList();
    return new Scoring(holding, tags(photos).filter(which).toList(), false).scores();
  }

  private static Stream<TagOutcome> tags(List<PhotoOutcomes> photos) {
    return photos.stream().flatMap(photo -> photo.tags().stream());
  }
}
