/**
 * Numbered versions and movable aliases, for artifacts and datasets alike; outside the contract.
 */
@NullMarked
package io.shelfmark.internal.version;

import org.jspecify.annotations.NullMarked;
