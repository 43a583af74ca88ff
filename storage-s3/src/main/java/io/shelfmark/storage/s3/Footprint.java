package io.shelfmark.storage.s3;

import io.shelfmark.storage.ETag;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What an own write looks like at the server, to know it by when a reply was lost. The mark tells
 * for certain; equal content counts as well, whoever wrote it. Immutable.
 *
 * @param mark a random text that the write left in the object's metadata
 * @param size in bytes
 * @param md5Etag the ETag where it is made of MD5s
 * @param block all of the content, where it is in memory
 */
record Footprint(String mark, long size, ETag md5Etag, @Nullable Block block) {

  private static final String MARK = "shelfmark-write";

  static Map<String, String> metadata(String mark) {
    return Map.of(MARK, mark);
  }

  /** What is there, if it is this write's or equal to it. */
  Optional<Bucket.Head> find(Bucket bucket, String path) {
    return bucket.head(path).filter(head -> isMine(bucket, path, head));
  }

  private boolean isMine(Bucket bucket, String path, Bucket.Head head) {
    if (head.size() != size) {
      return false;
    }
    if (mark.equals(head.metadata().get(MARK)) || md5Etag.equals(head.etag())) {
      return true;
    }
    return block != null
        && Arrays.equals(bucket.read(path), 0, (int) size, block.bytes(), 0, block.length());
  }
}
