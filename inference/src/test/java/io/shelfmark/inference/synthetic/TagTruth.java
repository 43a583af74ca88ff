package io.shelfmark.inference.synthetic;

import io.shelfmark.inference.Outline;
import java.util.List;
import java.util.Optional;

/**
 * A tag of a generated photo: all that is known of it.
 *
 * @param layout name of the layout that printed it
 * @param outline its corners in pixels; beyond the photo where the frame cuts it
 * @param truncated whether the frame or another thing hides some of it
 * @param readable whether the main price can be read off the photo
 * @param legibility of the main price: "good", "fair" or "hard"
 * @param paper "white", "yellow", "amber", "red" or "black"
 * @param esl whether it is an electronic label
 * @param currency ISO 4217 code
 * @param conditionKind "card", "quantity" or empty
 * @param conditionQuantity pieces that the price asks for, 0 where it asks for none
 * @param unit the unit's or currency's text, or empty
 * @param fields printed fields of which something can be seen
 */
public record TagTruth(
    String layout,
    Outline outline,
    boolean truncated,
    boolean readable,
    String legibility,
    String paper,
    boolean esl,
    String currency,
    String conditionKind,
    int conditionQuantity,
    String unit,
    List<FieldTruth> fields) {

  /** The first field of a kind. */
  public Optional<FieldTruth> field(String kind) {
    return fields.stream().filter(field -> field.kind().equals(kind)).findFirst();
  }
}
