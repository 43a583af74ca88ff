/** Will hold the blob store on S3 and servers that speak it; empty in this version. */
@NullMarked
package io.shelfmark.storage.s3;

import org.jspecify.annotations.NullMarked;
