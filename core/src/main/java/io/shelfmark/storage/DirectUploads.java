package io.shelfmark.storage;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.LongConsumer;

/**
 * Content that others send to a store in parts, past this process, at addresses that the store
 * signs. Get it from {@link BlobStore#directUploads()}, where the store offers it.
 *
 * <p>What arrives so is no blob: it has no key and is in no listing until who began the upload
 * reads it and stores it under one. What is neither joined nor removed goes when the store takes it
 * for abandoned.
 *
 * <p>Each upload is for a name, which the caller chooses: its id is of no use with another one. Who
 * has an address may write that part until it expires and nothing else; it is as good as a
 * password. Thread-safe; ends with the store. Methods throw {@link StorageException} when it fails.
 */
public interface DirectUploads {

  /** The longest that an address can be good for. */
  Duration LONGEST_VALIDITY = Duration.ofDays(7);

  /**
   * Where a part goes.
   *
   * @param number from 1
   * @param address to send its bytes to by PUT; the reply's header {@code ETag} is to be kept
   * @param headers that have to be sent with it
   */
  record Target(int number, URI address, Map<String, String> headers) {

    /** Copies the headers. */
    public Target {
      Objects.requireNonNull(address, "address");
      headers = Map.copyOf(headers);
    }

    /** Without the address, which is not for logs. */
    @Override
    public String toString() {
      return "part " + number;
    }
  }

  /**
   * An upload that was begun.
   *
   * @param id what to name it by, together with its name
   * @param targets one for each part
   */
  record Begun(String id, List<Target> targets) {

    /** Copies the targets. */
    public Begun {
      Objects.requireNonNull(id, "id");
      targets = List.copyOf(targets);
    }
  }

  /**
   * A part that was sent.
   *
   * @param number of its target
   * @param etag what the reply said
   */
  record Sent(int number, ETag etag) {

    /** Refuses to have no state. */
    public Sent {
      Objects.requireNonNull(etag, "etag");
    }
  }

  /**
   * Begins an upload. All parts but the last one have to be as long as the server asks for: 5 MiB
   * or more on S3.
   *
   * @param name what it is for
   * @param parts how many at most
   * @param validity how long the addresses are good for
   * @throws IllegalArgumentException when these are more parts than the server takes, none, or the
   *     time is not positive or beyond {@link #LONGEST_VALIDITY}
   */
  Begun begin(String name, int parts, Duration validity);

  /**
   * Joins the parts of an upload, and gives what they make. Joining once more, after a failure,
   * gives the same until {@link #remove}.
   *
   * @param parts all of them by ascending number
   * @param length is told how many bytes these are, before they are joined where the store knows it
   *     by then; what it throws ends the call, and leaves the upload to {@link #remove}
   * @return content whose length is known and that can be read until it is removed
   * @throws UploadNotFoundException when there is no such upload of that name
   * @throws IllegalArgumentException when a part is not there as it was sent, or not long enough
   */
  BlobContent join(String name, String id, List<Sent> parts, LongConsumer length);

  /** Removes all that an upload left; nothing happens when there is none of that name. */
  void remove(String name, String id);
}
