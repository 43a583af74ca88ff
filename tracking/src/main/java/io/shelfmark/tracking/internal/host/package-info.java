/** What runs note of the program and the machine. */
@NullMarked
package io.shelfmark.tracking.internal.host;

import org.jspecify.annotations.NullMarked;
