package io.shelfmark.pipeline;

import io.shelfmark.internal.lineage.EventSink;
import io.shelfmark.internal.lineage.FileSink;
import io.shelfmark.internal.lineage.HttpSink;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Options of {@link OpenLineage}, each at its default: the namespace {@code shelfmark}, no key, no
 * source, no nominal times; for a server, 10,000 events that wait in memory, sent again 1 s to 1
 * min apart until it takes them. Not thread-safe.
 */
public final class OpenLineageBuilder {

  private static final long SPOOL_LIMIT = 256L << 20;
  private static final Pattern SCHEDULED = Pattern.compile(".+-(\\d{8}-\\d{6})");
  private static final DateTimeFormatter INSTANT =
      DateTimeFormatter.ofPattern("uuuuMMdd-HHmmss", Locale.ROOT).withZone(ZoneOffset.UTC);

  private final @Nullable Path file;
  private final @Nullable URI server;
  private String namespace = "shelfmark";
  private Supplier<Optional<String>> apiKey = Optional::empty;
  private Optional<LineageEvents.Source> source = Optional.empty();
  private Function<RunId, Optional<Instant>> nominalTime = OpenLineageBuilder::ofSchedule;
  private @Nullable Path spool;
  private int room = 10_000;
  private Duration firstWait = Duration.ofSeconds(1);
  private Duration longestWait = Duration.ofMinutes(1);

  OpenLineageBuilder(Path file) {
    this.file = Objects.requireNonNull(file, "file");
    this.server = null;
  }

  OpenLineageBuilder(URI server) {
    this.file = null;
    this.server = requireHttp(server);
  }

  private static URI requireHttp(URI server) {
    String scheme = server.getScheme() == null ? "" : server.getScheme().toLowerCase(Locale.ROOT);
    if (!(scheme.equals("http") || scheme.equals("https"))
        || server.getHost() == null
        || server.getUserInfo() != null) {
      // a password in it is not repeated
      throw new IllegalArgumentException(
          "Cannot send events of lineage to %s://%s: expected http or https with a host, and no user (give a key with apiKey)"
              .formatted(scheme, server.getHost()));
    }
    return server;
  }

  /** What jobs and datasets are found under, such as the name of the installation. */
  public OpenLineageBuilder namespace(String name) {
    namespace = Objects.requireNonNull(name, "name");
    return this;
  }

  /**
   * What the server knows the sender by, asked for each event, so that it may change; sent as
   * {@code Authorization: Bearer}, never logged.
   */
  public OpenLineageBuilder apiKey(Supplier<String> key) {
    Objects.requireNonNull(key, "key");
    apiKey = () -> Optional.of(key.get());
    return this;
  }

  /** Where the pipelines' code is, and in which version, such as a commit. */
  public OpenLineageBuilder source(URI repository, String version) {
    source =
        Optional.of(
            new LineageEvents.Source(
                Objects.requireNonNull(repository, "repository"),
                Objects.requireNonNull(version, "version")));
    return this;
  }

  /** The instant in the id of a run that a schedule started: {@code nightly-20240501-030000}. */
  private static Optional<Instant> ofSchedule(RunId run) {
    Matcher matcher = SCHEDULED.matcher(run.value());
    try {
      return matcher.matches()
          ? Optional.of(INSTANT.parse(matcher.group(1), Instant::from))
          : Optional.empty();
    } catch (DateTimeParseException e) {
      return Optional.empty(); // other digits
    }
  }

  /** For which time a run is, where that is not the one at which it began. */
  public OpenLineageBuilder nominalTime(Function<RunId, Optional<Instant>> time) {
    nominalTime = Objects.requireNonNull(time, "time");
    return this;
  }

  /**
   * A folder for events that the server has not taken yet, up to 256 MiB: the next process that
   * opens it sends what a killed one left. One process at a time has it. Without it they wait in
   * memory.
   */
  public OpenLineageBuilder spool(Path folder) {
    if (server == null) {
      throw new IllegalArgumentException(
          "Cannot spool events of lineage that go to file %s: expected a server (leave out spool)"
              .formatted(file));
    }
    spool = Objects.requireNonNull(folder, "folder");
    return this;
  }

  /** How many wait in memory, and how long between tries; for tests. */
  OpenLineageBuilder waits(int events, Duration first, Duration longest) {
    room = events;
    firstWait = first;
    longestWait = longest;
    return this;
  }

  /**
   * Opens it.
   *
   * @throws io.shelfmark.storage.StorageException when the spool cannot be used
   */
  public OpenLineage open() {
    return new OpenLineage(sink(), new LineageEvents(namespace, source, nominalTime));
  }

  private EventSink sink() {
    if (server == null) {
      return FileSink.of(Objects.requireNonNull(file));
    }
    HttpSink.Options options = new HttpSink.Options(server, apiKey, room, firstWait, longestWait);
    return spool == null
        ? HttpSink.inMemory(options)
        : HttpSink.spooled(options, spool, SPOOL_LIMIT);
  }
}
