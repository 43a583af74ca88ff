package io.shelfmark.dataset;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.shelfmark.Progress;
import io.shelfmark.artifact.Provenance;
import io.shelfmark.internal.WorkspaceContext;
import io.shelfmark.internal.gc.WriteGuard;
import io.shelfmark.internal.manifest.FileUpload;
import io.shelfmark.internal.version.VersionDocument;
import io.shelfmark.internal.version.VersionLog;
import io.shelfmark.storage.BlobBatch;
import io.shelfmark.storage.Digest;
import java.util.List;
import java.util.Optional;

/**
 * Writes the version that a merge gives.
 *
 * @param context of the workspace
 * @param versions of the dataset
 * @param base that both came from
 * @param ours the one
 * @param theirs the other one
 */
record MergeCommit(
    WorkspaceContext context,
    VersionLog versions,
    Optional<DatasetVersion> base,
    DatasetVersion ours,
    DatasetVersion theirs) {

  DatasetVersion run(String message) {
    return context
        .guards()
        .write(
            guard -> {
              relyOn(guard, ours);
              relyOn(guard, theirs);
              base.ifPresent(version -> relyOn(guard, version));
              return write(guard, message);
            });
  }

  private void relyOn(WriteGuard guard, DatasetVersion version) {
    versions.relyOn(guard, version.number());
  }

  private DatasetVersion write(WriteGuard guard, String message) {
    try (BlobBatch batch = context.store().batch()) {
      FileUpload upload = new FileUpload(batch, guard, context.executor(), Progress.Listener.NONE);
      List<MergeConflict> conflicts =
          new Merge(base.map(DatasetVersion::manifest), ours.manifest(), theirs.manifest())
              .run(upload::keep);
      if (!conflicts.isEmpty()) {
        throw new MergeConflictException(ours, theirs, conflicts);
      }
      Digest manifest = upload.finish();
      Provenance provenance =
          new Provenance(
              context.clock().instant(),
              context.author(),
              message,
              Optional.empty(),
              Optional.empty());
      ObjectNode draft =
          VersionDocument.draft(manifest, upload.files(), upload.bytes(), provenance);
      draft.withArray("parents").add(ours.number()).add(theirs.number());
      guard.settle();
      return new DatasetVersion(context, versions.claimNext(draft));
    }
  }
}
