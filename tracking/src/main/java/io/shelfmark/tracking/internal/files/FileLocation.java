package io.shelfmark.tracking.internal.files;

import io.shelfmark.internal.storage.KeyNames;
import io.shelfmark.tracking.store.InvalidRequestException;
import java.util.Optional;

/**
 * Where files lie, as records name it: {@code mlflow-artifacts:/7/RUN/artifacts}. What lies below
 * {@code mlflow-artifacts:/registry/NAME/NUMBER} are the files of an artifact's version, which
 * nobody can change; the name is written as in a blob's key. Everything else are working files.
 */
public final class FileLocation {

  /** How a location in this workspace begins. */
  public static final String SCHEME = "mlflow-artifacts:";

  /** The folder that holds versions instead of working files. */
  static final String REGISTRY = "registry";

  /**
   * A version, and a path in it.
   *
   * @param artifact its name
   * @param number of the version
   * @param path below it, or "" for its root
   */
  record InVersion(String artifact, long number, String path) {}

  private FileLocation() {}

  /** The location of a version's files. */
  public static String ofVersion(String artifact, long number) {
    return "%s/%s/%s/%d".formatted(SCHEME, REGISTRY, KeyNames.encode(artifact), number);
  }

  /**
   * The path that a location stands for, without a slash at either end; "" for the root.
   *
   * @throws InvalidRequestException when it is no location of this workspace
   */
  public static String path(String location) {
    if (!location.startsWith(SCHEME) || location.startsWith(SCHEME + "//")) {
      throw new InvalidRequestException(
          "Cannot reach files at %s: expected a location such as %s/7/RUN/artifacts"
              .formatted(location, SCHEME));
    }
    return location.substring(SCHEME.length()).replaceAll("^/+|/+$", "");
  }

  /** Whether a path is the registry's or lies in it. */
  static boolean isInRegistry(String path) {
    return path.equals(REGISTRY) || path.startsWith(REGISTRY + "/");
  }

  /** The version that a path of the registry names, if it names one. */
  static Optional<InVersion> version(String path) {
    String[] segments = path.split("/", 4);
    if (!isInRegistry(path) || segments.length < 3 || !segments[2].matches("[1-9][0-9]{0,17}")) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          new InVersion(
              KeyNames.decode(segments[1]),
              Long.parseLong(segments[2]),
              segments.length == 4 ? segments[3] : ""));
    } catch (IndexOutOfBoundsException | NumberFormatException e) {
      // no name was written like that
      return Optional.empty();
    }
  }
}
