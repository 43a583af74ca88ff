/** The page on which a person looks at runs: its files, served by the servlet. */
@NullMarked
package io.shelfmark.tracking.internal.page;

import org.jspecify.annotations.NullMarked;
