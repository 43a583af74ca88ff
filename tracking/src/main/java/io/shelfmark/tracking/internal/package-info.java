/** Outside the contract: what the parts of tracking share. */
@NullMarked
package io.shelfmark.tracking.internal;

import org.jspecify.annotations.NullMarked;
