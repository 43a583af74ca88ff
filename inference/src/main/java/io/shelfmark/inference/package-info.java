/** What hosts see of the recognizer: records go in and out, and no handle of an engine leaves. */
@NullMarked
package io.shelfmark.inference;

import org.jspecify.annotations.NullMarked;
