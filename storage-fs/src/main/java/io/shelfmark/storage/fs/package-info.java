/**
 * The blob store on a local or mounted file system: {@link io.shelfmark.storage.fs.FsBlobStore}.
 */
@NullMarked
package io.shelfmark.storage.fs;

import org.jspecify.annotations.NullMarked;
