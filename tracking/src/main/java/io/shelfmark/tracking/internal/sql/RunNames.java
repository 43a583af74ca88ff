package io.shelfmark.tracking.internal.sql;

import java.util.List;

/** Names for runs that got none, made from their ids, so that a run made again has the same. */
final class RunNames {

  private static final List<String> QUALITIES =
      List.of(
          "amber", "brisk", "calm", "crisp", "early", "fresh", "gentle", "golden", "honest", "keen",
          "light", "lucid", "mellow", "merry", "neat", "plain", "quiet", "rapid", "ripe", "silver",
          "smooth", "sound", "steady", "sunny", "tidy", "true", "vivid", "warm", "wide", "young");

  private static final List<String> GOODS =
      List.of(
          "almond", "apple", "apricot", "barley", "basil", "bread", "butter", "carrot", "cheese",
          "cherry", "cocoa", "coffee", "cream", "fennel", "ginger", "honey", "kefir", "lemon",
          "lentil", "mango", "melon", "millet", "olive", "pepper", "plum", "quince", "rice", "rye",
          "sesame", "walnut");

  private RunNames() {}

  static String of(String runId) {
    int hash = runId.hashCode() & Integer.MAX_VALUE;
    return String.join(
        "-",
        QUALITIES.get(hash % QUALITIES.size()),
        GOODS.get(hash / QUALITIES.size() % GOODS.size()),
        String.valueOf(hash / QUALITIES.size() / GOODS.size() % 1000));
  }
}
