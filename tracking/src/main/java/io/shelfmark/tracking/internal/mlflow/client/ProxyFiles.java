package io.shelfmark.tracking.internal.mlflow.client;

import io.shelfmark.storage.ByteRange;
import io.shelfmark.tracking.internal.mlflow.client.Exchange.Repeat;
import io.shelfmark.tracking.internal.mlflow.wire.Reply;
import io.shelfmark.tracking.store.FileStore;
import io.shelfmark.tracking.store.InvalidRequestException;
import io.shelfmark.tracking.store.RecordNotFoundException;
import io.shelfmark.tracking.store.StoreUnavailableException;
import io.shelfmark.tracking.store.TrackingException;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import okhttp3.HttpUrl;
import okhttp3.Response;

/**
 * Files that the server passes on to where they lie. Shelfmark's server answers parts of a file;
 * MLflow's ignores the range, so that what comes before it is read and dropped. Thread-safe.
 */
final class ProxyFiles implements FileStore {

  static final String ARTIFACTS = "api/2.0/mlflow-artifacts/artifacts";

  private final Api api;
  private final String root;
  private final MultipartUploads multipart;

  /**
   * @param root below the server's artifacts, without a slash at either end
   */
  ProxyFiles(Api api, String root, MultipartUploads multipart) {
    this.api = api;
    this.root = root;
    this.multipart = multipart;
  }

  @Override
  public void put(String path, InputStream content) {
    String what = "store file " + ArtifactPath.require(path);
    try (UploadSource source = UploadSource.of(what, content)) {
      if (multipart.offers(source.length()) && putInParts(path, source)) {
        return;
      }
      Exchange exchange = Exchange.put(what, url(path), source.body(), Map.of());
      api.requests().transfer(exchange, response -> response.code());
    }
  }

  private boolean putInParts(String path, UploadSource source) {
    String folder = ArtifactPath.join(root, ArtifactPath.parent(path));
    return multipart.upload(
        folder,
        ArtifactPath.name(path),
        source,
        () -> find(path).filter(entry -> entry.size() == source.length()).isPresent());
  }

  @Override
  public Optional<Entry> find(String path) {
    String required = ArtifactPath.require(path);
    return list(ArtifactPath.parent(required)).stream()
        .filter(entry -> entry.path().equals(required))
        .findFirst();
  }

  @Override
  public List<Entry> list(String folder) {
    String required = ArtifactPath.requireFolder(folder);
    HttpUrl url =
        api.url(ARTIFACTS).addQueryParameter("path", ArtifactPath.join(root, required)).build();
    String what = "list folder " + required;
    try {
      Reply reply =
          api.requests().send(Exchange.get(what, url), response -> Api.read(what, response));
      return reply.list("files").stream()
          .map(file -> entry(required, file))
          .sorted(Comparator.comparing(Entry::path))
          .toList();
    } catch (RecordNotFoundException e) {
      return List.of();
    }
  }

  private static Entry entry(String folder, Reply file) {
    String name = ArtifactPath.name(file.text("path"));
    boolean isFolder = file.flag("is_dir");
    String path = ArtifactPath.join(folder, ArtifactPath.require(name));
    return new Entry(path, isFolder ? 0 : file.number("file_size"), isFolder);
  }

  @Override
  public InputStream open(String path) {
    String what = "read file " + ArtifactPath.require(path);
    try {
      return api.requests().open(Exchange.get(what, url(path))).body().byteStream();
    } catch (TrackingException e) {
      requireFile(what, path, e);
      throw e;
    }
  }

  @Override
  public InputStream open(String path, ByteRange range) {
    String what = "read file " + ArtifactPath.require(path);
    long last = range.offset() + range.length() - 1;
    Exchange exchange = Exchange.get(what, url(path)).range("bytes=" + range.offset() + "-" + last);
    try {
      return part(what, api.requests().open(exchange), range);
    } catch (TrackingException e) {
      Entry file = requireFile(what, path, e);
      if (e instanceof InvalidRequestException && file.size() <= range.offset()) {
        return InputStream.nullInputStream(); // 416: it begins beyond the end
      }
      throw e;
    }
  }

  private static InputStream part(String what, Response response, ByteRange range) {
    InputStream content = response.body().byteStream();
    if (response.code() != 206) {
      try {
        content.skipNBytes(range.offset());
      } catch (EOFException e) {
        response.close();
        return InputStream.nullInputStream();
      } catch (IOException e) {
        response.close();
        throw new StoreUnavailableException(
            "Cannot %s: found %s, expected its content".formatted(what, e.getMessage()), e);
      }
    }
    return new LimitedStream(content, range.length());
  }

  /** Servers answer 404 or 500 for a file that is not there: the folder tells. */
  private Entry requireFile(String what, String path, TrackingException cause) {
    Optional<Entry> found = find(path);
    if (found.isEmpty() || found.get().isFolder()) {
      throw new RecordNotFoundException(
          "Cannot %s: found %s, expected a file"
              .formatted(what, found.isEmpty() ? "nothing" : "a folder"),
          cause);
    }
    return found.get();
  }

  @Override
  public void delete(String path) {
    if (find(path).isEmpty()) {
      return;
    }
    Exchange exchange =
        new Exchange(
            "delete file " + path, "DELETE", url(path), null, Map.of(), Repeat.GONE_IS_DONE);
    api.requests().send(exchange, response -> response.code());
  }

  private HttpUrl url(String path) {
    HttpUrl.Builder url = api.url(ARTIFACTS);
    if (!root.isEmpty()) {
      url.addEncodedPathSegments(root);
    }
    for (String name : path.split("/", -1)) {
      url.addPathSegment(name);
    }
    return url.build();
  }
}
