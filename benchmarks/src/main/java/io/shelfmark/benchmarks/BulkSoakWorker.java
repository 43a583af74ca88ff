package io.shelfmark.benchmarks;

import io.shelfmark.inference.PriceTagRecognizer;
import io.shelfmark.inference.bulk.BulkProgress;
import io.shelfmark.inference.bulk.BulkRecognition;
import java.nio.file.Path;

/** A process of {@link BulkSoak}: {@code FOLDER RESULTS}, with the bundled models. */
public final class BulkSoakWorker {

  private BulkSoakWorker() {}

  /** Reads the folder until it is through or killed. */
  public static void main(String[] args) {
    try (PriceTagRecognizer recognizer = PriceTagRecognizer.open()) {
      BulkProgress done = BulkRecognition.of(recognizer).run(Path.of(args[0]), Path.of(args[1]));
      System.out.println(done);
    }
  }
}
