package io.shelfmark.inference.synthetic;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.zxing.BinaryBitmap;
import com.google.zxing.MultiFormatReader;
import com.google.zxing.NotFoundException;
import com.google.zxing.RGBLuminanceSource;
import com.google.zxing.common.HybridBinarizer;
import java.awt.Color;
import java.awt.image.BufferedImage;
import org.junit.jupiter.api.Test;

class CodesTest {
  private static final Press PRESS = Press.load();

  @Test
  void bars_ofAPaintedTag_areReadByAScanner() throws NotFoundException {
    FlatTag tag = print(p -> p.bars(0.2, 0.2, 1.6, 0.5));

    assertThat(scan(tag.image())).isEqualTo(tag.fields().get(0).text());
  }

  @Test
  void square_ofAPaintedTag_isReadByAScanner() throws NotFoundException {
    FlatTag tag = print(p -> p.qr(0.4, 0.15, 0.7));

    assertThat(scan(tag.image())).isEqualTo(tag.fields().get(0).text());
  }

  private static FlatTag print(java.util.function.Consumer<TagPainter> printing) {
    TagLayout layout =
        new TagLayout(
            "code",
            2,
            2.000001,
            p -> {
              p.paper(Color.WHITE, "white");
              printing.accept(p);
            });
    return PRESS.print(layout, new Dice(3), 400);
  }

  private static String scan(BufferedImage image) throws NotFoundException {
    int[] rgb = image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth());
    RGBLuminanceSource source = new RGBLuminanceSource(image.getWidth(), image.getHeight(), rgb);
    return new MultiFormatReader().decode(new BinaryBitmap(new HybridBinarizer(source))).getText();
  }
}
