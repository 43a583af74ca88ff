package io.shelfmark.storage.s3;

import java.time.Duration;

/**
 * What an open store was told; {@link S3BlobStoreBuilder} describes each.
 *
 * @param address where it lies
 * @param partSize in bytes
 * @param threads for parts
 * @param abandonedAfter the age of an upload that nobody goes on with
 * @param singleWriter whether nobody else writes
 */
record S3Settings(
    S3Address address, int partSize, int threads, Duration abandonedAfter, boolean singleWriter) {}
