package io.shelfmark.examples;

import io.shelfmark.inference.synthetic.PhotoGenerator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A photo of a shelf that is drawn on the spot. */
final class SamplePhoto {

  private static final int WIDTH = 1536;
  private static final int HEIGHT = 2048;
  private static final int TAGS = 12;

  private SamplePhoto() {}

  /** Writes {@code sample.jpg}; the same seed draws the same shelf. */
  static Path write(Path folder, long seed) throws IOException {
    Path file = folder.resolve("sample.jpg");
    byte[] jpeg = PhotoGenerator.seeded(seed).withTags(TAGS).sized(WIDTH, HEIGHT).photo(0).jpeg();
    return Files.write(file, jpeg);
  }
}
