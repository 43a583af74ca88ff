package io.shelfmark.dataset;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.shelfmark.artifact.FileEntry;
import io.shelfmark.storage.Digest;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Parts files among named parts by a stable hash of a group: all files of a group are in one part,
 * on every machine and in every version, whatever else is in the dataset. Get one from {@link #by},
 * then name the parts. Immutable and thread-safe.
 *
 * <p>The hash is the first 53 bits of the SHA-256 of seed, a line feed and group, as a fraction;
 * the parts take their shares of it in the order in which they were named.
 */
public final class Split {

  private final Function<String, String> group;
  private final String seed;
  private final Map<String, Double> shares;

  private Split(Function<String, String> group, String seed, Map<String, Double> shares) {
    this.group = group;
    this.seed = seed;
    this.shares = shares;
  }

  /** Groups files by what a function makes of their path, such as the store a photo is from. */
  public static Split by(Function<String, String> group) {
    return new Split(Objects.requireNonNull(group, "group"), "", Map.of());
  }

  /** Makes another split of the same shares; empty by default. */
  public Split seed(String value) {
    return new Split(group, Objects.requireNonNull(value, "value"), shares);
  }

  /**
   * Adds a part.
   *
   * @param share of all groups, relative to the other parts' shares; above 0
   */
  public Split part(String name, double share) {
    if (!(share > 0) || Double.isInfinite(share) || shares.containsKey(name)) {
      throw new IllegalArgumentException(
          "Cannot add part %s of share %s: expected a new name and a share above 0"
              .formatted(name, share));
    }
    Map<String, Double> more = new LinkedHashMap<>(shares);
    more.put(name, share);
    return new Split(group, seed, more);
  }

  /**
   * The part that a path belongs to.
   *
   * @throws IllegalStateException when there are no parts
   */
  public String partOf(String path) {
    if (shares.isEmpty()) {
      throw new IllegalStateException("a split has no parts");
    }
    String hex = Digest.of((seed + "\n" + group.apply(path)).getBytes(UTF_8)).hex();
    double fraction = (Long.parseUnsignedLong(hex, 0, 16, 16) >>> 11) * 0x1p-53;
    double left = fraction * shares.values().stream().mapToDouble(Double::doubleValue).sum();
    String part = "";
    for (Map.Entry<String, Double> share : shares.entrySet()) {
      part = share.getKey();
      left -= share.getValue();
      if (left < 0) {
        break;
      }
    }
    return part;
  }

  /**
   * Tells whether a file is in a part.
   *
   * @throws IllegalArgumentException when there is no such part
   */
  public Predicate<FileEntry> in(String part) {
    if (!shares.containsKey(part)) {
      throw new IllegalArgumentException(
          "Cannot select part %s: expected one of %s".formatted(part, shares.keySet()));
    }
    return entry -> partOf(entry.path()).equals(part);
  }
}
