/** Will hold the record of experiments and runs; empty in this version. */
@NullMarked
package io.shelfmark.tracking;

import org.jspecify.annotations.NullMarked;
