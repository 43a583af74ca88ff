/** How the page of a run is drawn; outside the contract. */
@NullMarked
package io.shelfmark.internal.runpage;

import org.jspecify.annotations.NullMarked;
