package io.shelfmark.storage.s3;

import static java.util.Objects.requireNonNull;

import java.net.URI;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * How to reach a bucket. Get one from {@link S3BlobStore#builder(String)}; {@link #open()} ends it.
 *
 * <p>By default there is no prefix; endpoint, region and credentials are those that the AWS SDK
 * finds (environment such as {@code AWS_ENDPOINT_URL}, {@code AWS_REGION} and {@code
 * AWS_ACCESS_KEY_ID}, system properties, profile, role of the machine); parts have 8 MiB; 8
 * threads; a deadline of 60 s; what was begun and not finished is removed after 7 days. Not
 * thread-safe.
 */
public final class S3BlobStoreBuilder {

  private static final long MIB = 1 << 20;
  private static final long SMALLEST_PART = 5 * MIB;
  private static final long LARGEST_PART = 1024 * MIB;

  private final String bucket;
  private String prefix = "";
  private @Nullable URI endpoint;
  private @Nullable String region;
  private boolean pathStyle;
  private @Nullable String accessKeyId;
  private @Nullable String secretAccessKey;
  private int partSize = (int) (8 * MIB);
  private int threads = 8;
  private Duration deadline = Duration.ofSeconds(60);
  private Duration abandonedAfter = Duration.ofDays(7);
  private boolean singleWriter;
  private LongSupplier ticker = System::nanoTime;
  private Requests.Sleeper sleeper = time -> Thread.sleep(time.toMillis());

  S3BlobStoreBuilder(String bucket) {
    this.bucket = requireNonNull(bucket, "bucket");
  }

  /** What the keys in the bucket begin with; slashes at either end do not matter. */
  public S3BlobStoreBuilder prefix(String prefix) {
    this.prefix = requireNonNull(prefix, "prefix");
    return this;
  }

  /** The server, {@code https://host:port}; {@code http} is not encrypted. */
  public S3BlobStoreBuilder endpoint(URI endpoint) {
    this.endpoint = requireNonNull(endpoint, "endpoint");
    return this;
  }

  /**
   * The region, such as {@code eu-central-1}. By default {@code us-east-1} where an endpoint is
   * named and no region is found.
   */
  public S3BlobStoreBuilder region(String region) {
    this.region = requireNonNull(region, "region");
    return this;
  }

  /** The bucket's name goes into the path and not into the host's name; most servers but AWS. */
  public S3BlobStoreBuilder pathStyle() {
    this.pathStyle = true;
    return this;
  }

  /** Credentials, in place of those that the AWS SDK finds. */
  public S3BlobStoreBuilder accessKey(String id, String secret) {
    this.accessKeyId = requireNonNull(id, "id");
    this.secretAccessKey = requireNonNull(secret, "secret");
    return this;
  }

  /**
   * How long a part of an upload or download is, in bytes; content of up to one part is one
   * request. Up to 80 GB with the default, the memory of all uploads and of all downloads is
   * bounded by this times the threads each; S3 has no more than 10,000 parts, so that longer
   * content takes longer parts.
   *
   * @throws IllegalArgumentException when it is less than 5 MiB, S3's limit, or more than 1 GiB
   */
  public S3BlobStoreBuilder partSize(long bytes) {
    if (bytes < SMALLEST_PART || bytes > LARGEST_PART) {
      throw new IllegalArgumentException(
          "Cannot use a part size of %d bytes: expected %d to %d"
              .formatted(bytes, SMALLEST_PART, LARGEST_PART));
    }
    this.partSize = (int) bytes;
    return this;
  }

  /**
   * How many parts travel at once.
   *
   * @throws IllegalArgumentException when it is less than 1
   */
  public S3BlobStoreBuilder threads(int threads) {
    if (threads < 1) {
      throw new IllegalArgumentException(
          "Cannot use %d threads: expected 1 or more".formatted(threads));
    }
    this.threads = threads;
    return this;
  }

  /**
   * How long an operation goes on trying: to the end of its last attempt, one second more for each
   * 64 KiB that it carries. Content in parts has it for each part.
   *
   * @throws IllegalArgumentException when it is not positive
   */
  public S3BlobStoreBuilder deadline(Duration deadline) {
    this.deadline = requirePositive("deadline", deadline);
    return this;
  }

  /**
   * After what time an upload that was begun and not finished is taken for abandoned and removed;
   * before, adding the same content to a batch goes on with it. The first long upload of an open
   * store removes them, and one after each further time as long, with permission
   * s3:ListBucketMultipartUploads. No single upload may take longer.
   *
   * @throws IllegalArgumentException when it is not positive
   */
  public S3BlobStoreBuilder abandonedAfter(Duration time) {
    this.abandonedAfter = requirePositive("time", time);
    return this;
  }

  /**
   * Promises that no other process writes to this store, so that it can be written to on a server
   * without conditional writes: the store looks before it writes. With two writers such a store
   * loses versions without a word. Changes nothing on other servers.
   */
  public S3BlobStoreBuilder singleWriter() {
    this.singleWriter = true;
    return this;
  }

  /** Waits and clock of a test. */
  S3BlobStoreBuilder time(LongSupplier ticker, Requests.Sleeper sleeper) {
    this.ticker = ticker;
    this.sleeper = sleeper;
    return this;
  }

  private static Duration requirePositive(String name, Duration duration) {
    if (duration.isNegative() || duration.isZero()) {
      throw new IllegalArgumentException(
          "Cannot use %s %s: expected a positive one".formatted(name, duration));
    }
    return duration;
  }

  /**
   * Opens the store and finds out what its server supports.
   *
   * @throws IllegalArgumentException when bucket, prefix or endpoint are none
   * @throws io.shelfmark.storage.StorageException when the bucket cannot be reached or read
   */
  public S3BlobStore open() {
    URI server = endpoint == null ? ConfiguredEndpoint.find() : endpoint;
    S3Settings settings =
        new S3Settings(
            S3Address.of(bucket, prefix, server), partSize, threads, abandonedAfter, singleWriter);
    Requests requests = new Requests(deadline, ticker, sleeper);
    ServerClock clock = new ServerClock(System::nanoTime);
    ClientSetup setup =
        new ClientSetup(server, region, pathStyle, accessKeyId, secretAccessKey, deadline);
    Bucket bucket = new Bucket(setup.client(clock), settings.address().bucket(), requests);
    return S3BlobStore.open(settings, bucket, new PartAddresses(setup::presigner), clock);
  }
}
