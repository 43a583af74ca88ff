package io.shelfmark.inference.synthetic;

/**
 * What a tag says, before a layout decides what of it is printed and how.
 *
 * @param price the main price
 * @param regular the second price, above the main one
 * @param discount the difference, such as "-29%"
 * @param barcode 13 digits with a valid check digit
 */
record TagContent(
    ProductName name,
    Amount price,
    Amount regular,
    String discount,
    String barcode,
    String article,
    String date,
    String country,
    String maker) {

  static TagContent of(Dice dice, Lexicon lexicon) {
    Amount price = Amount.price(dice);
    Amount regular = price.dearer(dice);
    int percent = (int) Math.round(100 * (1 - price.value() / regular.value()));
    String date =
        "%02d.%02d.%s"
            .formatted(
                dice.whole(1, 28), dice.whole(1, 12), dice.pick("23", "24", "25", "2024", "2025"));
    return new TagContent(
        ProductName.of(dice, lexicon),
        price,
        regular,
        dice.pick("-", "-", "−", "–") + Math.max(1, percent) + dice.pick("%", "%", " %"),
        ean(dice.pick("46", "46", "460", "48", "50", "40", "2") + dice.digits(11)),
        dice.digits(dice.whole(4, 8)),
        date
            + (dice.chance(0.5)
                ? " %02d:%02d".formatted(dice.whole(0, 23), dice.whole(0, 59))
                : ""),
        lexicon.exact(dice, "country"),
        lexicon.exact(dice, "maker"));
  }

  private static String ean(String start) {
    String twelve = start.substring(0, 12);
    int sum = 0;
    for (int i = 0; i < 12; i++) {
      sum += (twelve.charAt(i) - '0') * (i % 2 == 0 ? 1 : 3);
    }
    return twelve + (10 - sum % 10) % 10;
  }
}
