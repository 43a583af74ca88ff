package io.shelfmark.internal.lineage;

import io.shelfmark.storage.StorageException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Posts events to a server, one after the other, on a thread of its own. An event that does not
 * arrive is sent again, for as long as the sink is open; one that the server refuses for what is in
 * it is left out with a warning. Redirects are not followed: the key is for this server alone.
 */
public final class HttpSink implements EventSink {

  private static final Logger LOG = LoggerFactory.getLogger(HttpSink.class);
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Duration PATIENCE_AT_END = Duration.ofSeconds(10);

  /** Answers that say that this event will never do. */
  private static final Set<Integer> REFUSALS = Set.of(400, 413, 415, 422);

  private final Options options;
  private final EventQueue queue;
  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1) // no upgrade is tried
          .connectTimeout(PATIENCE)
          .followRedirects(HttpClient.Redirect.NEVER)
          .build();
  private final CountDownLatch closing = new CountDownLatch(1);
  private final Thread sender;

  // guarded by this
  private long lost;

  /**
   * Where and how to send.
   *
   * @param server to which events are posted
   * @param apiKey what the server knows the sender by, asked for each event
   * @param room how many events wait in memory
   * @param firstWait after a failure; it doubles
   * @param longestWait at most
   */
  public record Options(
      URI server,
      Supplier<Optional<String>> apiKey,
      int room,
      Duration firstWait,
      Duration longestWait) {}

  private HttpSink(Options options, EventQueue queue) {
    this.options = options;
    this.queue = queue;
    this.sender = new Thread(this::send, "shelfmark-lineage");
    sender.setDaemon(true);
    sender.start();
  }

  /** Keeps what waits in memory. */
  public static HttpSink inMemory(Options options) {
    return new HttpSink(options, new MemoryQueue(options.room()));
  }

  /** Keeps what waits in a folder, and begins with what an earlier process left there. */
  public static HttpSink spooled(Options options, Path folder, long limit) {
    return new HttpSink(options, SpoolQueue.open(folder, limit));
  }

  @Override
  public void accept(String event) {
    if (!queue.add(event)) {
      lost("there is no room for more that wait");
    }
  }

  private synchronized void lost(String why) {
    lost++;
    if (Long.bitCount(lost) == 1) {
      LOG.warn("{} events of lineage for {} are lost so far: {}", lost, options.server(), why);
    }
  }

  /** How many events did not go to the server, and never will. */
  public synchronized long lost() {
    return lost;
  }

  private void send() {
    Duration wait = options.firstWait();
    boolean isLastTry = false;
    try {
      for (Optional<String> event = queue.head(); event.isPresent(); event = queue.head()) {
        Optional<String> trouble = post(event.get());
        if (trouble.isEmpty()) {
          queue.removeHead();
          wait = options.firstWait();
          isLastTry = false;
          continue;
        }
        if (isLastTry) {
          return;
        }
        if (wait.equals(options.firstWait())) {
          LOG.warn(
              "Events of lineage wait: {} did not take one, {}", options.server(), trouble.get());
        }
        isLastTry = closing.await(wait.toNanos(), TimeUnit.NANOSECONDS);
        wait = shorter(wait.multipliedBy(2), options.longestWait());
      }
    } catch (InterruptedException e) {
      LOG.debug("Nobody waits for events for {} any longer", options.server());
    } catch (StorageException e) {
      LOG.warn("No more events of lineage go to {}", options.server(), e);
    }
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }

  /** Sends an event; tells why it has to be sent again. */
  private Optional<String> post(String event) throws InterruptedException {
    try {
      HttpRequest.Builder request =
          HttpRequest.newBuilder(options.server())
              .timeout(PATIENCE)
              .header("Content-Type", "application/json")
              .POST(HttpRequest.BodyPublishers.ofString(event));
      Optional<String> key = options.apiKey().get();
      if (key.isPresent()) {
        if (!key.get().chars().allMatch(c -> c > ' ' && c < 127)) {
          // the client's own message would show it
          return Optional.of("the key has characters that a header cannot have");
        }
        request.header("Authorization", "Bearer " + key.get());
      }
      int status =
          client.send(request.build(), HttpResponse.BodyHandlers.discarding()).statusCode();
      if (REFUSALS.contains(status)) {
        lost("the server refused one with " + status);
        return Optional.empty();
      }
      return status / 100 == 2 ? Optional.empty() : Optional.of("it answered " + status);
    } catch (IOException e) {
      return Optional.of(e.toString());
    } catch (RuntimeException e) {
      // whoever gives the key failed; what it says may hold the key
      return Optional.of("the key could not be had: " + e.getClass().getName());
    }
  }

  @Override
  public void close() {
    closing.countDown();
    queue.end();
    try {
      sender.join(PATIENCE_AT_END.toMillis());
      sender.interrupt();
      sender.join(PATIENCE_AT_END.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (!queue.isEmpty()) {
      LOG.warn("Not all events of lineage went to {}: {}", options.server(), queue.afterwards());
    }
    queue.close();
  }
}
