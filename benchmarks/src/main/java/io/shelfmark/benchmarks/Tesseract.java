package io.shelfmark.benchmarks;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.imageio.ImageIO;

/**
 * The {@code tesseract} program of this machine, Russian and English, one process per picture on
 * one thread.
 */
final class Tesseract {

  /** Finds text anywhere in the picture. */
  static final int SPARSE = 11;

  /** Takes the picture for one line. */
  static final int LINE = 7;

  /** Takes the picture for one block of lines. */
  static final int BLOCK = 6;

  private static final int COLUMNS = 12;
  private static final int WORD_LEVEL = 5;

  /**
   * One word.
   *
   * @param line what is the same for all words of a line
   * @param confidence 0 to 1
   */
  record Word(
      String text, String line, int left, int top, int width, int height, double confidence) {}

  private Tesseract() {}

  static List<Word> words(BufferedImage image, int pageSegmentation) {
    try {
      Path picture = Files.createTempFile("tesseract", ".png");
      try {
        ImageIO.write(image, "png", picture.toFile());
        return parse(run(picture, pageSegmentation));
      } finally {
        Files.deleteIfExists(picture);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(
          "Cannot run tesseract: expected the program and its rus and eng data", e);
    }
  }

  private static String run(Path picture, int pageSegmentation) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(
            "tesseract",
            picture.toString(),
            "stdout",
            "-l",
            "rus+eng",
            "--psm",
            Integer.toString(pageSegmentation),
            "tsv");
    builder.environment().put("OMP_THREAD_LIMIT", "1");
    builder.redirectError(ProcessBuilder.Redirect.DISCARD);
    Process process = builder.start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    try {
      if (process.waitFor() != 0) {
        throw new IOException("tesseract ended with status " + process.exitValue());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while tesseract was running", e);
    }
    return output;
  }

  private static List<Word> parse(String tsv) {
    List<Word> words = new ArrayList<>();
    for (String row : tsv.lines().toList()) {
      String[] cells = row.split("\t", -1);
      if (cells.length == COLUMNS
          && cells[0].equals(Integer.toString(WORD_LEVEL))
          && !cells[11].isBlank()) {
        words.add(
            new Word(
                cells[11].strip(),
                cells[2] + "." + cells[3] + "." + cells[4],
                Integer.parseInt(cells[6]),
                Integer.parseInt(cells[7]),
                Integer.parseInt(cells[8]),
                Integer.parseInt(cells[9]),
                Math.max(0, Math.min(1, Double.parseDouble(cells[10]) / 100))));
      }
    }
    return words;
  }
}
