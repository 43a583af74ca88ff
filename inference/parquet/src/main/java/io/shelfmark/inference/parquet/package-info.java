/**
 * Results of many photos as Parquet, for analysts: {@link
 * io.shelfmark.inference.parquet.ParquetTags}. docs/bulk.md has the columns.
 */
@NullMarked
package io.shelfmark.inference.parquet;

import org.jspecify.annotations.NullMarked;
