package io.shelfmark.inference.evaluation;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** Which fold of a data set a photo lies in: the same here and in inference/training. */
final class Folds {

  private Folds() {}

  /** The fold of the photo's group, or of the photo alone when it has none; 0 to folds - 1. */
  static int of(LabeledPhoto photo, int folds) {
    byte[] group = photo.group().orElse(photo.file()).getBytes(StandardCharsets.UTF_8);
    try {
      int hash = ByteBuffer.wrap(MessageDigest.getInstance("SHA-256").digest(group)).getInt();
      return Integer.remainderUnsigned(hash, folds);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Cannot hash a group: every Java has SHA-256", e);
    }
  }
}
