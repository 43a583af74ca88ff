package io.shelfmark.benchmarks;

import io.shelfmark.storage.BlobContent;
import io.shelfmark.storage.BlobKey;
import io.shelfmark.storage.BlobStore;
import io.shelfmark.storage.s3.S3BlobStore;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CompletedPart;

/**
 * How much of what the bare SDK moves in parallel does a store move? The same bytes, part size and
 * number of threads, in turns; credentials, region and the like as the SDK finds them. The bucket
 * must exist; the keys written are removed.
 *
 * <pre>java -Xmx2g -cp benchmarks/target/shelfmark-benchmarks.jar \
 *     io.shelfmark.benchmarks.S3Transfer ENDPOINT BUCKET [MIB [ROUNDS]]</pre>
 */
public final class S3Transfer {

  private static final int PART = 8 << 20;
  private static final int THREADS = 8;
  private static final String BARE = "s3-transfer-bare";
  private static final BlobKey KEY = BlobKey.of("s3-transfer");

  private final S3Client client;
  private final BlobStore store;
  private final String bucket;
  private final byte[] bytes;
  private final byte[] received;
  private final ExecutorService executor = Executors.newFixedThreadPool(THREADS);

  private S3Transfer(S3Client client, BlobStore store, String bucket, byte[] bytes) {
    this.client = client;
    this.store = store;
    this.bucket = bucket;
    this.bytes = bytes;
    this.received = new byte[bytes.length];
  }

  /** Measures a server. */
  public static void main(String[] args) throws Exception {
    URI endpoint = URI.create(args[0]);
    byte[] bytes = new byte[(args.length > 2 ? Integer.parseInt(args[2]) : 256) << 20];
    new Random(1).nextBytes(bytes);
    int rounds = args.length > 3 ? Integer.parseInt(args[3]) : 9;
    try (S3Client client =
            S3Client.builder()
                .endpointOverride(endpoint)
                .forcePathStyle(true)
                .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
                .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
                .httpClientBuilder(Apache5HttpClient.builder().maxConnections(THREADS))
                .build();
        BlobStore store =
            S3BlobStore.builder(args[1])
                .endpoint(endpoint)
                .pathStyle()
                .partSize(PART)
                .threads(THREADS)
                .open()) {
      new S3Transfer(client, store, args[1], bytes).run(rounds);
    }
  }

  private interface Action {
    void run() throws Exception;
  }

  private void run(int rounds) throws Exception {
    List<Action> actions = List.of(this::barePut, this::storePut, this::bareGet, this::storeGet);
    double[][] seconds = new double[actions.size()][rounds];
    for (int round = -1; round < rounds; round++) {
      for (int i = 0; i < actions.size(); i++) {
        long start = System.nanoTime();
        actions.get(i).run();
        if (round >= 0) {
          seconds[i][round] = (System.nanoTime() - start) / 1e9;
        }
      }
    }
    executor.shutdown();
    client.deleteObject(r -> r.bucket(bucket).key(BARE));
    store.delete(KEY);
    System.out.println("| | bare SDK | store | store / bare |\n|---|---|---|---|");
    report("put", seconds[0], seconds[1]);
    report("get", seconds[2], seconds[3]);
  }

  private void report(String name, double[] bare, double[] ours) {
    double[] ratios = new double[bare.length];
    for (int i = 0; i < ratios.length; i++) {
      ratios[i] = bare[i] / ours[i];
    }
    double mib = bytes.length / (double) (1 << 20);
    System.out.printf(
        Locale.ROOT,
        "| %s | %.0f MiB/s | %.0f MiB/s | %.2f |%n",
        name,
        mib / Median.of(bare),
        mib / Median.of(ours),
        Median.of(ratios));
  }

  private void storePut() {
    store.put(KEY, BlobContent.of(bytes));
  }

  private void storeGet() throws IOException {
    try (InputStream stream = store.open(KEY)) {
      stream.readNBytes(received, 0, received.length);
    }
  }

  private void barePut() throws Exception {
    String id = client.createMultipartUpload(r -> r.bucket(bucket).key(BARE)).uploadId();
    List<CompletedPart> parts =
        inParallel(
            number -> {
              int length = Math.min(PART, bytes.length - number * PART);
              String etag =
                  client
                      .uploadPart(
                          r -> r.bucket(bucket).key(BARE).uploadId(id).partNumber(number + 1),
                          RequestBody.fromContentProvider(
                              () -> new ByteArrayInputStream(bytes, number * PART, length),
                              length,
                              "application/octet-stream"))
                      .eTag();
              return CompletedPart.builder().partNumber(number + 1).eTag(etag).build();
            });
    client.completeMultipartUpload(
        r -> r.bucket(bucket).key(BARE).uploadId(id).multipartUpload(m -> m.parts(parts)));
  }

  private void bareGet() throws Exception {
    inParallel(
        number -> {
          long first = (long) number * PART;
          long last = Math.min(bytes.length, first + PART) - 1;
          try (InputStream stream =
              client.getObject(
                  r -> r.bucket(bucket).key(BARE).range("bytes=" + first + "-" + last))) {
            stream.readNBytes(received, (int) first, (int) (last + 1 - first));
          }
          return number;
        });
  }

  private interface PartAction<T> {
    T of(int number) throws Exception;
  }

  private <T> List<T> inParallel(PartAction<T> action) throws Exception {
    List<Callable<T>> tasks = new ArrayList<>();
    for (int number = 0; (long) number * PART < bytes.length; number++) {
      int part = number;
      tasks.add(() -> action.of(part));
    }
    List<T> results = new ArrayList<>();
    for (Future<T> future : executor.invokeAll(tasks)) {
      results.add(future.get());
    }
    return results;
  }
}
