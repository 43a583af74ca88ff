package io.shelfmark.storage.s3;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.shelfmark.storage.BlobContent;
import io.shelfmark.storage.Digest;
import io.shelfmark.storage.DirectUploads;
import io.shelfmark.storage.UploadNotFoundException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.LongConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.model.CompletedPart;

/**
 * Uploads in parts whose addresses others have. Their objects are the store's own, which no blob's
 * key can name. The name's digest is in the id and in the object's key: with another name an id is
 * refused here, and one that was changed to fit by the server, where an upload belongs to one key.
 * Thread-safe.
 */
final class S3DirectUploads implements DirectUploads {

  /** Among the store's own keys; below it the digest of a name and a random number. */
  static final String FOLDER = "incoming/";

  private static final Pattern ID = Pattern.compile("([0-9a-f]{64})/([0-9a-f-]{36})/(.{1,1024})");

  private final Bucket bucket;
  private final S3Address address;
  private final PartAddresses addresses;
  private final ObjectReader reader;
  private final AbandonedUploads abandoned;
  private final Failures failures;

  S3DirectUploads(
      Bucket bucket,
      S3Address address,
      PartAddresses addresses,
      ObjectReader reader,
      AbandonedUploads abandoned) {
    this.bucket = bucket;
    this.address = address;
    this.addresses = addresses;
    this.reader = reader;
    this.abandoned = abandoned;
    this.failures = new Failures(address);
  }

  @Override
  public Begun begin(String name, int parts, Duration validity) {
    if (parts < 1 || parts > PartSizes.MOST_PARTS) {
      throw new IllegalArgumentException(
          "Cannot begin the upload of %s: found %d parts, expected 1 to %d"
              .formatted(name, parts, PartSizes.MOST_PARTS));
    }
    if (validity.compareTo(Duration.ofSeconds(1)) < 0 || validity.compareTo(LONGEST_VALIDITY) > 0) {
      throw new IllegalArgumentException(
          "Cannot begin the upload of %s: found addresses good for %s, expected 1 second to %s"
              .formatted(name, validity, LONGEST_VALIDITY));
    }
    abandoned.sweep();
    String number = UUID.randomUUID().toString();
    StartedUpload upload;
    try {
      upload = bucket.uploads().begin(path(name, number), number);
    } catch (FailedRequest e) {
      throw failures.unreadable("begin the upload of", name, e);
    }
    try {
      List<Target> targets = new ArrayList<>(parts);
      for (int part = 1; part <= parts; part++) {
        targets.add(addresses.sign(address.bucket(), upload, part, validity));
      }
      return new Begun(folder(name) + "/" + number + "/" + upload.id(), targets);
    } catch (SdkException e) {
      bucket.uploads().abort(upload.path(), upload.id());
      throw failures.unreadable("sign the upload of", name, new FailedRequest(e, false));
    }
  }

  @Override
  public BlobContent join(String name, String id, List<Sent> parts, LongConsumer length) {
    StartedUpload upload = upload(name, id);
    requireOrder(name, parts);
    try {
      Optional<Map<Integer, StartedUpload.StoredPart>> stored = stored(upload);
      if (stored.isPresent() && !stored.get().isEmpty()) {
        length.accept(check(name, stored.get(), parts));
      }
      if (stored.isEmpty() || !stored.get().isEmpty()) {
        complete(name, upload, parts);
      }
      // one that is gone may have been joined before, by a call that did not come to its end
      Bucket.Head head =
          bucket.head(upload.path()).orElseThrow(() -> new UploadNotFoundException(name, address));
      length.accept(head.size());
      return BlobContent.of(head.size(), () -> open(name, upload.path(), head.size()));
    } catch (FailedRequest e) {
      throw failures.unwritten("join the upload of", name, e);
    }
  }

  @Override
  public void remove(String name, String id) {
    StartedUpload upload;
    try {
      upload = upload(name, id);
    } catch (UploadNotFoundException e) {
      return;
    }
    bucket.uploads().abort(upload.path(), upload.id());
    try {
      bucket.delete(upload.path());
    } catch (FailedRequest e) {
      throw failures.unwritten("remove the upload of", name, e);
    }
  }

  private StartedUpload upload(String name, String id) {
    Matcher matcher = ID.matcher(id);
    if (!matcher.matches() || !matcher.group(1).equals(folder(name))) {
      throw new UploadNotFoundException(name, address);
    }
    String number = matcher.group(2);
    return new StartedUpload(path(name, number), matcher.group(3), number, Map.of());
  }

  private String path(String name, String number) {
    return address.reserved(FOLDER + folder(name) + "/" + number);
  }

  private static String folder(String name) {
    return Digest.of(name.getBytes(UTF_8)).hex();
  }

  private static void requireOrder(String name, List<Sent> parts) {
    int last = 0;
    for (Sent sent : parts) {
      if (sent.number() <= last) {
        throw refused(name, "part %d after part %d".formatted(sent.number(), last));
      }
      last = sent.number();
    }
    if (parts.isEmpty()) {
      throw refused(name, "no parts");
    }
  }

  private static IllegalArgumentException refused(String name, String found) {
    return new IllegalArgumentException(
        "Cannot join the upload of %s: found %s, expected all parts once, in order and with the ETags that sending them gave"
            .formatted(name, found));
  }

  /**
   * What the server has of an upload: none when it is gone, which not every server tells from one
   * without parts; nothing is known where the credentials do not allow to ask.
   */
  private Optional<Map<Integer, StartedUpload.StoredPart>> stored(StartedUpload upload) {
    try {
      return Optional.of(bucket.uploads().parts(upload.path(), upload.id()));
    } catch (FailedRequest e) {
      if (UploadGoneException.isMeantBy(e)) {
        return Optional.of(Map.of());
      }
      if (e.status() == 403) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /** Refuses parts that are not there as they were sent; else how long they are together. */
  private static long check(
      String name, Map<Integer, StartedUpload.StoredPart> stored, List<Sent> parts) {
    long size = 0;
    for (Sent sent : parts) {
      StartedUpload.StoredPart part = stored.get(sent.number());
      if (part == null) {
        throw refused(name, "part %d that was not sent".formatted(sent.number()));
      }
      if (!part.etag().equals(Condition.unquoted(sent.etag().value()))) {
        throw refused(name, "part %d with another ETag".formatted(sent.number()));
      }
      size += part.size();
    }
    return size;
  }

  private void complete(String name, StartedUpload upload, List<Sent> parts) {
    List<CompletedPart> completed =
        parts.stream()
            .map(
                sent ->
                    CompletedPart.builder()
                        .partNumber(sent.number())
                        .eTag(sent.etag().value())
                        .build())
            .toList();
    try {
      bucket.uploads().complete(upload, completed, Condition.NONE);
    } catch (FailedRequest e) {
      if (e.code().equals("NoSuchUpload")) {
        return;
      }
      if (e.code().startsWith("InvalidPart") || e.code().equals("EntityTooSmall")) {
        throw refused(name, "parts that the server refuses (%s)".formatted(e.code()));
      }
      throw e;
    }
  }

  private InputStream open(String name, String path, long size) {
    if (size == 0) {
      // no range asks for that
      return InputStream.nullInputStream();
    }
    try {
      return reader.open(path, 0, size);
    } catch (FailedRequest e) {
      throw failures.unreadable("read the upload of", name, e);
    }
  }
}
