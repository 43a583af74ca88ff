package io.shelfmark.internal.storage;

import io.shelfmark.artifact.VersionRef;
import io.shelfmark.artifact.VersionRef.Kind;
import io.shelfmark.storage.BlobKey;
import java.util.Locale;
import java.util.Optional;

/** Where things lie in a store; docs/format.md describes it for readers. */
public final class Layout {

  /** The document that says which layout a store has. */
  public static final BlobKey FORMAT = BlobKey.of("format");

  /** Where the documents of those lie who keep versions. */
  public static final String REFERENCES = "references/";

  private Layout() {}

  /** Where all of a kind lie. */
  public static String folder(Kind kind) {
    return kind == Kind.ARTIFACT ? "artifacts/" : "datasets/";
  }

  /** Where an artifact or dataset lies. */
  public static String folder(Kind kind, String name) {
    return folder(kind) + KeyNames.encode(name) + "/";
  }

  /** Where the versions of an artifact or dataset lie. */
  public static String versions(Kind kind, String name) {
    return folder(kind, name) + "versions/";
  }

  /** Where the aliases of an artifact or dataset lie. */
  public static String aliases(Kind kind, String name) {
    return folder(kind, name) + "aliases/";
  }

  /** The document of a version. */
  public static BlobKey version(VersionRef ref) {
    return BlobKey.of(
        versions(ref.kind(), ref.name()) + String.format(Locale.ROOT, "%010d", ref.number()));
  }

  /** The pointer of an alias. */
  public static BlobKey alias(Kind kind, String name, String alias) {
    return BlobKey.of(aliases(kind, name) + KeyNames.encode(alias));
  }

  /** The version whose document lies under a key, if it is one's. */
  public static Optional<VersionRef> version(BlobKey key) {
    String[] segments = key.value().split("/", -1);
    if (segments.length != 4 || !segments[2].equals("versions")) {
      return Optional.empty();
    }
    for (Kind kind : Kind.values()) {
      if (folder(kind).equals(segments[0] + "/")) {
        return Optional.of(
            new VersionRef(kind, KeyNames.decode(segments[1]), Long.parseLong(segments[3])));
      }
    }
    return Optional.empty();
  }
}
