package io.shelfmark.tracking.internal.mlflow.client;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import io.shelfmark.tracking.internal.mlflow.client.Exchange.Repeat;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import okhttp3.Call;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okhttp3.ResponseBody;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends requests, again where that may help and does no harm, until a deadline. The HTTP client's
 * own repetitions are off: they do not tell whether an attempt may have been applied. Thread-safe;
 * who made it closes it.
 */
final class Requests implements AutoCloseable {

  /** Takes what it needs of a reply. */
  interface Reader<T> {
    T read(Response response) throws IOException;
  }

  /** How an exchange goes. */
  private enum Mode {
    /** The whole reply must be there within the timeout. */
    BOUNDED,
    /** It carries a file: the timeout is that of a standstill. */
    TRANSFER,
    /** The same with a server that another one named, which is shown no credentials. */
    ELSEWHERE
  }

  private static final Logger LOG = LoggerFactory.getLogger(Requests.class);

  private final OkHttpClient http;
  private final Credentials credentials;
  private final Duration timeout;
  private final Duration deadline;
  private final LongSupplier ticker;
  private final Attempts.Sleeper sleeper;
  private final Clock clock;
  private final AtomicBoolean closed = new AtomicBoolean();

  Requests(ClientSettings settings, LongSupplier ticker, Attempts.Sleeper sleeper, Clock clock) {
    this.credentials = settings.credentials();
    this.timeout = settings.timeout();
    this.deadline = settings.deadline();
    this.ticker = ticker;
    this.sleeper = sleeper;
    this.clock = clock;
    this.http =
        new OkHttpClient.Builder()
            .connectTimeout(timeout)
            .readTimeout(timeout)
            .writeTimeout(timeout)
            .retryOnConnectionFailure(false)
            .followRedirects(false)
            .followSslRedirects(false)
            .eventListenerFactory(SentFlag::listener)
            .build();
  }

  /** Attempts of the same deadline and clock. */
  Attempts attempts() {
    return new Attempts(deadline, ticker, sleeper);
  }

  /** One second more for each 64 KiB that it carries. */
  private Attempts attempts(Exchange exchange) {
    RequestBody body = exchange.body();
    long length = body instanceof UploadSource.Part part ? part.contentLength() : 0;
    return new Attempts(deadline.plusSeconds(length >> 16), ticker, sleeper);
  }

  /** Sends a request; the reply is closed after it was read. */
  <T> T send(Exchange exchange, Reader<T> reader) {
    return repeat(exchange, closing(reader), Mode.BOUNDED);
  }

  /** Sends one whose body is a file. */
  <T> T transfer(Exchange exchange, Reader<T> reader) {
    return repeat(exchange, closing(reader), Mode.TRANSFER);
  }

  /** Sends one whose body is a file to a server that is shown no credentials. */
  <T> T transferElsewhere(Exchange exchange, Reader<T> reader) {
    return repeat(exchange, closing(reader), Mode.ELSEWHERE);
  }

  /** Asks for a file; the caller closes the reply. */
  Response open(Exchange exchange) {
    return repeat(exchange, response -> response, Mode.TRANSFER);
  }

  private static <T> Reader<T> closing(Reader<T> reader) {
    return response -> {
      try (response) {
        return reader.read(response);
      }
    };
  }

  private <T> T repeat(Exchange exchange, Reader<T> reader, Mode mode) {
    Attempts attempts = attempts(exchange);
    boolean maybeApplied = false;
    while (true) {
      SentFlag sent = new SentFlag();
      FailedAttempt refusal;
      try {
        Response response = execute(exchange, sent, mode, attempts.left());
        if (response.isSuccessful()) {
          return reader.read(response);
        }
        refusal = FailedAttempt.of(exchange, response, attempts.made(), clock);
        if (maybeApplied && exchange.repeat() == Repeat.GONE_IS_DONE && refusal.isGone()) {
          return reader.read(done(response));
        }
      } catch (IOException e) {
        refusal = FailedAttempt.of(exchange, e, sent.isSet(), deadline);
      }
      maybeApplied |= refusal.maybeApplied();
      boolean allowed = exchange.repeat() != Repeat.IF_NOT_APPLIED || !refusal.maybeApplied();
      if (!refusal.mayHelp() || !allowed || !attempts.await(refusal.asked())) {
        throw refusal.failure();
      }
      LOG.debug("Attempt {}: {}", attempts.made(), refusal.failure().getMessage());
    }
  }

  private Response execute(Exchange exchange, SentFlag sent, Mode mode, Duration left)
      throws IOException {
    if (closed.get()) {
      throw new IllegalStateException(
          "Cannot %s: the store on %s was closed"
              .formatted(exchange.what(), exchange.url().host()));
    }
    Request.Builder request =
        new Request.Builder()
            .url(exchange.url())
            .method(exchange.method(), exchange.body())
            .header("User-Agent", "shelfmark")
            .tag(SentFlag.class, sent);
    exchange.headers().forEach(request::header);
    if (mode != Mode.ELSEWHERE) {
      credentials.header().ifPresent(value -> request.header("Authorization", value));
    }
    if (mode != Mode.BOUNDED) {
      request.header("Accept-Encoding", "identity");
    }
    Call call = http.newCall(request.build());
    if (mode == Mode.BOUNDED) {
      Duration limit = left.compareTo(timeout) < 0 ? left : timeout;
      call.timeout().timeout(Math.max(1, limit.toNanos()), NANOSECONDS);
    }
    return execute(call);
  }

  private static Response execute(Call call) throws IOException {
    try {
      return call.execute();
    } catch (IOException | RuntimeException e) {
      throw e;
    } catch (Exception e) {
      // the HTTP client, in Kotlin, lets InterruptedException out without declaring it
      Thread.currentThread().interrupt();
      InterruptedIOException interrupted = new InterruptedIOException("an interruption");
      interrupted.initCause(e);
      throw interrupted;
    }
  }

  /** What is read where a repetition found that the attempt before it was applied. */
  private static Response done(Response refusal) {
    return refusal.newBuilder().body(ResponseBody.create(new byte[0], null)).build();
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      http.dispatcher().executorService().shutdown();
      http.connectionPool().evictAll();
    }
  }
}
