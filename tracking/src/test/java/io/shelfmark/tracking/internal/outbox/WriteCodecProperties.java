package io.shelfmark.tracking.internal.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shelfmark.tracking.store.Metric;
import io.shelfmark.tracking.store.NewRun;
import io.shelfmark.tracking.store.RunLog;
import io.shelfmark.tracking.store.RunStatus;
import io.shelfmark.tracking.store.RunUpdate;
import io.shelfmark.tracking.store.RunWrite;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Size;

class WriteCodecProperties {

  @Provide
  Arbitrary<RunWrite> write() {
    return Arbitraries.oneOf(create(), log(), update(), heartbeat());
  }

  private static Arbitrary<String> text() {
    // every char there is, halves of surrogate pairs among them
    return Arbitraries.oneOf(
        Arbitraries.strings().all().ofMaxLength(20),
        Arbitraries.strings().ascii().ofMaxLength(300),
        Arbitraries.of("", "loss", "val/loss", "цена", "\uD800", "é\u0000"));
  }

  private static Arbitrary<Instant> time() {
    return Arbitraries.oneOf(
        Arbitraries.of(Instant.MIN, Instant.MAX, Instant.EPOCH),
        Arbitraries.longs().map(Instant::ofEpochMilli),
        Combinators.combine(
                Arbitraries.longs().between(-100_000_000_000L, 100_000_000_000L),
                Arbitraries.longs().between(0, 999_999_999))
            .as(Instant::ofEpochSecond));
  }

  private static Arbitrary<Map<String, String>> texts() {
    return Arbitraries.maps(text(), text()).ofMaxSize(5);
  }

  private static Arbitrary<RunWrite> create() {
    return Combinators.combine(text(), text(), text(), text(), time(), texts())
        .as(NewRun::new)
        .map(RunWrite.Create::new);
  }

  private static Arbitrary<RunWrite> log() {
    Arbitrary<Double> values =
        Arbitraries.oneOf(Arbitraries.doubles(), Arbitraries.longs().map(Double::longBitsToDouble));
    Arbitrary<Metric> metric =
        Combinators.combine(text(), values, Arbitraries.longs(), time()).as(Metric::new);
    return Combinators.combine(text(), texts(), metric.list().ofMaxSize(30), texts())
        .as((id, params, metrics, tags) -> new RunWrite.Log(id, new RunLog(params, metrics, tags)));
  }

  private static Arbitrary<RunWrite> update() {
    return Combinators.combine(
            text(),
            Arbitraries.of(RunStatus.class).optional(),
            time().optional(),
            text().optional())
        .as((id, status, end, name) -> new RunWrite.Update(id, new RunUpdate(status, end, name)));
  }

  private static Arbitrary<RunWrite> heartbeat() {
    return Combinators.combine(text(), time()).as(RunWrite.Heartbeat::new);
  }

  private static byte[] encode(List<RunWrite> writes) {
    SpoolOutput out = new SpoolOutput();
    out.begin(0);
    WriteCodec.encode(writes, out);
    return Arrays.copyOf(out.bytes(), out.size());
  }

  private static List<RunWrite> decode(byte[] bytes) throws IOException {
    List<RunWrite> writes = new ArrayList<>();
    WriteCodec.decode(new SpoolInput(ByteBuffer.wrap(bytes)), writes);
    return writes;
  }

  @Property(tries = 1000)
  void decode_givesWhatWasEncoded(@ForAll("writes") List<RunWrite> writes) throws IOException {
    assertThat(decode(encode(writes))).isEqualTo(writes);
  }

  @Provide
  Arbitrary<List<RunWrite>> writes() {
    return write().list().ofMaxSize(12);
  }

  @Property(tries = 1000)
  void decode_ofAnyBytes_isAnIoExceptionOrWrites(@ForAll @Size(max = 200) byte[] bytes) {
    try {
      assertThat(decode(bytes)).isNotNull();
    } catch (IOException e) {
      assertThat(e).hasMessageNotContaining("null");
    }
  }

  @Property(tries = 300)
  void decode_ofTooFewBytes_isAnIoException(@ForAll("write") RunWrite write, @ForAll int seed) {
    byte[] bytes = encode(List.of(write));
    byte[] cut = Arrays.copyOf(bytes, Math.floorMod(seed, bytes.length));
    assertThatThrownBy(() -> decode(cut)).isInstanceOf(IOException.class);
  }

  /** A new kind of write needs a number here before it can be logged. */
  @Example
  void everyKindOfWrite_isCovered() {
    assertThat(
            Arrays.stream(RunWrite.class.getPermittedSubclasses())
                .map(Class::getSimpleName)
                .collect(Collectors.toSet()))
        .containsExactlyInAnyOrder("Create", "Log", "Update", "Heartbeat");
  }

  @Example
  void pointOfAKnownMetric_takesThirteenBytes() {
    List<Metric> metrics = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      metrics.add(new Metric("loss", i / 3.0, i, Instant.ofEpochMilli(1_700_000_000_000L + i)));
    }
    byte[] bytes = encode(List.of(new RunWrite.Log("run", RunLog.metrics(metrics))));
    assertThat(bytes.length / 1000.0).isBetween(12.0, 13.5);
  }
}
