package io.shelfmark.storage.s3;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.shelfmark.storage.BlobContent;
import io.shelfmark.storage.Digest;
import io.shelfmark.storage.DirectUploads;
import io.shelfmark.storage.ETag;
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
import org.jspecify.annotations.Nullable;
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
    if (parts.isEmpty()) {
      throw new IllegalArgumentException(
          "Cannot join the upload of %s: found no parts, expected all of them".formatted(name));
    }
    try {
      Optional<StartedUpload> there = withParts(upload);
      if (there.isPresent()) {
        List<CompletedPart> completed = check(name, there.get(), parts, length);
        if (complete(name, there.get(), completed)) {
          return content(name, upload.path());
        }
      }
      // joined before, by a call that did not come to its end
      return content(name, upload.path(), length);
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

  /**
   * The upload with what the server has of it; nothing when it has none. Not every server tells an
   * upload that is gone from one without parts.
   */
  private Optional<StartedUpload> withParts(StartedUpload upload) {
    try {
      Map<Integer, StartedUpload.StoredPart> parts =
          bucket.uploads().parts(upload.path(), upload.id());
      return Optional.of(new StartedUpload(upload.path(), upload.id(), upload.mark(), parts))
          .filter(found -> !found.parts().isEmpty());
    } catch (FailedRequest e) {
      if (UploadGoneException.isMeantBy(e)) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private static List<CompletedPart> check(
      String name, StartedUpload upload, List<Sent> parts, LongConsumer length) {
    List<CompletedPart> completed = new ArrayList<>(parts.size());
    int last = 0;
    long size = 0;
    for (Sent sent : parts) {
      ETag etag = Condition.unquoted(sent.etag().value());
      StartedUpload.StoredPart stored = upload.parts().get(sent.number());
      if (stored == null || !stored.etag().equals(etag) || sent.number() <= last) {
        throw new IllegalArgumentException(
            "Cannot join the upload of %s: found part %d %s, expected it once, in order and with the ETag that sending it gave"
                .formatted(name, sent.number(), found(stored, etag)));
      }
      last = sent.number();
      size += stored.size();
      completed.add(CompletedPart.builder().partNumber(last).eTag(sent.etag().value()).build());
    }
    length.accept(size);
    return completed;
  }

  private static String found(StartedUpload.@Nullable StoredPart stored, ETag etag) {
    if (stored == null) {
      return "that was not sent";
    }
    return stored.etag().equals(etag) ? "out of order" : "with another ETag";
  }

  /** False when the upload is gone. */
  private boolean complete(String name, StartedUpload upload, List<CompletedPart> parts) {
    try {
      bucket.uploads().complete(upload, parts, Condition.NONE);
      return true;
    } catch (FailedRequest e) {
      if (e.code().equals("NoSuchUpload")) {
        return false;
      }
      if (e.code().startsWith("InvalidPart") || e.code().equals("EntityTooSmall")) {
        throw new IllegalArgumentException(
            "Cannot join the upload of %s: found parts that the server refuses (%s), expected all but the last one to be long enough"
                .formatted(name, e.code()),
            e.failure());
      }
      throw e;
    }
  }

  private BlobContent content(String name, String path) {
    return content(name, path, length -> {});
  }

  private BlobContent content(String name, String path, LongConsumer length) {
    Bucket.Head head =
        bucket.head(path).orElseThrow(() -> new UploadNotFoundException(name, address));
    length.accept(head.size());
    return BlobContent.of(head.size(), () -> open(name, path, head.size()));
  }

  private InputStream open(String name, String path, long size) {
    try {
      return reader.open(path, 0, size);
    } catch (FailedRequest e) {
      if (e.status() == 416 && size == 0) {
        return InputStream.nullInputStream();
      }
      throw failures.unreadable("read the upload of", name, e);
    }
  }
}
