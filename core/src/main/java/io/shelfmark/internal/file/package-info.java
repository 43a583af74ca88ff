/** The pointers of files that can be replaced; outside the contract. */
@NullMarked
package io.shelfmark.internal.file;

import org.jspecify.annotations.NullMarked;
