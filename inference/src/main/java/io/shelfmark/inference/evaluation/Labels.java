package io.shelfmark.inference.evaluation;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.shelfmark.inference.Box;
import io.shelfmark.inference.PriceCondition;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;

/**
 * The truth about a set of photos: one JSON object per line, one line per photo. The format is in
 * docs/evaluation.md; the generator writes it too. Boxes are relative to the photo (0 to 1), photos
 * are relative to the labels file. A file {@code outlines.jsonl} beside the labels, where there is
 * one, names boxes of tags that carry no labels.
 *
 * <p>Immutable and thread-safe.
 */
public final class Labels {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final List<LabeledPhoto> photos;

  private Labels(List<LabeledPhoto> photos) {
    this.photos = List.copyOf(photos);
  }

  /**
   * The labels in {@code jsonl}.
   *
   * @throws LabelsException when the file is missing or a line is not what the format says
   */
  public static Labels read(Path jsonl) {
    Path folder = Objects.requireNonNull(jsonl.toAbsolutePath().getParent(), "parent");
    List<LabeledPhoto> photos = rows(jsonl, row -> LabelParser.photo(row, folder));
    Path outlines = folder.resolve("outlines.jsonl");
    if (!Files.exists(outlines) || outlines.equals(jsonl.toAbsolutePath())) {
      return new Labels(photos);
    }
    Map<String, List<Box>> boxes = new HashMap<>();
    rows(outlines, row -> boxes.put(row.path("file").asText(), tagBoxes(row)));
    return new Labels(photos.stream().map(photo -> outlined(photo, boxes)).toList());
  }

  /** Labels made in memory. */
  public static Labels of(List<LabeledPhoto> photos) {
    return new Labels(photos);
  }

  /**
   * These labels with {@code unit}, {@code barcode} and {@code condition} of single tags from
   * another file: rows of {@code {"file": ..., "tags": [{"index": 0, "unit": "шт", "barcode":
   * "4600000000000"}]}}, where {@code index} counts the photo's tags from 0 in the order of these
   * labels. Photos that are not among these labels are passed over.
   *
   * @throws LabelsException when the file is missing, a line is not what the format says, or a
   *     photo has no such tag
   */
  public Labels with(Path extra) {
    Map<String, JsonNode> rows = new HashMap<>();
    rows(extra, row -> rows.put(row.path("file").asText(), row));
    List<LabeledPhoto> merged = new ArrayList<>();
    for (LabeledPhoto photo : photos) {
      JsonNode row = rows.get(photo.file());
      merged.add(row == null ? photo : merged(photo, row, extra));
    }
    return new Labels(merged);
  }

  /** The photos in the order of the file. */
  public List<LabeledPhoto> photos() {
    return photos;
  }

  private static LabeledPhoto merged(LabeledPhoto photo, JsonNode row, Path extra) {
    List<LabeledTag> tags = new ArrayList<>(photo.tags());
    for (JsonNode node : row.path("tags")) {
      int index = node.path("index").asInt(-1);
      if (index < 0 || index >= tags.size()) {
        throw new LabelsException(
            "Cannot read labels %s: found tag %d of %s, expected 0 to %d"
                .formatted(extra, index, photo.file(), tags.size() - 1));
      }
      Truth<PriceCondition> condition =
          node.has("condition") ? LabeledFields.condition(node, false) : Truth.unknown();
      tags.set(
          index,
          tags.get(index)
              .with(LabeledFields.unit(node, false), LabeledFields.barcode(node), condition));
    }
    return new LabeledPhoto(
        photo.file(),
        photo.path(),
        photo.chain(),
        photo.group(),
        photo.naturalSize(),
        tags,
        photo.outlines(),
        photo.complete());
  }

  private static LabeledPhoto outlined(LabeledPhoto photo, Map<String, List<Box>> boxes) {
    List<Box> found = boxes.get(photo.file());
    return found == null
        ? photo
        : new LabeledPhoto(
            photo.file(),
            photo.path(),
            photo.chain(),
            photo.group(),
            photo.naturalSize(),
            photo.tags(),
            found,
            true);
  }

  private static List<Box> tagBoxes(JsonNode row) {
    List<Box> boxes = new ArrayList<>();
    row.path("tags").forEach(tag -> LabelParser.box(tag.path("tag_box")).ifPresent(boxes::add));
    return boxes;
  }

  private static <T> List<T> rows(Path file, Function<JsonNode, T> parser) {
    List<String> lines;
    try {
      lines = Files.readAllLines(file, StandardCharsets.UTF_8);
    } catch (NoSuchFileException e) {
      throw new LabelsException(
          "Cannot read labels %s: found no such file, expected JSON lines (check the path)"
              .formatted(file),
          e);
    } catch (IOException e) {
      throw new LabelsException(
          "Cannot read labels %s: %s, expected JSON lines in UTF-8".formatted(file, e), e);
    }
    List<T> rows = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      if (!lines.get(i).isBlank()) {
        rows.add(row(file, i + 1, lines.get(i), parser));
      }
    }
    return rows;
  }

  private static <T> T row(Path file, int number, String line, Function<JsonNode, T> parser) {
    try {
      return parser.apply(JSON.readTree(line));
    } catch (JsonProcessingException e) {
      throw new LabelsException(
          "Cannot read labels %s line %d: found no JSON, expected one object per line (%s)"
              .formatted(file, number, e.getOriginalMessage()),
          e);
    } catch (IllegalArgumentException e) {
      throw new LabelsException(
          "Cannot read labels %s line %d: %s".formatted(file, number, e.getMessage()), e);
    }
  }
}
