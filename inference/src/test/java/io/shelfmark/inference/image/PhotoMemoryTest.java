package io.shelfmark.inference.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.sun.management.ThreadMXBean;
import io.shelfmark.inference.Box;
import io.shelfmark.inference.Outline;
import io.shelfmark.inference.Point;
import io.shelfmark.inference.UnreadablePhotoException;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PhotoMemoryTest {

  private static final byte[] SMALL = TestPictures.jpeg(640, 480);
  private static final byte[] LARGE = TestPictures.jpeg(1600, 1200);
  private static final byte[] TRANSPARENT =
      TestPictures.encode(
          TestPictures.quarters(300, 200, java.awt.image.BufferedImage.TYPE_INT_ARGB), "png");
  private static final byte[] DAMAGED = TestPictures.pngOfSize(300, 200);

  private final FloatBuffer input =
      ByteBuffer.allocateDirect(4 * 3 * 320 * 320).order(ByteOrder.nativeOrder()).asFloatBuffer();
  private final double[] quad = new double[8];
  private long before;

  @BeforeEach
  void remember() {
    before = NativeBuffer.bytesAlive();
  }

  @Test
  void decode_manyPhotos_keepsOneBuffer() {
    try (PhotoDecoder decoder = new PhotoDecoder(10_000_000, 2)) {
      read(decoder, LARGE);
      long one = NativeBuffer.bytesAlive() - before;
      for (int i = 0; i < 20; i++) {
        read(decoder, i % 2 == 0 ? SMALL : LARGE);
        read(decoder, TRANSPARENT);
        assertThatThrownBy(() -> read(decoder, DAMAGED))
            .isInstanceOf(UnreadablePhotoException.class);
        assertThat(NativeBuffer.bytesAlive() - before).isEqualTo(one);
      }
    }
    assertThat(NativeBuffer.bytesAlive()).isEqualTo(before);
  }

  @Test
  void decode_inGray_takesLessThanHalfTheMemory() {
    byte[] photo = TestPictures.jpeg(3200, 2400);
    try (PhotoDecoder decoder = new PhotoDecoder(10_000_000, 2)) {
      DecodedPhoto gray = decoder.decode("x", photo, PixelFormat.GRAY);
      gray.letterbox(input, PixelFormat.GRAY, 320, 320);
      long one = NativeBuffer.bytesAlive() - before;
      DecodedPhoto color = decoder.decode("x", photo);
      color.letterbox(input, PixelFormat.COLOR, 320, 320);
      color.grayCrop(Outline.of(new Box(0, 0, 10, 10)), 10);

      assertThat(2 * one).isLessThan(NativeBuffer.bytesAlive() - before - one);
      gray.close();
      color.close();
    }
    assertThat(NativeBuffer.bytesAlive()).isEqualTo(before);
  }

  @Test
  void close_photosStillOpen_freesTheirsLater() {
    PhotoDecoder decoder = new PhotoDecoder(10_000_000, 2);
    DecodedPhoto open = decoder.decode("x", SMALL);
    decoder.close();

    assertThat(NativeBuffer.bytesAlive()).isGreaterThan(before);
    open.crop(Outline.of(new Box(0, 0, 10, 10)));
    open.close();
    assertThat(NativeBuffer.bytesAlive()).isEqualTo(before);
  }

  @Test
  void release_moreThanIdle_freesTheRest() {
    try (PhotoDecoder decoder = new PhotoDecoder(10_000_000, 1)) {
      List<DecodedPhoto> open = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        open.add(decoder.decode("x", SMALL));
      }
      long three = NativeBuffer.bytesAlive() - before;
      open.forEach(DecodedPhoto::close);

      assertThat(NativeBuffer.bytesAlive() - before).isEqualTo(three / 3);
    }
  }

  @Test
  void standardDecoder_closedPhoto_leavesNothing() {
    PhotoDecoder.standard().decode("x", SMALL).close();

    assertThat(NativeBuffer.bytesAlive()).isEqualTo(before);
  }

  @Test
  void decode_manyPhotos_leavesNoNativeObjectsAndNoGrowth() throws IOException {
    Path statm = Path.of("/proc/self/statm");
    assumeThat(statm).exists();
    try (PhotoDecoder decoder = new PhotoDecoder(10_000_000, 1)) {
      for (int i = 0; i < 60; i++) {
        readAll(decoder);
      }
      long objects = Pointer.totalCount();
      long resident = resident(statm);
      for (int i = 0; i < 150; i++) {
        readAll(decoder);
      }
      // a leak of a tenth of one of the three photos, or of one header each, would show
      assertThat(Pointer.totalCount() - objects).isLessThan(20);
      assertThat(resident(statm) - resident).isLessThan(20_000_000);
    }
  }

  @Test
  void decode_warm_leavesLittleGarbage() {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    try (PhotoDecoder decoder = new PhotoDecoder(10_000_000, 1)) {
      for (int i = 0; i < 30; i++) {
        read(decoder, SMALL);
      }
      long allocated = threads.getCurrentThreadAllocatedBytes();
      for (int i = 0; i < 20; i++) {
        read(decoder, SMALL);
      }
      assertThat((threads.getCurrentThreadAllocatedBytes() - allocated) / 20).isLessThan(16_000);
    }
  }

  @Test
  void decode_fromManyThreads_givesEachItsOwnPhoto() throws Exception {
    int count = 4;
    CyclicBarrier barrier = new CyclicBarrier(count);
    try (PhotoDecoder decoder = new PhotoDecoder(10_000_000, 2)) {
      List<CompletableFuture<Boolean>> pending = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        byte[] photo = i % 2 == 0 ? SMALL : TestPictures.jpeg(480, 640);
        int width = i % 2 == 0 ? 640 : 480;
        CompletableFuture<Boolean> result = new CompletableFuture<>();
        Thread thread =
            new Thread(() -> result.complete(sameEveryTime(decoder, photo, width, barrier)));
        thread.setDaemon(true);
        thread.start();
        pending.add(result);
      }
      for (CompletableFuture<Boolean> result : pending) {
        assertThat(result.get(30, TimeUnit.SECONDS)).isTrue();
      }
    }
    assertThat(NativeBuffer.bytesAlive()).isEqualTo(before);
  }

  private static boolean sameEveryTime(
      PhotoDecoder decoder, byte[] bytes, int width, CyclicBarrier barrier) {
    try {
      barrier.await(20, TimeUnit.SECONDS);
      byte[] first = null;
      for (int i = 0; i < 10; i++) {
        try (DecodedPhoto photo = decoder.decode("x", bytes)) {
          Box whole = new Box(0, 0, photo.width(), photo.height());
          GrayCrop crop = photo.grayCrop(Outline.of(whole), 300);
          // a copy: the crop's own array is lent to the next photo
          byte[] pixels = Arrays.copyOf(crop.pixels(), crop.width() * crop.height());
          if (photo.width() != width || (first != null && !Arrays.equals(first, pixels))) {
            return false;
          }
          first = pixels;
        }
      }
      return true;
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private void readAll(PhotoDecoder decoder) {
    read(decoder, SMALL);
    read(decoder, TRANSPARENT);
    try {
      read(decoder, DAMAGED);
    } catch (UnreadablePhotoException e) {
      // as it should be
    }
  }

  private void read(PhotoDecoder decoder, byte[] bytes) {
    try (DecodedPhoto photo = decoder.decode("x", bytes)) {
      photo.letterbox(input, PixelFormat.COLOR, 320, 320);
      Outline tag =
          new Outline(
              new Point(20, 20), new Point(200, 25), new Point(198, 140), new Point(18, 130));
      TagCanvas canvas = new TagCanvas(tag);
      canvas.line(40, 40, 150, 60, quad);
      photo.rectify(tag, input, 0);
      photo.warpLine(quad, input, 0, TagCanvas.lineWidth(quad), 640);
    }
  }

  private static long resident(Path statm) throws IOException {
    return Long.parseLong(Files.readString(statm).split(" ")[1]) * 4096;
  }
}
