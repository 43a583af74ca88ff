package io.shelfmark.pipeline;

import io.shelfmark.pipeline.Values.UnkeptException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A result of an earlier run that may be taken.
 *
 * @param result as it is kept
 * @param value as an object
 */
record Cached(StepResult result, Object value) {

  private static final Logger LOG = LoggerFactory.getLogger(Cached.class);

  /** The result under a key, unless it is too old or can no longer be read. */
  static Optional<Cached> find(Workbench bench, Node node, StepResults.Key key) {
    Optional<StepResults.Entry> entry = bench.results().find(key);
    if (entry.isEmpty()) {
      return Optional.empty();
    }
    if (isYoung(bench, node, entry.get())) {
      try {
        StepResult result = entry.get().result();
        return Optional.of(new Cached(result, bench.values().read(node.bodyType(), result.json())));
      } catch (UnkeptException e) {
        LOG.warn(
            "A result of step {} can no longer be read; it is made anew: {}",
            node.id(),
            String.valueOf(e.getCause()));
      }
    }
    bench.results().remove(key, entry.get());
    return Optional.empty();
  }

  static boolean isYoung(Workbench bench, Node node, StepResults.Entry entry) {
    return node.spec()
        .cache()
        .flatMap(CachePolicy::maxAge)
        .map(age -> entry.at().plus(age).isAfter(bench.now()))
        .orElse(true);
  }
}
