package io.shelfmark.pipeline;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * Whether a step's result is taken from an earlier run that had the same inputs. The key is the
 * step's name, the declared version of its code, and the digests of its inputs; results are shared
 * by all pipelines and machines on the workspace's store.
 *
 * @param codeVersion of the step's code: change it when the code gives another result
 * @param maxAge how old a result may be; any age when empty
 */
public record CachePolicy(String codeVersion, Optional<Duration> maxAge) {

  /** Checks that everything is there. */
  public CachePolicy {
    Objects.requireNonNull(codeVersion, "codeVersion");
    Objects.requireNonNull(maxAge, "maxAge");
  }

  /** By the inputs, for any time. */
  public static CachePolicy byInputs(String codeVersion) {
    return new CachePolicy(codeVersion, Optional.empty());
  }

  /** The same for results that are young enough. */
  public CachePolicy youngerThan(Duration age) {
    return new CachePolicy(codeVersion, Optional.of(age));
  }
}
