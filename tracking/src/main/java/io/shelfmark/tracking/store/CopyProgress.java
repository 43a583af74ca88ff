package io.shelfmark.tracking.store;

/**
 * How far the copy of an experiment is.
 *
 * @param runId of the run that was just looked at
 * @param runs how many were copied so far
 * @param points how many points of metrics were sent
 * @param files how many files were sent
 * @param bytes how many bytes these have
 */
public record CopyProgress(String runId, long runs, long points, long files, long bytes) {}
