package io.shelfmark.tracking.internal.mlflow.server;

import io.shelfmark.tracking.internal.mlflow.wire.ErrorCode;
import jakarta.servlet.http.HttpServletRequest;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Lets requests in: those of known users, or, where none are known, those from this machine or from
 * anywhere. Thread-safe.
 */
public interface Gate {

  /**
   * Returns when a request may come in at all, whoever makes it.
   *
   * @throws HttpRefusal when it may not
   */
  void pass(HttpServletRequest request);

  /**
   * Who makes the request.
   *
   * @throws HttpRefusal when nobody known does
   */
  Caller caller(HttpServletRequest request);

  /** Lets everybody in. */
  static Gate open() {
    return new Gate() {
      @Override
      public void pass(HttpServletRequest request) {
        // whoever reaches this machine may
      }

      @Override
      public Caller caller(HttpServletRequest request) {
        return Caller.ANYONE;
      }
    };
  }

  /** Lets users in, and strangers only where nobody is asked for. */
  static Gate users(Accounts accounts) {
    return new Gate() {
      @Override
      public void pass(HttpServletRequest request) {
        // who it is decides
      }

      @Override
      public Caller caller(HttpServletRequest request) {
        Optional<String> header = Optional.ofNullable(request.getHeader("Authorization"));
        return header.flatMap(accounts::caller).orElseThrow(() -> unknown(header));
      }
    };
  }

  private static HttpRefusal unknown(Optional<String> header) {
    return new HttpRefusal(
            ErrorCode.UNAUTHENTICATED,
            "Cannot tell who asks: found %s, expected a known user's password or token"
                .formatted(header.isEmpty() ? "no credentials" : "unknown ones"))
        .with("WWW-Authenticate", "Basic realm=\"mlflow\"");
  }

  /**
   * Lets in what comes from this machine and asks for this machine. The second keeps out pages of
   * other sites that let their own name point here (DNS rebinding), and requests that a proxy on
   * this machine passes on.
   */
  static Gate loopback() {
    return new Gate() {
      @Override
      public void pass(HttpServletRequest request) {
        if (!Loopback.isAddress(request.getRemoteAddr())
            || !Loopback.isHost(request.getHeader("Host"))) {
          throw new HttpRefusal(
              ErrorCode.PERMISSION_DENIED,
              "Cannot answer %s, which asks for %s: without users, only requests from this machine to this machine are answered (give the server users, or allow anonymous requests from anywhere)"
                  .formatted(request.getRemoteAddr(), request.getHeader("Host")));
        }
      }

      @Override
      public Caller caller(HttpServletRequest request) {
        return Caller.ANYONE;
      }
    };
  }

  /** What names this machine. */
  final class Loopback {

    private static final Pattern LITERAL = Pattern.compile("[0-9.]+|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*");

    private Loopback() {}

    static boolean isAddress(String text) {
      int zone = text.indexOf('%');
      String address =
          (zone < 0 ? text : text.substring(0, zone)).replace("[", "").replace("]", "");
      if (!LITERAL.matcher(address).matches()) {
        return false;
      }
      try {
        return InetAddress.getByName(address).isLoopbackAddress();
      } catch (UnknownHostException e) {
        return false;
      }
    }

    static boolean isHost(@Nullable String header) {
      if (header == null) {
        return false;
      }
      try {
        String host = URI.create("http://" + header).getHost();
        return host != null
            && (host.toLowerCase(Locale.ROOT).equals("localhost") || isAddress(host));
      } catch (IllegalArgumentException e) {
        return false;
      }
    }
  }
}
