/** What the packages of core share; outside the contract. */
@NullMarked
package io.shelfmark.internal;

import org.jspecify.annotations.NullMarked;
