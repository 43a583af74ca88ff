package io.shelfmark.inference.parquet;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.conf.ParquetConfiguration;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.api.WriteSupport;
import org.apache.parquet.io.OutputFile;
import org.apache.parquet.io.api.RecordConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Writes rows by {@link TagColumns}. Hadoop's configuration is in Parquet's signatures alone: its
 * classes are not loaded, and hosts need not have them.
 */
final class TagWriteSupport extends WriteSupport<TagRow> {

  private final Map<String, String> notes;
  private @Nullable RecordConsumer target;

  private TagWriteSupport(Map<String, String> notes) {
    this.notes = notes;
  }

  @Override
  @SuppressWarnings("deprecation") // the one that is abstract
  public WriteContext init(Configuration hadoop) {
    return context();
  }

  @Override
  public WriteContext init(ParquetConfiguration configuration) {
    return context();
  }

  private WriteContext context() {
    return new WriteContext(TagColumns.SCHEMA, notes);
  }

  @Override
  public void prepareForWrite(RecordConsumer consumer) {
    target = consumer;
  }

  @Override
  public void write(TagRow row) {
    RecordConsumer prepared = Objects.requireNonNull(target, "Parquet prepares before it writes");
    List<Column<?>> columns = TagColumns.ALL;
    prepared.startMessage();
    for (int i = 0; i < columns.size(); i++) {
      columns.get(i).write(row, prepared, i);
    }
    prepared.endMessage();
  }

  /** A writer of rows into a file. */
  static final class Builder extends ParquetWriter.Builder<TagRow, Builder> {
    private final Map<String, String> notes;

    Builder(OutputFile file, Map<String, String> notes) {
      super(file);
      this.notes = notes;
    }

    @Override
    protected Builder self() {
      return this;
    }

    @Override
    @SuppressWarnings("deprecation") // the one that is abstract
    protected WriteSupport<TagRow> getWriteSupport(Configuration hadoop) {
      return new TagWriteSupport(notes);
    }

    @Override
    protected WriteSupport<TagRow> getWriteSupport(ParquetConfiguration configuration) {
      return new TagWriteSupport(notes);
    }
  }
}
