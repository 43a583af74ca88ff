/**
 * The blob store on S3 and servers that speak it: {@link io.shelfmark.storage.s3.S3BlobStore}.
 * Hosts open it by its address, {@code s3://bucket/prefix}, or through {@link
 * io.shelfmark.storage.s3.S3BlobStoreBuilder}.
 */
@NullMarked
package io.shelfmark.storage.s3;

import org.jspecify.annotations.NullMarked;
