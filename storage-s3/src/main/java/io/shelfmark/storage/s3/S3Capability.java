package io.shelfmark.storage.s3;

/**
 * What a server may or may not do. An {@link S3BlobStore} finds it out when it is opened, by writes
 * under a key of its own, and adapts.
 */
public enum S3Capability {
  /**
   * {@code PutObject} heeds {@code If-None-Match} and {@code If-Match}. Without it the store is
   * read only, unless its host asked for {@link S3BlobStoreBuilder#singleWriter()}.
   */
  CONDITIONAL_PUT,
  /**
   * {@code CompleteMultipartUpload} heeds them, too. Without it large content under a condition
   * goes as one request, of up to 5 GiB and not in parallel; content of a batch is not affected.
   */
  CONDITIONAL_COMPLETION,
  /**
   * An ETag is the MD5 of the content. Without it, as with some kinds of encryption, an upload that
   * was broken off begins anew, and own writes are recognized by reading them back.
   */
  MD5_ETAGS,
  /**
   * A listing shows what was written and deleted before it. Without it the store is read only:
   * collection of garbage and numbering of versions rely on listings.
   */
  PROMPT_LISTING
}
