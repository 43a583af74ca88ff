package io.shelfmark.inference.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shelfmark.inference.UnreadablePhotoException;
import io.shelfmark.inference.image.TestPictures;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NaturalPhotoTest {

  @TempDir Path folder;

  private LabeledPhoto photo(String file, LabeledPhoto.Size natural) {
    return new LabeledPhoto(
        file,
        folder.resolve(file),
        Optional.empty(),
        Optional.empty(),
        Optional.ofNullable(natural),
        List.of(),
        List.of(),
        false);
  }

  private void write(String file) throws IOException {
    BufferedImage image = new BufferedImage(64, 48, BufferedImage.TYPE_INT_RGB);
    for (int x = 0; x < 32; x++) {
      for (int y = 0; y < 48; y++) {
        image.setRGB(x, y, Color.RED.getRGB());
      }
    }
    ImageIO.write(image, "png", folder.resolve(file).toFile());
  }

  @Test
  void bytes_stretchedFile_isBroughtToItsNaturalSizeWithoutLoss() throws IOException {
    write("a.png");

    BufferedImage natural =
        ImageIO.read(
            new ByteArrayInputStream(
                NaturalPhoto.bytes(photo("a.png", new LabeledPhoto.Size(64, 85)))));

    assertThat(natural.getWidth()).isEqualTo(64);
    assertThat(natural.getHeight()).isEqualTo(85);
    assertThat(natural.getRGB(10, 80)).isEqualTo(Color.RED.getRGB());
    assertThat(natural.getRGB(60, 80)).isEqualTo(Color.BLACK.getRGB());
  }

  @Test
  void bytes_fileOfNaturalOrUnknownSize_areItsOwn() throws IOException {
    write("a.png");
    byte[] file = Files.readAllBytes(folder.resolve("a.png"));

    assertThat(NaturalPhoto.bytes(photo("a.png", new LabeledPhoto.Size(64, 48)))).isEqualTo(file);
    assertThat(NaturalPhoto.bytes(photo("a.png", null))).isEqualTo(file);
  }

  @Test
  void pixels_keepColors() throws IOException {
    write("a.png");

    BufferedImage pixels = NaturalPhoto.pixels(photo("a.png", null));

    assertThat(pixels.getRGB(0, 0)).isEqualTo(Color.RED.getRGB());
    assertThat(pixels.getRGB(63, 0)).isEqualTo(Color.BLACK.getRGB());
  }

  @Test
  void bytes_notAPicture_throws() throws IOException {
    Files.writeString(folder.resolve("a.png"), "text");
    Files.createFile(folder.resolve("empty.png"));
    Files.write(folder.resolve("bomb.png"), TestPictures.pngOfSize(30_000, 30_000));
    Files.write(folder.resolve("lie.png"), TestPictures.pngOfSize(90, 90));

    assertRefused("a.png", "found 4 bytes that begin with 74 65 78 74, expected a JPEG");
    assertRefused("empty.png", "found 0 bytes, expected a JPEG");
    assertRefused("bomb.png", "found 30000 x 30000 pixels, expected at most 100000000");
    assertRefused("lie.png", "found a damaged PNG, expected a complete picture");
    assertRefused("gone.png", "found no such file, expected it beside the labels");
  }

  private void assertRefused(String file, String reason) {
    assertThatThrownBy(() -> NaturalPhoto.bytes(photo(file, new LabeledPhoto.Size(1, 1))))
        .isInstanceOf(UnreadablePhotoException.class)
        .hasMessageStartingWith("Cannot read photo %s: %s", folder.resolve(file), reason);
  }
}
