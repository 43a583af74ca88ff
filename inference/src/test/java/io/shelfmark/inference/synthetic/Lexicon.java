package io.shelfmark.inference.synthetic;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The words that names, packs and banners are made of, by section of {@code lexicon.txt}.
 * Thread-safe.
 */
final class Lexicon {
  private final Map<String, List<String>> sections;
  private final PseudoWords pseudoWords;
  private final List<String> names;

  private Lexicon(Map<String, List<String>> sections, PseudoWords pseudoWords, List<String> names) {
    this.sections = sections;
    this.pseudoWords = pseudoWords;
    this.names = names;
  }

  private static Lexicon of(List<String> lines) {
    Map<String, List<String>> sections = new HashMap<>();
    List<String> section = new ArrayList<>();
    for (String line : lines) {
      if (line.startsWith("[")) {
        section = new ArrayList<>();
        sections.put(line.substring(1, line.length() - 1), section);
      } else if (!line.startsWith("#") && !line.isBlank()) {
        section.addAll(List.of(line.strip().split(line.contains("|") ? "\\|" : " +")));
      }
    }
    List<String> russian = new ArrayList<>(sections.get("product"));
    russian.addAll(sections.get("adjective"));
    return new Lexicon(sections, new PseudoWords(russian), List.of());
  }

  static Lexicon load() {
    try (InputStream in = Lexicon.class.getResourceAsStream("lexicon.txt")) {
      if (in == null) {
        throw new IllegalStateException(
            "Cannot load the lexicon: found no lexicon.txt beside this class, expected the test resources");
      }
      return of(new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList());
    } catch (IOException unreadable) {
      throw new UncheckedIOException("Cannot load the lexicon", unreadable);
    }
  }

  /** The same words, and product names beside them. */
  Lexicon withNames(List<String> names) {
    return new Lexicon(sections, pseudoWords, List.copyOf(names));
  }

  /** Product names that the caller gave; empty by default. */
  List<String> names() {
    return names;
  }

  List<String> section(String name) {
    return sections.get(name);
  }

  /**
   * A word or phrase of the section, or, for three words in ten, a made-up word of like letters.
   */
  String word(Dice dice, String section) {
    return dice.chance(0.3) ? pseudoWords.word(dice) : dice.pick(section(section));
  }

  /** A word or phrase of the section as it is. */
  String exact(Dice dice, String section) {
    return dice.pick(section(section));
  }
}
