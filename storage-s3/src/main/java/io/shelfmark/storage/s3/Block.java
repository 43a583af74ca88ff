package io.shelfmark.storage.s3;

import io.shelfmark.storage.ETag;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;
import software.amazon.awssdk.core.sync.RequestBody;

/** Bytes of content in memory: all of it, or a part. Thread-safe once it is filled. */
final class Block {

  private final byte[] bytes;
  private final int length;

  /** The first bytes of an array, which is not copied. */
  Block(byte[] bytes, int length) {
    this.bytes = bytes;
    this.length = length;
  }

  byte[] bytes() {
    return bytes;
  }

  int length() {
    return length;
  }

  InputStream open() {
    return new ByteArrayInputStream(bytes, 0, length);
  }

  /** For a request, without another copy in memory; the SDK may read it more than once. */
  RequestBody body() {
    return RequestBody.fromContentProvider(this::open, length, "application/octet-stream");
  }

  Md5 md5() {
    MessageDigest calculation = Md5.start();
    calculation.update(bytes, 0, length);
    return Md5.of(calculation);
  }

  /**
   * What S3 checks a body by, and calls content by where it does.
   *
   * @param hex in hexadecimal digits
   */
  record Md5(String hex) {

    static MessageDigest start() {
      try {
        return MessageDigest.getInstance("MD5");
      } catch (NoSuchAlgorithmException e) {
        throw new IllegalStateException("every Java platform has MD5", e);
      }
    }

    static Md5 of(MessageDigest calculation) {
      return new Md5(HexFormat.of().formatHex(calculation.digest()));
    }

    /** Whether an ETag looks like one. */
    static boolean isOne(ETag etag) {
      return etag.value().length() == 32 && etag.value().chars().allMatch(HexFormat::isHexDigit);
    }

    byte[] bytes() {
      return HexFormat.of().parseHex(hex);
    }

    /** As the header {@code Content-MD5} has it. */
    String header() {
      return Base64.getEncoder().encodeToString(bytes());
    }
  }
}
