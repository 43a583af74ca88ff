package io.shelfmark.inference.synthetic;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.shelfmark.inference.Box;
import io.shelfmark.inference.Outline;
import io.shelfmark.inference.Point;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * One line of labels.jsonl: the price-tag data's keys, and beside them corners and fields in
 * pixels.
 */
final class LabelRow {
  private final GeneratedPhoto photo;

  LabelRow(GeneratedPhoto photo) {
    this.photo = photo;
  }

  ObjectNode json(String file) {
    ObjectNode row = JsonNodeFactory.instance.objectNode();
    row.put("file", file);
    row.put("chain", "generated");
    row.put("group", "generated-" + photo.index());
    row.putArray("natural_size").add(photo.width()).add(photo.height());
    row.put("source", "generated");
    row.put("kind", photo.kind().name().toLowerCase(java.util.Locale.ROOT));
    ArrayNode tags = row.putArray("tags");
    Optional<TagTruth> main =
        photo.tags().stream().max(Comparator.comparingDouble(tag -> area(tag.outline().box())));
    for (TagTruth tag : photo.tags()) {
      tags.add(json(tag, main.isPresent() && main.get() == tag));
    }
    return row;
  }

  private ObjectNode json(TagTruth tag, boolean main) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("main", main);
    tag.field("price").ifPresent(price -> amount(node, price, "price_box", "rub", "kop"));
    node.put("price_legibility", tag.legibility());
    tag.field("regular")
        .ifPresent(
            regular -> {
              amount(node, regular, "old_box", "old_rub", "old_kop");
              node.put(
                  "old_legibility",
                  regular.text().isEmpty() ? "hard" : height(regular) < 12 ? "fair" : "good");
            });
    name(node, tag.fields().stream().filter(field -> field.kind().equals("name")).toList());
    node.put("paper", tag.paper());
    node.put("esl", tag.esl());
    node.put("truncated", tag.truncated());
    node.put("currency", tag.currency());
    node.put("readable", tag.readable());
    node.put("layout", tag.layout());
    node.set("corners", corners(tag.outline()));
    if (!tag.conditionKind().isEmpty()) {
      ObjectNode condition = node.putObject("condition").put("kind", tag.conditionKind());
      if (tag.conditionQuantity() > 0) {
        condition.put("quantity", tag.conditionQuantity());
      }
      tag.field(tag.conditionKind()).ifPresent(field -> node.put("promo_text", field.text()));
    }
    node.put("unit", tag.unit());
    tag.field("barcode").ifPresent(field -> node.put("barcode", field.text()));
    ArrayNode fields = node.putArray("fields");
    for (FieldTruth field : tag.fields()) {
      ObjectNode entry = fields.addObject();
      entry.put("kind", field.kind());
      entry.put("text", field.text());
      entry.set("corners", corners(field.outline()));
      entry.put("line", field.line());
      entry.put("visible", Math.round(field.visible() * 100) / 100.0);
    }
    return node;
  }

  private void amount(ObjectNode node, FieldTruth field, String box, String major, String minor) {
    node.set(box, relative(field.outline().box()));
    String text =
        field.text().replaceAll("[^0-9.]", ""); // a currency's symbol may be printed with it
    if (!text.isEmpty()) {
      int dot = text.indexOf('.');
      node.put(major, dot < 0 ? text : text.substring(0, dot));
      node.put(minor, dot < 0 ? "" : text.substring(dot + 1));
    }
  }

  private void name(ObjectNode node, List<FieldTruth> lines) {
    if (lines.isEmpty()) {
      return;
    }
    double left = Double.MAX_VALUE;
    double top = Double.MAX_VALUE;
    double right = -Double.MAX_VALUE;
    double bottom = -Double.MAX_VALUE;
    boolean legible = true;
    ArrayNode texts = node.putArray("name_lines");
    for (FieldTruth line : lines) {
      Box box = line.outline().box();
      left = Math.min(left, box.left());
      top = Math.min(top, box.top());
      right = Math.max(right, box.right());
      bottom = Math.max(bottom, box.bottom());
      legible &= !line.text().isEmpty() && height(line) >= 7;
      texts.add(line.text());
    }
    node.set("name_box", relative(new Box(left, top, right, bottom)));
    node.put("name_legibility", !legible ? "hard" : height(lines.get(0)) < 11 ? "fair" : "good");
  }

  private static double height(FieldTruth field) {
    Outline outline = field.outline();
    return (outline.topLeft().distance(outline.bottomLeft())
            + outline.topRight().distance(outline.bottomRight()))
        / 2;
  }

  private static double area(Box box) {
    return (box.right() - box.left()) * (box.bottom() - box.top());
  }

  private ArrayNode relative(Box box) {
    return JsonNodeFactory.instance
        .arrayNode()
        .add(share(box.left(), photo.width()))
        .add(share(box.top(), photo.height()))
        .add(share(box.right(), photo.width()))
        .add(share(box.bottom(), photo.height()));
  }

  private static double share(double pixels, int all) {
    return Math.round(Math.max(0, Math.min(1, pixels / all)) * 1e5) / 1e5;
  }

  private static ArrayNode corners(Outline outline) {
    ArrayNode corners = JsonNodeFactory.instance.arrayNode();
    for (Point point : outline.corners()) {
      corners
          .addArray()
          .add(Math.round(point.x() * 100) / 100.0)
          .add(Math.round(point.y() * 100) / 100.0);
    }
    return corners;
  }
}
