package io.shelfmark.tracking.internal.outbox;

import io.shelfmark.tracking.store.Metric;
import io.shelfmark.tracking.store.NewRun;
import io.shelfmark.tracking.store.RunLog;
import io.shelfmark.tracking.store.RunStatus;
import io.shelfmark.tracking.store.RunUpdate;
import io.shelfmark.tracking.store.RunWrite;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Writes as bytes, version 1; the package says how. What comes back equals what went in. Stateless.
 */
final class WriteCodec {

  private static final int CREATE = 1;
  private static final int LOG = 2;
  private static final int UPDATE = 3;
  private static final int HEARTBEAT = 4;

  private static final int STATUS = 1;
  private static final int END_TIME = 2;
  private static final int NAME = 4;

  private WriteCodec() {}

  static void encode(List<RunWrite> writes, SpoolOutput out) {
    out.writeUnsigned(writes.size());
    for (RunWrite write : writes) {
      if (write instanceof RunWrite.Log log) {
        out.writeByte(LOG);
        out.writeName(log.runId());
        encode(log.log(), out);
      } else if (write instanceof RunWrite.Create create) {
        out.writeByte(CREATE);
        encode(create.run(), out);
      } else if (write instanceof RunWrite.Update update) {
        out.writeByte(UPDATE);
        out.writeName(update.runId());
        encode(update.update(), out);
      } else if (write instanceof RunWrite.Heartbeat heartbeat) {
        out.writeByte(HEARTBEAT);
        out.writeName(heartbeat.runId());
        out.writeTime(heartbeat.time(), Instant.EPOCH);
      } else {
        throw new AssertionError("a kind of write without a number: " + write.getClass());
      }
    }
  }

  private static void encode(NewRun run, SpoolOutput out) {
    out.writeName(run.id());
    out.writeName(run.experimentId());
    out.writeText(run.name());
    out.writeText(run.user());
    out.writeTime(run.startTime(), Instant.EPOCH);
    encode(run.tags(), out);
  }

  private static void encode(RunLog log, SpoolOutput out) {
    encode(log.params(), out);
    encode(log.tags(), out);
    out.writeUnsigned(log.metrics().size());
    long step = 0;
    Instant time = Instant.EPOCH;
    for (Metric metric : log.metrics()) {
      out.writeName(metric.key());
      out.writeDouble(metric.value());
      out.writeSigned(metric.step() - step);
      out.writeTime(metric.time(), time);
      step = metric.step();
      time = metric.time();
    }
  }

  private static void encode(RunUpdate update, SpoolOutput out) {
    out.writeByte(
        (update.status().isPresent() ? STATUS : 0)
            | (update.endTime().isPresent() ? END_TIME : 0)
            | (update.name().isPresent() ? NAME : 0));
    update.status().ifPresent(status -> out.writeText(status.name()));
    update.endTime().ifPresent(time -> out.writeTime(time, Instant.EPOCH));
    update.name().ifPresent(out::writeText);
  }

  private static void encode(Map<String, String> texts, SpoolOutput out) {
    out.writeUnsigned(texts.size());
    texts.forEach(
        (key, value) -> {
          out.writeName(key);
          out.writeText(value);
        });
  }

  /** Appends the writes of one record to a list. */
  static void decode(SpoolInput in, List<RunWrite> writes) throws IOException {
    int count = in.readCount();
    for (int i = 0; i < count; i++) {
      writes.add(decodeWrite(in));
    }
    if (!in.isAtEnd()) {
      throw new IOException("bytes after the last write");
    }
  }

  private static RunWrite decodeWrite(SpoolInput in) throws IOException {
    int kind = in.readByte();
    return switch (kind) {
      case CREATE -> new RunWrite.Create(decodeRun(in));
      case LOG -> new RunWrite.Log(in.readName(), decodeLog(in));
      case UPDATE -> new RunWrite.Update(in.readName(), decodeUpdate(in));
      case HEARTBEAT -> new RunWrite.Heartbeat(in.readName(), in.readTime(Instant.EPOCH));
      default -> throw new IOException("a write of kind " + kind);
    };
  }

  private static NewRun decodeRun(SpoolInput in) throws IOException {
    return new NewRun(
        in.readName(),
        in.readName(),
        in.readText(),
        in.readText(),
        in.readTime(Instant.EPOCH),
        decodeTexts(in));
  }

  private static RunLog decodeLog(SpoolInput in) throws IOException {
    Map<String, String> params = decodeTexts(in);
    Map<String, String> tags = decodeTexts(in);
    int count = in.readCount();
    List<Metric> metrics = new ArrayList<>(count);
    long step = 0;
    Instant time = Instant.EPOCH;
    for (int i = 0; i < count; i++) {
      String key = in.readName();
      double value = in.readDouble();
      step += in.readSigned();
      time = in.readTime(time);
      metrics.add(new Metric(key, value, step, time));
    }
    return new RunLog(params, metrics, tags);
  }

  private static RunUpdate decodeUpdate(SpoolInput in) throws IOException {
    int fields = in.readByte();
    Optional<RunStatus> status = Optional.empty();
    if ((fields & STATUS) != 0) {
      String name = in.readText();
      try {
        status = Optional.of(RunStatus.valueOf(name));
      } catch (IllegalArgumentException e) {
        throw new IOException("a run's status " + name, e);
      }
    }
    Optional<Instant> endTime =
        (fields & END_TIME) != 0 ? Optional.of(in.readTime(Instant.EPOCH)) : Optional.empty();
    Optional<String> name = (fields & NAME) != 0 ? Optional.of(in.readText()) : Optional.empty();
    return new RunUpdate(status, endTime, name);
  }

  private static Map<String, String> decodeTexts(SpoolInput in) throws IOException {
    int count = in.readCount();
    if (count == 0) {
      return Map.of();
    }
    Map<String, String> texts = new HashMap<>();
    for (int i = 0; i < count; i++) {
      String key = in.readName();
      texts.put(key, in.readText());
    }
    return texts;
  }
}
