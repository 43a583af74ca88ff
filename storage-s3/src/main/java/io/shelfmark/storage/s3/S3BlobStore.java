package io.shelfmark.storage.s3;

import io.shelfmark.storage.BlobBatch;
import io.shelfmark.storage.BlobContent;
import io.shelfmark.storage.BlobInfo;
import io.shelfmark.storage.BlobKey;
import io.shelfmark.storage.BlobStore;
import io.shelfmark.storage.ByteRange;
import io.shelfmark.storage.DirectUploads;
import io.shelfmark.storage.ETag;
import io.shelfmark.storage.ReadOnlyStoreException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * A blob store in a bucket of S3 or of a server that speaks it, one object for each blob, its key
 * behind the store's prefix. Get one from {@link #builder(String)}, or from {@link
 * BlobStore#open(URI)} with {@code s3://bucket/prefix}. Any number of stores, processes and
 * machines may work on one bucket at once.
 *
 * <p>At opening it finds out what the server supports ({@link #capabilities()}), and adapts. It is
 * {@link io.shelfmark.storage.BlobStore.Access READ_ONLY} where it may not write, where the server
 * heeds no conditions (unless {@link S3BlobStoreBuilder#singleWriter()} was asked for) and where
 * listings lag.
 *
 * <p>A write under a condition is one conditional request. When it met a conflict after a reply was
 * lost, the store looks whether what is there is its own. The ETag of a state is S3's, which mostly
 * is made of its content: a key that gets an earlier content again has the earlier ETag again.
 *
 * <p>Content of more than a part is sent and fetched in parallel parts. A batch goes on with an
 * upload that a killed process left. What nobody goes on with is removed after {@link
 * S3BlobStoreBuilder#abandonedAfter}. Requests that were turned away or broken off are repeated
 * until a deadline.
 *
 * <p>Thread-safe. Who opened it closes it; streams of long blobs end with it.
 */
public final class S3BlobStore implements BlobStore {

  private final Bucket bucket;
  private final PartAddresses addresses;
  private final S3Settings settings;
  private final S3Address address;
  private final ServerClock clock;
  private final Findings findings;
  private final Parts uploads;
  private final Parts downloads;
  private final AbandonedUploads abandoned;
  private final ObjectWriter writer;
  private final ObjectReader reader;
  private final Failures failures;
  private final AtomicBoolean closed = new AtomicBoolean();

  private S3BlobStore(
      S3Settings settings,
      Bucket bucket,
      PartAddresses addresses,
      ServerClock clock,
      Findings findings) {
    this.bucket = bucket;
    this.addresses = addresses;
    this.settings = settings;
    this.address = settings.address();
    this.clock = clock;
    this.findings = findings;
    this.uploads = new Parts("upload", settings.threads(), settings.partSize());
    this.downloads = new Parts("download", settings.threads(), settings.partSize());
    this.abandoned = new AbandonedUploads(bucket, settings, clock);
    this.writer = new ObjectWriter(bucket, settings, findings.capabilities(), uploads, abandoned);
    this.reader = new ObjectReader(bucket, settings, downloads);
    this.failures = new Failures(address);
  }

  /**
   * How to reach a bucket.
   *
   * @param bucket its name
   */
  public static S3BlobStoreBuilder builder(String bucket) {
    return new S3BlobStoreBuilder(bucket);
  }

  static S3BlobStore open(
      S3Settings settings, Bucket bucket, PartAddresses addresses, ServerClock clock) {
    try {
      return new S3BlobStore(settings, bucket, addresses, clock, Findings.of(bucket, settings));
    } catch (RuntimeException e) {
      bucket.close();
      throw e;
    }
  }

  /** What the server was found to support; empty where the store may not write to find out. */
  public Set<S3Capability> capabilities() {
    return findings.capabilities();
  }

  @Override
  public URI location() {
    return address.uri();
  }

  @Override
  public Access access() {
    return findings.readOnlyBecause().isEmpty() ? Access.READ_WRITE : Access.READ_ONLY;
  }

  /** By the dates of the server's replies, to about half a second. */
  @Override
  public Instant currentTime() {
    requireOpen();
    if (clock.isStale()) {
      try {
        bucket.head(address.reserved("clock"));
      } catch (FailedRequest e) {
        throw failures.unreadable("ask for the time", "of the server", e);
      }
    }
    return clock.now();
  }

  @Override
  public BlobInfo put(BlobKey key, BlobContent content) {
    return write(key, content, Condition.NONE);
  }

  @Override
  public BlobInfo putIfAbsent(BlobKey key, BlobContent content) {
    return write(key, content, Condition.ABSENT);
  }

  @Override
  public BlobInfo replace(BlobKey key, BlobContent content, ETag expected) {
    return write(key, content, Condition.state(expected));
  }

  private BlobInfo write(BlobKey key, BlobContent content, Condition condition) {
    ObjectWriter.Written written = writer().write(key, content, condition);
    // a reply to a write does not tell when it was
    try {
      Optional<BlobInfo> info = look(key).filter(found -> found.etag().equals(written.etag()));
      if (info.isPresent()) {
        return info.get();
      }
    } catch (FailedRequest e) {
      // it is written all the same
    }
    return new BlobInfo(key, written.size(), written.etag(), clock.now());
  }

  /** For writing; refused where the store is read only. */
  ObjectWriter writer() {
    requireOpen();
    findings
        .readOnlyBecause()
        .ifPresent(
            reason -> {
              throw new ReadOnlyStoreException(
                  "Cannot write to store %s: found %s".formatted(address, reason));
            });
    return writer;
  }

  /** For reading with these threads and this memory. */
  ObjectReader reader(Parts parts) {
    return new ObjectReader(bucket, settings, parts);
  }

  @Override
  public InputStream open(BlobKey key) {
    requireOpen();
    return reader.open(key, 0, Long.MAX_VALUE);
  }

  @Override
  public InputStream open(BlobKey key, ByteRange range) {
    requireOpen();
    return reader.open(key, range.offset(), range.length());
  }

  /** None: the blobs lie at the server. */
  @Override
  public Optional<Path> file(BlobKey key) {
    requireOpen();
    return Optional.empty();
  }

  @Override
  public Optional<BlobInfo> head(BlobKey key) {
    requireOpen();
    try {
      return look(key);
    } catch (FailedRequest e) {
      throw failures.unreadable("look at blob", key, e);
    }
  }

  private Optional<BlobInfo> look(BlobKey key) {
    return bucket
        .head(address.path(key))
        .map(head -> new BlobInfo(key, head.size(), head.etag(), head.lastModified()));
  }

  @Override
  public Stream<BlobInfo> list(String prefix) {
    requireOpen();
    BlobKey.requirePrefix(prefix);
    return StreamSupport.stream(new S3Listing(bucket, address, prefix), false);
  }

  @Override
  public void delete(BlobKey key) {
    writer();
    try {
      bucket.delete(address.path(key));
    } catch (FailedRequest e) {
      throw failures.unwritten("delete blob", key, e);
    }
  }

  @Override
  public BlobBatch batch() {
    requireOpen();
    return new S3Batch(this);
  }

  /** Where the store may write: by addresses of its endpoint, which others have to reach. */
  @Override
  public Optional<DirectUploads> directUploads() {
    requireOpen();
    return access() == Access.READ_ONLY
        ? Optional.empty()
        : Optional.of(
            new S3DirectUploads(bucket, settings.address(), addresses, reader, abandoned));
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      addresses.close();
      uploads.close();
      downloads.close();
      bucket.close();
    }
  }

  private void requireOpen() {
    if (closed.get()) {
      throw new IllegalStateException("the store " + address + " is closed");
    }
  }
}
