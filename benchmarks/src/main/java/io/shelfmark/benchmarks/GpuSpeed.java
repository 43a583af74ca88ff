package io.shelfmark.benchmarks;

import io.shelfmark.inference.Engine;
import io.shelfmark.inference.ModelException;
import io.shelfmark.inference.PriceTag;
import io.shelfmark.inference.PriceTagRecognizer;
import io.shelfmark.inference.ShelfPhoto;
import io.shelfmark.inference.batching.BatchPolicy;
import io.shelfmark.inference.image.DecodedPhoto;
import io.shelfmark.inference.image.PhotoDecoder;
import io.shelfmark.inference.image.PixelFormat;
import io.shelfmark.inference.synthetic.PhotoGenerator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/**
 * What does a GPU bring, model by model and photo by photo, beside the same machine's processor?
 * Says so and ends where there is none. Reads the photos of a folder, or draws shelves of 12 MP:
 *
 * <pre>java -cp GPU_CLASS_PATH io.shelfmark.benchmarks.GpuSpeed [FOLDER [SECONDS]]</pre>
 *
 * <p>The class path has ONNX Runtime's GPU artifact in place of the plain one, see docs/engines.md.
 */
public final class GpuSpeed {

  private GpuSpeed() {}

  /** Prints the tables. */
  public static void main(String[] args) throws IOException, InterruptedException {
    try (PriceTagRecognizer gpu = open(Engine.cuda().required())) {
      System.out.println("engine: " + gpu.engine());
    } catch (ModelException e) {
      System.out.println("no GPU: " + e.getMessage());
      return;
    }
    double seconds = args.length > 1 ? Double.parseDouble(args[1]) : 5;
    List<Photo> photos = args.length > 0 ? read(Path.of(args[0])) : draw();
    compare(photos);
    GpuModels.print();
    photosPerSecond(photos, seconds);
  }

  private static PriceTagRecognizer open(Engine engine) {
    return PriceTagRecognizer.builder().engine(engine).build();
  }

  private static List<Photo> read(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      List<Photo> photos = new ArrayList<>();
      for (Path file : files.sorted().toList()) {
        photos.add(new Photo(String.valueOf(file.getFileName()), Files.readAllBytes(file)));
      }
      return photos;
    }
  }

  private static List<Photo> draw() {
    List<Photo> photos = new ArrayList<>();
    for (long seed : new long[] {20, 1, 24}) {
      byte[] jpeg = PhotoGenerator.seeded(seed).sized(3000, 4000).withTags(32).photo(0).jpeg();
      photos.add(new Photo("shelf " + seed, jpeg));
    }
    return photos;
  }

  /** Correct first: what do the two read of the same photos? */
  private static void compare(List<Photo> photos) {
    int tags = 0;
    int prices = 0;
    int names = 0;
    double apart = 0;
    try (PriceTagRecognizer cpu = open(Engine.cpu());
        PriceTagRecognizer gpu = open(Engine.cuda().required())) {
      for (Photo each : photos) {
        ShelfPhoto photo = each.photo;
        List<PriceTag> wanted = cpu.recognize(photo).tags();
        List<PriceTag> found = gpu.recognize(photo).tags();
        if (wanted.size() != found.size()) {
          System.out.printf("%s: CPU %d tags, GPU %d%n", photo, wanted.size(), found.size());
          continue;
        }
        for (int i = 0; i < wanted.size(); i++) {
          PriceTag a = wanted.get(i);
          PriceTag b = found.get(i);
          tags++;
          prices += text(a.price()).equals(text(b.price())) ? 1 : 0;
          names += text(a.name()).equals(text(b.name())) ? 1 : 0;
          apart =
              Math.max(apart, Math.abs(a.detection().confidence() - b.detection().confidence()));
        }
      }
    }
    System.out.printf(
        Locale.ROOT,
        "%d photos, %d tags on both: %d prices and %d names the same, scores up to %.5f apart%n%n",
        photos.size(),
        tags,
        prices,
        names,
        apart);
  }

  private static String text(Object read) {
    return Objects.toString(read).replaceAll("confidence=[\\d.E-]+", "");
  }

  private static void photosPerSecond(List<Photo> photos, double seconds)
      throws InterruptedException {
    int cores = Runtime.getRuntime().availableProcessors();
    System.out.println(
        "| photos/s | 1 thread | " + cores + " threads | " + 2 * cores + " threads |");
    System.out.println("|---|---|---|---|");
    try (PhotoDecoder decoder = new PhotoDecoder(PhotoDecoder.DEFAULT_MAX_PIXELS, 2 * cores)) {
      row(
          "decoder alone",
          cores,
          seconds,
          photos,
          photo -> {
            try (DecodedPhoto decoded =
                decoder.decode(photo.photo.name(), photo.jpeg, PixelFormat.GRAY)) {
              Objects.requireNonNull(decoded);
            }
          });
    }
    try (PriceTagRecognizer cpu = open(Engine.cpu())) {
      row("CPU", cores, seconds, photos, photo -> cpu.recognize(photo.photo));
    }
    Engine cuda = Engine.cuda().required();
    for (int sessions : new int[] {1, 2, 4}) {
      try (PriceTagRecognizer gpu = open(cuda.sessions(sessions))) {
        row(
            "CUDA, sessions " + sessions,
            cores,
            seconds,
            photos,
            photo -> gpu.recognize(photo.photo));
      }
    }
    for (int photosTogether : new int[] {4, 16}) {
      BatchPolicy policy = BatchPolicy.batched(2 * cores, 2, photosTogether);
      try (PriceTagRecognizer gpu =
          PriceTagRecognizer.builder().engine(cuda.sessions(2)).batching(policy).build()) {
        row(
            "CUDA, sessions 2, up to " + photosTogether + " photos a run",
            cores,
            seconds,
            photos,
            photo -> gpu.recognize(photo.photo));
      }
    }
  }

  /** A photo as both the recognizer and the decoder take it. */
  private static final class Photo {
    private final ShelfPhoto photo;
    private final byte[] jpeg;

    Photo(String name, byte[] jpeg) {
      this.photo = ShelfPhoto.of(name, jpeg);
      this.jpeg = jpeg;
    }
  }

  private interface Work {
    void on(Photo photo);
  }

  private static void row(String what, int cores, double seconds, List<Photo> photos, Work work)
      throws InterruptedException {
    photos.forEach(work::on);
    System.out.printf(
        Locale.ROOT,
        "| %s | %.2f | %.1f | %.1f |%n",
        what,
        rate(1, seconds, photos, work),
        rate(cores, seconds, photos, work),
        rate(2 * cores, seconds, photos, work));
  }

  /** A second to warm up, then so many seconds. */
  private static double rate(int threads, double seconds, List<Photo> photos, Work work)
      throws InterruptedException {
    long begin = System.nanoTime() + 1_000_000_000L;
    long end = begin + (long) (seconds * 1e9);
    AtomicInteger next = new AtomicInteger();
    AtomicLong done = new AtomicLong();
    List<Thread> all = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      Thread thread =
          new Thread(
              () -> {
                for (long now = 0; now < end; ) {
                  work.on(photos.get(Math.floorMod(next.getAndIncrement(), photos.size())));
                  now = System.nanoTime();
                  if (now >= begin && now < end) {
                    done.incrementAndGet();
                  }
                }
              });
      thread.start();
      all.add(thread);
    }
    for (Thread thread : all) {
      thread.join();
    }
    return done.get() / seconds;
  }
}
