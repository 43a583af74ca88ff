package io.shelfmark.storage.s3;

import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What was found out at opening.
 *
 * @param capabilities of the server
 * @param readOnlyBecause why the store is not written to, and what to do about it
 */
record Findings(Set<S3Capability> capabilities, Optional<String> readOnlyBecause) {

  private static final Logger log = LoggerFactory.getLogger(S3BlobStore.class);

  static Findings of(Bucket bucket, S3Settings settings) {
    Optional<Set<S3Capability>> probed = new Probe(bucket, settings.address()).run();
    Set<S3Capability> capabilities = probed.map(Set::copyOf).orElse(Set.of());
    Optional<String> reason =
        probed.isEmpty()
            ? Optional.of(
                "no permission to write, expected one (grant s3:PutObject, s3:DeleteObject and s3:AbortMultipartUpload on %s*, and open the store again)"
                    .formatted(settings.address().resource()))
            : readOnlyBecause(capabilities, settings.singleWriter());
    log.info(
        "opened {}, {}: the server has {}",
        settings.address(),
        reason.map(text -> "read only, found " + text).orElse("to read and write"),
        capabilities.stream().sorted().toList());
    return new Findings(capabilities, reason);
  }

  private static Optional<String> readOnlyBecause(
      Set<S3Capability> capabilities, boolean singleWriter) {
    if (!capabilities.contains(S3Capability.PROMPT_LISTING)) {
      return Optional.of(
          "a server whose listings lag behind its writes, expected one that is consistent (use another server)");
    }
    if (!capabilities.contains(S3Capability.CONDITIONAL_PUT) && !singleWriter) {
      return Optional.of(
          "a server without conditional writes, expected If-None-Match and If-Match (update the server, or ask for singleWriter if no other process writes)");
    }
    return Optional.empty();
  }
}
