package io.shelfmark.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class HealthServerTest {

  private static final InetSocketAddress FREE_PORT =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

  private final AtomicReference<Optional<String>> trouble = new AtomicReference<>(Optional.empty());

  private HealthServer start(Optional<String> token) throws Exception {
    return HealthServer.start(FREE_PORT, token, Optional::empty, trouble::get);
  }

  private static HttpResponse<String> ask(HealthServer server, String path, String... headers)
      throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  @Test
  void ready_inTrouble_saysWhich() throws Exception {
    try (HealthServer server = start(Optional.empty())) {
      assertThat(ask(server, "/health/ready").statusCode()).isEqualTo(200);
      trouble.set(Optional.of("the database does not answer"));
      HttpResponse<String> answer = ask(server, "/health/ready");
      assertThat(answer.statusCode()).isEqualTo(503);
      assertThat(answer.body()).isEqualTo("the database does not answer\n");
      assertThat(ask(server, "/health/live").statusCode()).isEqualTo(200);
      assertThat(ask(server, "/other").statusCode()).isEqualTo(404);
    }
  }

  @Test
  void token_isWantedWhereThereIsOne() throws Exception {
    try (HealthServer server = start(Optional.of("t0ken"))) {
      assertThat(ask(server, "/health/live").statusCode()).isEqualTo(401);
      assertThat(ask(server, "/health/live", "Authorization", "Bearer other").statusCode())
          .isEqualTo(401);
      assertThat(ask(server, "/health/live", "Authorization", "Bearer t0ken").statusCode())
          .isEqualTo(200);
    }
  }

  @Test
  void start_forAllWithoutToken_isRefused() {
    assertThatThrownBy(
            () ->
                HealthServer.start(
                    new InetSocketAddress("0.0.0.0", 0),
                    Optional.empty(),
                    Optional::empty,
                    Optional::empty))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("found no token, expected one beyond the loopback");
  }

  @Test
  void start_onAHostThatIsNot_isRefused() {
    assertThatThrownBy(
            () ->
                HealthServer.require(
                    InetSocketAddress.createUnresolved("no-such-host", 0), Optional.of("t0ken")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("Cannot tell health at no-such-host: found no such host");
  }

  @Test
  void connections_thatSendOneByte_areClosedAndHoldUpNobody() throws Exception {
    try (HealthServer server =
        HealthServer.start(
            FREE_PORT, Optional.empty(), Optional::empty, trouble::get, Duration.ofMillis(200))) {
      List<Socket> slow = new ArrayList<>();
      try {
        for (int i = 0; i < 2 * HealthServer.THREADS; i++) {
          Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port());
          slow.add(socket);
          socket.getOutputStream().write('G');
        }
        assertThat(ask(server, "/health/live").statusCode()).isEqualTo(200);
        for (Socket socket : slow) {
          assertThat(hasEnded(socket)).isTrue();
        }
        assertThat(ask(server, "/health/ready").statusCode()).isEqualTo(200);
      } finally {
        for (Socket socket : slow) {
          socket.close();
        }
      }
    }
  }

  private static boolean hasEnded(Socket socket) throws Exception {
    socket.setSoTimeout(20_000);
    try {
      return socket.getInputStream().read() == -1;
    } catch (SocketTimeoutException e) {
      return false;
    } catch (SocketException e) {
      return true;
    }
  }
}
