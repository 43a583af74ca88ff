package io.shelfmark.tracking.mlflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shelfmark.tracking.store.Search;
import io.shelfmark.tracking.store.TrackingStore;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class MlflowTrackingTest {

  private static final URI SERVER = URI.create("https://mlflow.example/prefix/");

  @ParameterizedTest
  @ValueSource(
      strings = {"ftp://host", "host:5000", "https:///path", "https://host?a=b", "https://host#a"})
  void address_ofAnotherKind_isRefused(String address) {
    assertThatThrownBy(() -> MlflowTracking.at(URI.create(address)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(address);
  }

  @Test
  void address_withAUser_isRefusedWithoutTellingThePassword() {
    assertThatThrownBy(() -> MlflowTracking.at(URI.create("https://ann:secret@host")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("basicAuth")
        .hasMessageNotContaining("secret");
  }

  @Test
  void options_outOfBounds_areRefused() {
    MlflowTracking tracking = MlflowTracking.at(SERVER);
    assertThatThrownBy(() -> tracking.timeout(Duration.ZERO))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> tracking.deadline(Duration.ofSeconds(-1)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> tracking.multipartFrom(0))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> tracking.bearerToken("secret\n"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageNotContaining("secret");
    assertThatThrownBy(() -> tracking.basicAuth("a:b", "secret"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageNotContaining("secret");
  }

  @Test
  void text_tellsTheKindOfCredentialsOnly() {
    assertThat(MlflowTracking.at(SERVER))
        .hasToString("https://mlflow.example/prefix with no credentials");
    assertThat(MlflowTracking.at(SERVER).bearerToken("secret"))
        .hasToString("https://mlflow.example/prefix with a bearer token");
    assertThat(MlflowTracking.at(SERVER).basicAuth("ann", "secret"))
        .hasToString("https://mlflow.example/prefix with basic authentication");
  }

  @Test
  void environment_isLookedAtWhenAsked() {
    Map<String, String> both =
        Map.of("MLFLOW_TRACKING_USERNAME", "ann", "MLFLOW_TRACKING_PASSWORD", "secret");
    assertThat(MlflowTracking.at(SERVER).environment(both::get).credentialsFromEnvironment())
        .hasToString("https://mlflow.example/prefix with basic authentication");
    assertThat(
            MlflowTracking.at(SERVER)
                .environment(Map.of("MLFLOW_TRACKING_TOKEN", "t")::get)
                .credentialsFromEnvironment())
        .hasToString("https://mlflow.example/prefix with a bearer token");
    MlflowTracking none = MlflowTracking.at(SERVER).environment(name -> null);
    assertThatThrownBy(none::credentialsFromEnvironment)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("MLFLOW_TRACKING_TOKEN");
  }

  @Test
  void server_belowAPath_isAskedThere() throws IOException, InterruptedException {
    try (MockWebServer web = new MockWebServer()) {
      web.start();
      web.enqueue(new MockResponse.Builder().body("{}").build());
      URI address = web.url("/mlflow/").uri();
      try (TrackingStore store = MlflowTracking.at(address).open()) {
        assertThat(store.experiments().search(Search.all()).items()).isEmpty();
        assertThat(store.location()).isEqualTo(address.toString().replaceAll("/$", ""));
      }
      assertThat(web.takeRequest().getTarget())
          .isEqualTo("/mlflow/api/2.0/mlflow/experiments/search");
    }
  }

  @Test
  void server_onOneOfTheAddressesOfAHost_isReached() throws IOException {
    try (MockWebServer web = new MockWebServer()) {
      web.start(InetAddress.getByName("127.0.0.1"), 0);
      web.enqueue(new MockResponse.Builder().body("{}").build());
      URI address = URI.create("http://localhost:" + web.getPort());
      try (TrackingStore store = MlflowTracking.at(address).open()) {
        assertThat(store.experiments().search(Search.all()).items()).isEmpty();
      }
    }
  }

  @Test
  void store_unusedServerAway_opensAndCloses() {
    TrackingStore store = MlflowTracking.at(SERVER).open();
    assertThat(store.location()).isEqualTo("https://mlflow.example/prefix");
    store.close();
    store.close();
  }
}
