package io.shelfmark.inference.bulk;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class LineScannerTest {

  private static List<String> lines(LineScanner scanner) throws IOException {
    List<String> lines = new ArrayList<>();
    while (scanner.next()) {
      lines.add(
          new String(
              scanner.bytes(), scanner.start(), scanner.end() - scanner.start(), ISO_8859_1));
    }
    return lines;
  }

  @Property(tries = 100)
  void next_anyLinesInAnyPieces_areTheLines(
      @ForAll @Size(max = 8) List<@IntRange(min = 0, max = 100_000) Integer> lengths,
      @ForAll @IntRange(min = 1, max = 100_000) int piece,
      @ForAll @IntRange(min = 0, max = 10) int torn)
      throws IOException {
    List<String> expected = lengths.stream().map("x"::repeat).toList();
    String whole = String.join("", expected.stream().map(line -> line + "\n").toList());
    InputStream in =
        new ByteArrayInputStream((whole + "y".repeat(torn)).getBytes(ISO_8859_1)) {
          @Override
          public synchronized int read(byte[] target, int from, int length) {
            return super.read(target, from, Math.min(length, piece));
          }
        };
    LineScanner scanner = new LineScanner(in);

    assertThat(lines(scanner)).isEqualTo(expected);
    assertThat(scanner.offset()).isEqualTo(whole.length());
  }

  @Test
  void next_lines_haveTheirPlaces() throws IOException {
    LineScanner scanner =
        new LineScanner(new ByteArrayInputStream("ab\n\nc\nd".getBytes(ISO_8859_1)));

    List<Long> places = new ArrayList<>();
    while (scanner.next()) {
      places.add(scanner.place());
      places.add(scanner.number());
    }

    assertThat(places).containsExactly(0L, 1L, 3L, 2L, 4L, 3L);
  }
}
