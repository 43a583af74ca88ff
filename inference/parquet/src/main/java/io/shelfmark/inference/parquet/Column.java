package io.shelfmark.inference.parquet;

import static org.apache.parquet.schema.LogicalTypeAnnotation.decimalType;
import static org.apache.parquet.schema.LogicalTypeAnnotation.stringType;
import static org.apache.parquet.schema.LogicalTypeAnnotation.timestampType;
import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.BINARY;
import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.DOUBLE;
import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.FIXED_LEN_BYTE_ARRAY;
import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.INT32;
import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.INT64;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.RecordConsumer;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimeUnit;
import org.apache.parquet.schema.Type;
import org.apache.parquet.schema.Types;

/**
 * A column: its type in the file, and how a row's value gets there; nothing where a row has none.
 *
 * @param <V> its values in Java
 */
record Column<V>(
    Type type, Function<TagRow, Optional<V>> value, BiConsumer<RecordConsumer, V> writer) {

  private static final long MICROS = 1_000_000;
  private static final int DECIMAL_BYTES = 16;
  private static final int DECIMAL_DIGITS = 38;

  /** As many as any currency has. */
  private static final int FRACTION_DIGITS = 4;

  /** The name in the file. */
  String name() {
    return type.getName();
  }

  /** Adds a row's value, as the {@code index}th column. */
  void write(TagRow row, RecordConsumer target, int index) {
    Optional<V> found = value.apply(row);
    if (found.isPresent()) {
      target.startField(name(), index);
      writer.accept(target, found.get());
      target.endField(name(), index);
    }
  }

  static Column<String> text(String name, Function<TagRow, Optional<String>> value) {
    return new Column<>(
        Types.optional(BINARY).as(stringType()).named(name),
        value,
        (target, text) -> target.addBinary(Binary.fromString(text)));
  }

  static Column<Integer> number(String name, Function<TagRow, Optional<Integer>> value) {
    return new Column<>(Types.optional(INT32).named(name), value, RecordConsumer::addInteger);
  }

  static Column<Long> large(String name, Function<TagRow, Optional<Long>> value) {
    return new Column<>(Types.optional(INT64).named(name), value, RecordConsumer::addLong);
  }

  static Column<Double> real(String name, Function<TagRow, Optional<Double>> value) {
    return new Column<>(Types.optional(DOUBLE).named(name), value, RecordConsumer::addDouble);
  }

  /** An instant, in microseconds and by UTC; none when it is some 290,000 years away. */
  static Column<Long> instant(String name, Function<TagRow, Instant> value) {
    return new Column<>(
        Types.optional(INT64).as(timestampType(true, TimeUnit.MICROS)).named(name),
        row -> micros(value.apply(row)),
        RecordConsumer::addLong);
  }

  private static Optional<Long> micros(Instant instant) {
    long seconds = instant.getEpochSecond();
    return Math.abs(seconds) < Long.MAX_VALUE / MICROS
        ? Optional.of(seconds * MICROS + instant.getNano() / 1_000)
        : Optional.empty();
  }

  /** An amount of any currency, exactly. */
  static Column<BigDecimal> decimal(String name, Function<TagRow, Optional<BigDecimal>> value) {
    return new Column<>(
        Types.optional(FIXED_LEN_BYTE_ARRAY)
            .length(DECIMAL_BYTES)
            .as(decimalType(FRACTION_DIGITS, DECIMAL_DIGITS))
            .named(name),
        value,
        (target, amount) -> target.addBinary(Binary.fromConstantByteArray(bytes(amount))));
  }

  /** A list of numbers. */
  static Column<List<Double>> reals(String name, Function<TagRow, List<Double>> value) {
    return new Column<>(
        Types.optionalList().requiredElement(DOUBLE).named(name),
        row -> Optional.of(value.apply(row)),
        Column::addList);
  }

  private static void addList(RecordConsumer target, List<Double> values) {
    target.startGroup();
    target.startField("list", 0);
    for (double value : values) {
      target.startGroup();
      target.startField("element", 0);
      target.addDouble(value);
      target.endField("element", 0);
      target.endGroup();
    }
    target.endField("list", 0);
    target.endGroup();
  }

  /** The unscaled number in two's complement, the highest byte first. */
  private static byte[] bytes(BigDecimal amount) {
    BigInteger unscaled = amount.setScale(FRACTION_DIGITS).unscaledValue();
    byte[] shortest = unscaled.toByteArray();
    byte[] all = new byte[DECIMAL_BYTES];
    Arrays.fill(all, (byte) (unscaled.signum() < 0 ? -1 : 0));
    System.arraycopy(shortest, 0, all, DECIMAL_BYTES - shortest.length, shortest.length);
    return all;
  }
}
