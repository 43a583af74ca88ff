/**
 * Many photos: folders and streams of hundreds of thousands, read with bounded memory into files of
 * JSON lines that a killed run goes on with. Begin at {@link
 * io.shelfmark.inference.bulk.BulkRecognition}; docs/bulk.md has the format.
 */
@NullMarked
package io.shelfmark.inference.bulk;

import org.jspecify.annotations.NullMarked;
