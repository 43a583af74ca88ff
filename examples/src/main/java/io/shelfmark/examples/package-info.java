/** One command per capability of the library; {@link io.shelfmark.examples.Main} lists them. */
@NullMarked
package io.shelfmark.examples;

import org.jspecify.annotations.NullMarked;
