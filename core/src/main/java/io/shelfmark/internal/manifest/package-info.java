/**
 * Sorted lists of files, how they are written, read, uploaded and checked out; outside the
 * contract.
 */
@NullMarked
package io.shelfmark.internal.manifest;

import org.jspecify.annotations.NullMarked;
