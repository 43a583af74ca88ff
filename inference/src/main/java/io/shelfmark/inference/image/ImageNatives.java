package io.shelfmark.inference.image;

import io.shelfmark.inference.ModelException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.global.opencv_imgcodecs;
import org.bytedeco.opencv.global.opencv_imgproc;

/**
 * Loads the native libraries that decode and scale pictures: OpenCV's core, imgproc and imgcodecs,
 * and OpenBLAS, which core is linked against. JavaCPP extracts them once from the jars into its
 * cache, {@code ~/.javacpp/cache} unless the system property {@code org.bytedeco.javacpp.cachedir}
 * says otherwise, under the name and version of their jar, so versions live side by side.
 *
 * <p>Loading happens once, on a thread of its own, when first asked for; {@link #preload} lets
 * other work go on meanwhile. Thread-safe.
 */
public final class ImageNatives {

  /**
   * With an extension that says "none" JavaCPP does not look for two dozen CUDA libraries in every
   * jar and folder first, a fifth of the time it takes. Set in its own table, while loading only.
   */
  private static final String EXTENSION = "platform.extension";

  private static final String PHYSICAL_LIMIT = "org.bytedeco.javacpp.maxPhysicalBytes";

  /**
   * Begins to load on first access of the holder; nothing happens while this class itself is
   * loaded.
   */
  private static final class Loading {
    static final CompletableFuture<Void> DONE = start();

    private static CompletableFuture<Void> start() {
      CompletableFuture<Void> done = new CompletableFuture<>();
      Thread thread =
          new Thread(
              () -> {
                try {
                  load();
                  done.complete(null);
                } catch (RuntimeException | Error e) {
                  done.completeExceptionally(e);
                }
              },
              "shelfmark-image-natives");
      thread.setDaemon(true);
      thread.start();
      return done;
    }
  }

  private ImageNatives() {}

  /**
   * Begins to load the libraries and returns at once. What goes wrong is told by {@link
   * #ensureLoaded}.
   */
  public static void preload() {
    Loading.DONE.isDone();
  }

  /**
   * Waits until the libraries are loaded, loading them if nobody has begun to.
   *
   * @throws ModelException when there is none for this platform, or the operating system refuses it
   */
  public static void ensureLoaded() {
    try {
      Loading.DONE.join();
    } catch (CompletionException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new ModelException(
          "Cannot load the picture decoder: found no usable OpenCV library (%s), expected one for %s (add org.bytedeco:opencv, openblas and javacpp with the classifier of this platform to the class path)"
              .formatted(cause, Loader.Detector.getPlatform()),
          cause);
    }
  }

  private static void load() {
    if (System.getProperty(PHYSICAL_LIMIT) == null
        && System.getProperty("org.bytedeco.javacpp.maxphysicalbytes") == null) {
      // JavaCPP's default refuses allocations once the process is larger than four times the heap,
      // whoever's memory it
      // is: in a host with a small heap the models alone would stop the decoder.
      System.setProperty(PHYSICAL_LIMIT, "0");
    }
    boolean mine = Loader.loadProperties().putIfAbsent(EXTENSION, "") == null;
    try {
      Loader.load(opencv_core.class);
      Loader.load(opencv_imgproc.class);
      Loader.load(opencv_imgcodecs.class);
    } finally {
      if (mine) {
        Loader.loadProperties().remove(EXTENSION, "");
      }
    }
  }
}
