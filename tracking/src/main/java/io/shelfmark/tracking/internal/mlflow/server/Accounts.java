package io.shelfmark.tracking.internal.mlflow.server;

import io.shelfmark.tracking.internal.mlflow.wire.ErrorCode;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Finds out whose a header {@code Authorization} is.
 *
 * <p>Deriving a key takes a tenth of a second on purpose. A header that was found good is therefore
 * remembered for {@link #REMEMBERED}, by its HMAC under a key that this process alone has, so no
 * secret lies in memory longer than its request. At most half the processors derive keys at once,
 * and no request waits for its turn longer than five seconds, so guessing does not stop the rest.
 * Thread-safe.
 */
public final class Accounts {

  static final Duration REMEMBERED = Duration.ofMinutes(5);
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(5);
  private static final int MOST_REMEMBERED = 1000;

  private record Known(Caller caller, Instant until) {}

  private final Map<String, Account> byName = new LinkedHashMap<>();

  /** Tokens by how they were derived, so that one derivation looks through all alike. */
  private final Map<String, Map<SecretHash, Caller>> tokens = new LinkedHashMap<>();

  private final Clock clock;
  private final byte[] key = new byte[32];
  private final Semaphore deriving =
      new Semaphore(Math.max(1, Runtime.getRuntime().availableProcessors() / 2));

  /** Found good; the longest unused goes first. Protected by itself. */
  private final Map<String, Known> known =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Known> eldest) {
          return size() > MOST_REMEMBERED;
        }
      };

  /** Knows some accounts. */
  public Accounts(Collection<Account> accounts, Clock clock) {
    this.clock = clock;
    new SecureRandom().nextBytes(key);
    for (Account account : accounts) {
      byName.put(account.caller().name(), account);
      for (SecretHash token : account.tokens()) {
        tokens
            .computeIfAbsent(token.derivation(), any -> new LinkedHashMap<>())
            .put(token, account.caller());
      }
    }
  }

  /** Whose a header is; empty when it is nobody's. */
  Optional<Caller> caller(String authorization) {
    String digest = digest(authorization);
    Instant now = clock.instant();
    synchronized (known) {
      Known found = known.get(digest);
      if (found != null && now.isBefore(found.until())) {
        return Optional.of(found.caller());
      }
    }
    Optional<Caller> caller = derive(authorization);
    if (caller.isPresent()) {
      synchronized (known) {
        known.put(digest, new Known(caller.get(), now.plus(REMEMBERED)));
      }
    }
    return caller;
  }

  private Optional<Caller> derive(String authorization) {
    int space = authorization.indexOf(' ');
    String scheme = space < 0 ? "" : authorization.substring(0, space);
    String credentials = authorization.substring(space + 1).strip();
    acquire();
    try {
      if (scheme.equalsIgnoreCase("Bearer")) {
        return byToken(credentials);
      }
      return scheme.equalsIgnoreCase("Basic") ? byPassword(credentials) : Optional.empty();
    } finally {
      deriving.release();
    }
  }

  private void acquire() {
    try {
      if (deriving.tryAcquire(LONGEST_WAIT.toMillis(), TimeUnit.MILLISECONDS)) {
        return;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    throw new HttpRefusal(
        ErrorCode.TEMPORARILY_UNAVAILABLE,
        "Cannot tell who asks: too many credentials are being checked (ask again)");
  }

  private Optional<Caller> byToken(String token) {
    for (Map<SecretHash, Caller> alike : tokens.values()) {
      SecretHash sample = alike.keySet().iterator().next();
      Caller caller = alike.get(sample.alike(token));
      if (caller != null) {
        return Optional.of(caller);
      }
    }
    return Optional.empty();
  }

  private Optional<Caller> byPassword(String credentials) {
    String decoded;
    try {
      decoded = new String(Base64.getDecoder().decode(credentials), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
    int colon = decoded.indexOf(':');
    if (colon < 0) {
      return Optional.empty();
    }
    Account account = byName.get(decoded.substring(0, colon));
    String password = decoded.substring(colon + 1);
    if (account == null || account.password().isEmpty()) {
      // takes as long as a wrong password, so that nobody learns which users there are
      anyPassword().ifPresent(hash -> hash.matches(password));
      return Optional.empty();
    }
    return account.password().get().matches(password)
        ? Optional.of(account.caller())
        : Optional.empty();
  }

  private Optional<SecretHash> anyPassword() {
    List<SecretHash> passwords = new ArrayList<>();
    byName.values().forEach(account -> account.password().ifPresent(passwords::add));
    return passwords.stream().findFirst();
  }

  private String digest(String authorization) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      return HexFormat.of().formatHex(mac.doFinal(authorization.getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("This JDK has no HmacSHA256", e);
    }
  }
}
