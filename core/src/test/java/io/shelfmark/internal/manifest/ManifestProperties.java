package io.shelfmark.internal.manifest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.shelfmark.artifact.FileEntry;
import io.shelfmark.storage.BlobBatch;
import io.shelfmark.storage.Digest;
import io.shelfmark.testing.InMemoryBlobStore;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;
import net.jqwik.api.constraints.UniqueElements;

class ManifestProperties {

  private static final Digest CONTENT = Digest.of(new byte[0]);

  @Property(tries = 200)
  void manifest_readsWhatWasWritten(
      @ForAll @Size(max = 60) Set<@AlphaChars @StringLength(min = 1, max = 8) String> names) {
    InMemoryBlobStore store = new InMemoryBlobStore();
    TreeSet<String> paths = new TreeSet<>(FilePaths.ORDER);
    names.forEach(name -> paths.add(name + "/я" + name));
    try (BlobBatch batch = store.batch()) {
      ManifestWriter writer = new ManifestWriter(batch, digest -> {});
      paths.forEach(path -> writer.add(new FileEntry(path, CONTENT, path.length())));
      Manifest manifest = Manifest.open(store, writer.finish());
      List<String> read = new ArrayList<>();
      manifest.cursor().forEachRemaining(entry -> read.add(entry.path()));
      assertThat(read).containsExactlyElementsOf(paths);
      assertThat(manifest.files()).isEqualTo(paths.size());
      paths.forEach(path -> assertThat(manifest.find(path)).isPresent());
      assertThat(manifest.find("no such path")).isEmpty();
    }
  }

  @Property(tries = 500)
  void order_isThatOfTheBytes(
      @ForAll @UniqueElements @Size(2) List<@StringLength(max = 6) String> two) {
    byte[] a = two.get(0).getBytes(UTF_8);
    byte[] b = two.get(1).getBytes(UTF_8);
    boolean wellFormed =
        two.stream().allMatch(text -> new String(text.getBytes(UTF_8), UTF_8).equals(text));
    if (wellFormed) {
      assertThat(Integer.signum(FilePaths.ORDER.compare(two.get(0), two.get(1))))
          .isEqualTo(Integer.signum(Arrays.compareUnsigned(a, b)));
    }
  }
}
