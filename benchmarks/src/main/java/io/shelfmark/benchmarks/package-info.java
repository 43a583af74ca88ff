/** Benchmarks, one class per question; the command that runs each is in its class comment. */
@NullMarked
package io.shelfmark.benchmarks;

import org.jspecify.annotations.NullMarked;
