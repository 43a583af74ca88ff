package io.shelfmark.cluster;

/**
 * How full a queue is, over all processes.
 *
 * @param waiting due, and taken by nobody
 * @param delayed due later
 * @param taken being done
 */
record QueueDepth(long waiting, long delayed, long taken) {}
