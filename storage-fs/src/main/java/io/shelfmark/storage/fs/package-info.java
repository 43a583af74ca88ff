/** Will hold the blob store on a local or mounted file system; empty in this version. */
@NullMarked
package io.shelfmark.storage.fs;

import org.jspecify.annotations.NullMarked;
