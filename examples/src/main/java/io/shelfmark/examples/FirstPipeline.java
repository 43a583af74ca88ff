package io.shelfmark.examples;

import io.shelfmark.artifact.ArtifactVersion;
import io.shelfmark.inference.PriceTagRecognizer;
import io.shelfmark.inference.ShelfPhoto;
import io.shelfmark.pipeline.CachePolicy;
import io.shelfmark.pipeline.Parameter;
import io.shelfmark.pipeline.Pipeline;
import io.shelfmark.pipeline.RetryPolicy;
import io.shelfmark.pipeline.Step;
import io.shelfmark.pipeline.StepContext;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A first pipeline in 30 lines: reads a shelf of each shop, and keeps a table of the prices. */
final class FirstPipeline {

  record Shelf(String shop, List<String> prices) {}

  static Pipeline<ArtifactVersion> create() {
    Parameter<List<String>> shops = Parameter.ofList("shops", String.class, List.of("7", "42"));
    Step<List<Shelf>> shelves =
        Step.forEach("read", shops, Shelf.class)
            .cached(CachePolicy.byInputs("v1")) // each shop on its own: a new one costs itself
            .retry(RetryPolicy.attempts(3))
            .run(FirstPipeline::read);
    Step<ArtifactVersion> table =
        Step.named("table", ArtifactVersion.class)
            .input(shelves)
            .cached(CachePolicy.byInputs("v1"))
            .run((context, all) -> publish(context, all.stream().map(Shelf::toString).toList()));
    return Pipeline.of("first", table);
  }

  private static Shelf read(StepContext context, String shop) throws Exception {
    Path photo = SamplePhoto.write(context.workFolder(), shop.hashCode());
    try (PriceTagRecognizer recognizer = PriceTagRecognizer.open()) {
      var tags = recognizer.recognize(ShelfPhoto.read(photo)).tags();
      return new Shelf(shop, tags.stream().map(tag -> TagText.price(tag.price())).toList());
    }
  }

  private static ArtifactVersion publish(StepContext context, List<String> rows) throws Exception {
    return context.publish("prices", Files.write(context.workFolder().resolve("prices.txt"), rows));
  }
}
