/**
 * Reads lines of text: from a network's per-column probabilities to strings and how sure they are.
 */
@NullMarked
package io.shelfmark.inference.text;

import org.jspecify.annotations.NullMarked;
