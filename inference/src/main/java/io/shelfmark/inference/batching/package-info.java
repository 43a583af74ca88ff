/**
 * Work of many callers run together: a queue with a bound, deadlines, priorities and turns between
 * callers, and the threads behind it.
 */
@NullMarked
package io.shelfmark.inference.batching;

import org.jspecify.annotations.NullMarked;
