package io.shelfmark.internal.verification;

import io.shelfmark.Progress;
import io.shelfmark.StoreReport.Fault;
import io.shelfmark.internal.TaskWindow;
import io.shelfmark.internal.storage.MarkSet;
import io.shelfmark.internal.storage.VerifiedContent;
import io.shelfmark.storage.BlobInfo;
import io.shelfmark.storage.BlobNotFoundException;
import io.shelfmark.storage.BlobStore;
import io.shelfmark.storage.CorruptBlobException;
import io.shelfmark.storage.Digest;
import io.shelfmark.storage.StorageException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.stream.Stream;

/** Reads all content of a store, many pieces at once. For one thread, once. */
final class ContentCheck {

  static final String BLOBS = "blobs/sha256/";

  private static final int WINDOW = 64;

  /** What reading a piece of content showed. */
  private enum State {
    GOOD,
    DAMAGED,
    /** It was collected since it was listed. */
    GONE
  }

  private record Checked(BlobInfo blob, State state, String problem) {}

  private final BlobStore store;
  private final ExecutorService executor;
  private final Progress.Listener progress;
  private final MarkSet good = new MarkSet();
  private final MarkSet damaged = new MarkSet();
  private final List<Fault> faults = new ArrayList<>();
  private long blobs;
  private long bytes;

  ContentCheck(BlobStore store, ExecutorService executor, Progress.Listener progress) {
    this.store = store;
    this.executor = executor;
    this.progress = progress;
  }

  void run() {
    try (TaskWindow<Checked> window = new TaskWindow<>(executor, WINDOW, this::note);
        Stream<BlobInfo> listing = store.list(BLOBS)) {
      for (Iterator<BlobInfo> found = listing.iterator(); found.hasNext(); ) {
        BlobInfo blob = found.next();
        window.add(() -> check(blob));
      }
      window.finish();
    } catch (IOException e) {
      throw new StorageException(
          "Cannot verify the store: found %s, expected to go on (try again)"
              .formatted(e.getMessage()),
          e);
    }
  }

  /** Whether content was read and is as it was written. */
  boolean isGood(Digest digest) {
    return good.contains(MarkSet.mark(digest));
  }

  /** Whether content was read and is not as it was written. */
  boolean isDamaged(Digest digest) {
    return damaged.contains(MarkSet.mark(digest));
  }

  List<Fault> faults() {
    return faults;
  }

  long blobs() {
    return blobs;
  }

  long bytes() {
    return bytes;
  }

  private Checked check(BlobInfo blob) {
    String key = blob.key().value();
    Digest digest;
    try {
      digest = new Digest(key.substring(key.lastIndexOf('/') + 1));
    } catch (IllegalArgumentException e) {
      return new Checked(blob, State.DAMAGED, "found no digest in the key, expected one");
    }
    try (InputStream stream = VerifiedContent.open(store, digest)) {
      stream.transferTo(OutputStream.nullOutputStream());
      return new Checked(blob, State.GOOD, "");
    } catch (BlobNotFoundException e) {
      return new Checked(blob, State.GONE, "");
    } catch (CorruptBlobException e) {
      return new Checked(blob, State.DAMAGED, String.valueOf(e.getMessage()));
    } catch (IOException e) {
      throw new StorageException(
          "Cannot verify blob %s: found %s, expected readable bytes (try again)"
              .formatted(blob.key(), e),
          e);
    }
  }

  private void note(Checked checked) {
    if (checked.state() == State.GONE) {
      return;
    }
    blobs++;
    bytes += checked.blob().size();
    (checked.state() == State.GOOD ? good : damaged).add(MarkSet.mark(checked.blob().key()));
    if (checked.state() == State.DAMAGED) {
      faults.add(new Fault(checked.blob().key(), checked.problem()));
    }
    progress.progressed(new Progress(blobs, bytes));
  }
}
