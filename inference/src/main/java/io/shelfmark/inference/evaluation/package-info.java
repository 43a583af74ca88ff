/**
 * Scores a recognizer on labelled photos: how many tags it finds, how many prices it reads exactly,
 * and how far its confidences can be trusted. The rules are in {@link
 * io.shelfmark.inference.evaluation.Evaluation}.
 */
@NullMarked
package io.shelfmark.inference.evaluation;

import org.jspecify.annotations.NullMarked;
