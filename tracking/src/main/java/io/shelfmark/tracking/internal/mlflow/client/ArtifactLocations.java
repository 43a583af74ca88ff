package io.shelfmark.tracking.internal.mlflow.client;

import io.shelfmark.tracking.store.FileStore;
import io.shelfmark.tracking.store.InvalidRequestException;
import io.shelfmark.tracking.store.LoggedModelRecord;
import io.shelfmark.tracking.store.ModelVersionRecord;
import io.shelfmark.tracking.store.RecordNotFoundException;
import java.net.URI;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/** Opens the folder that an artifact location names. Thread-safe. */
final class ArtifactLocations {

  private final Api api;
  private final ClientSettings settings;
  private final RunIds ids;
  private final RestModels models;
  private final RestLoggedModels loggedModels;
  private final MultipartUploads multipart;

  ArtifactLocations(
      Api api,
      ClientSettings settings,
      RunIds ids,
      RestModels models,
      RestLoggedModels loggedModels) {
    this.api = api;
    this.settings = settings;
    this.ids = ids;
    this.models = models;
    this.loggedModels = loggedModels;
    this.multipart = new MultipartUploads(api, settings.multipartFrom());
  }

  FileStore files(String location) {
    String scheme = scheme(location);
    Function<URI, FileStore> opener = settings.openers().get(scheme);
    if (opener != null) {
      return opener.apply(uri(location));
    }
    return switch (scheme) {
      case "mlflow-artifacts" -> proxy(location);
      case "http", "https" -> served(location);
      case "runs" -> ofRun(location);
      case "models" -> ofModel(location);
      case "", "file" -> local(location, scheme);
      default ->
          throw unreached(
              location,
              "let the server serve artifacts (mlflow server --serve-artifacts --artifacts-destination ...), or say who opens %s: with MlflowTracking.artifacts"
                  .formatted(scheme));
    };
  }

  private static String scheme(String location) {
    int colon = location.indexOf(':');
    // one letter is a drive of Windows
    boolean hasScheme =
        colon > 1 && location.substring(0, colon).matches("[A-Za-z][A-Za-z0-9+.-]*");
    return hasScheme ? location.substring(0, colon).toLowerCase(Locale.ROOT) : "";
  }

  private FileStore proxy(String location) {
    URI uri = uri(location);
    String authority = uri.getRawAuthority();
    if (authority != null && !authority.equals(settings.server().getRawAuthority())) {
      throw unreached(location, "open the store of that server for it");
    }
    return new ProxyFiles(api, root(location, uri.getRawPath()), multipart);
  }

  /** An address of the proxy in full. */
  private FileStore served(String location) {
    String proxy = api.url(ProxyFiles.ARTIFACTS).build().toString();
    if (!location.startsWith(proxy + "/") && !location.equals(proxy)) {
      throw unreached(location, "open the store of that server for it");
    }
    return new ProxyFiles(api, root(location, location.substring(proxy.length())), multipart);
  }

  private static String root(String location, String path) {
    String root = path.replaceAll("^/+|/+$", "");
    for (String segment : root.toLowerCase(Locale.ROOT).replace("%2e", ".").split("/", -1)) {
      if (segment.equals("..") || segment.equals(".")) {
        throw unreached(location, "name a folder without . and ..");
      }
    }
    return root;
  }

  private FileStore ofRun(String location) {
    List<String> parts = parts(location);
    String base =
        ids.find(parts.get(0))
            .map(run -> run.info().artifactLocation())
            .orElseThrow(() -> notFound(location, "run " + parts.get(0)));
    return files(below(base, parts.get(1)));
  }

  /** {@code models:/m-ID/PATH} or {@code models:/NAME/VERSION}. */
  private FileStore ofModel(String location) {
    List<String> parts = parts(location);
    if (parts.get(0).startsWith("m-")) {
      String base =
          loggedModels
              .find(parts.get(0))
              .map(LoggedModelRecord::artifactLocation)
              .orElseThrow(() -> notFound(location, "logged model " + parts.get(0)));
      return files(below(base, parts.get(1)));
    }
    if (!parts.get(1).matches("[0-9]{1,18}")) {
      throw unreached(location, "name a version by its number");
    }
    String found =
        models
            .findVersion(parts.get(0), Long.parseLong(parts.get(1)))
            .map(ModelVersionRecord::location)
            .orElseThrow(() -> notFound(location, "version of a model"));
    if (found.equals(location)) {
      throw unreached(location, "register it with the place of its files");
    }
    return files(found);
  }

  /** The first name behind the scheme, and the rest. */
  private static List<String> parts(String location) {
    String rest = location.substring(location.indexOf(':') + 1).replaceAll("^/+|/+$", "");
    int slash = rest.indexOf('/');
    return slash < 0
        ? List.of(rest, "")
        : List.of(rest.substring(0, slash), rest.substring(slash + 1));
  }

  private static String below(String base, String path) {
    return path.isEmpty() ? base : base + "/" + ArtifactPath.require(path);
  }

  private FileStore local(String location, String scheme) {
    Path folder;
    try {
      folder = scheme.isEmpty() ? Path.of(location) : folder(uri(location));
    } catch (InvalidPathException e) {
      throw unreached(location, "name a folder");
    }
    Path normal = folder.toAbsolutePath().normalize();
    boolean isShared = settings.sharedFolder().filter(normal::startsWith).isPresent();
    if (!isShared && !isThisMachine(settings.server().getHost())) {
      throw unreached(
          location,
          "it is a folder of the server's machine: let the server serve artifacts, or name the folder with MlflowTracking.sharedFolder where both machines see it");
    }
    return new LocalFiles(normal);
  }

  /** {@code file:mlruns/1} is relative to where the server was started; so is the caller. */
  private static Path folder(URI uri) {
    return Path.of(uri.isOpaque() ? uri.getSchemeSpecificPart() : uri.getPath());
  }

  private static boolean isThisMachine(String host) {
    return host.equals("localhost")
        || host.equals("[::1]")
        || host.matches("127\\.[0-9]+\\.[0-9]+\\.[0-9]+");
  }

  private static URI uri(String location) {
    try {
      return new URI(location.replace(" ", "%20"));
    } catch (java.net.URISyntaxException e) {
      throw unreached(location, "name an address");
    }
  }

  private static InvalidRequestException unreached(String location, String remedy) {
    return new InvalidRequestException(
        "Cannot open the files at %s: expected mlflow-artifacts:, or a folder of this machine (%s)"
            .formatted(location, remedy));
  }

  private static RecordNotFoundException notFound(String location, String what) {
    return new RecordNotFoundException(
        "Cannot open the files at %s: found no such %s, expected it on record"
            .formatted(location, what));
  }
}
