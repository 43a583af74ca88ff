package io.shelfmark.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.shelfmark.inference.Box;
import io.shelfmark.inference.Detection;
import io.shelfmark.inference.Outline;
import io.shelfmark.inference.PriceTag;
import io.shelfmark.inference.ShelfReading;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HtmlReportTest {

  @TempDir Path folder;

  /** As any letter is none that is no ASCII, under the locale C; here what no locale knows. */
  @Test
  void reading_nameThatIsNoPath_isNamedAllTheSame() throws IOException {
    String name = "shelves/caf\0.jpg";
    BufferedImage photo = new BufferedImage(60, 40, BufferedImage.TYPE_3BYTE_BGR);
    PriceTag tag = PriceTag.builder(new Detection(Outline.of(new Box(5, 5, 50, 30)), 0.9)).build();
    Path page = folder.resolve("report.html");

    try (HtmlReport report = new HtmlReport(page)) {
      report.reading(name, new ShelfReading(name, 60, 40, List.of(tag)), photo, photo);
    }

    assertThat(page).content().contains(">caf\0.jpg</a>");
  }
}
