package io.shelfmark.tracking.internal.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PageResourcesTest {

  private static FakeServer server;
  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  private final PageResources resources = new PageResources();

  @BeforeAll
  static void start() {
    server = new FakeServer(0, 0);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Test
  void page_atTheRoot_isHtmlUnderAStrictPolicy() throws Exception {
    HttpResponse<String> answer = send("GET", "", null);
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).startsWith("<!doctype html>").doesNotContain("onclick", "<style");
    assertThat(answer.headers().firstValue("Content-Type").orElseThrow())
        .matches("text/html; ?charset=utf-8");
    assertThat(answer.headers().firstValue("Cache-Control")).hasValue("no-cache");
    assertThat(answer.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");
    assertThat(answer.headers().firstValue("Content-Security-Policy").orElseThrow())
        .contains("default-src 'self'")
        .doesNotContain("unsafe");
  }

  @Test
  void page_askedForByHead_hasItsLengthAndNoContent() throws Exception {
    int length = send("GET", "", null).body().length();
    HttpResponse<String> answer = send("HEAD", "", null);
    assertThat(answer.body()).isEmpty();
    assertThat(answer.headers().firstValueAsLong("Content-Length")).hasValue(length);
  }

  @Test
  void file_knownByItsEtag_isNotSentAgain() throws Exception {
    String etag = send("GET", "page/main.js", null).headers().firstValue("ETag").orElseThrow();
    HttpResponse<String> again = send("GET", "page/main.js", "\"other\", W/" + etag);
    assertThat(again.statusCode()).isEqualTo(304);
    assertThat(again.body()).isEmpty();
    assertThat(again.headers().firstValue("ETag")).hasValue(etag);
    assertThat(send("GET", "page/main.js", "\"other\"").statusCode()).isEqualTo(200);
  }

  @Test
  void chartLibrary_fromItsWebjar_isServedWithItsLicenseInTheJar() {
    assertThat(resources.find("/page/lib/echarts/echarts.min.js"))
        .hasValueSatisfying(
            file -> {
              assertThat(file.contentType()).isEqualTo("text/javascript; charset=utf-8");
              assertThat(file.length()).isGreaterThan(500_000);
            });
    assertThat(PageResources.class.getResource("/io/shelfmark/tracking/page/lib/echarts/LICENSE"))
        .isNotNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/page/../PageFile.class",
        "/page/views/../main.js",
        "/page//main.js",
        "/page/./main.js",
        "/page/%2e%2e/main.js",
        "/page/views",
        "/page/views/",
        "/page/",
        "/page/lib/echarts/LICENSE",
        "/page/main.js/",
        "/page/main.js\u0000",
        "/page/..\\main.js",
        "/page/.hidden.js",
        "/page/missing.js",
        "/main.js",
        "/api/2.0/mlflow/runs/get"
      })
  void path_thatIsNoFileOfThePage_isNotFound(String path) {
    assertThat(resources.find(path)).isEmpty();
  }

  @Test
  void post_toThePage_isLeftToTheServlet() throws Exception {
    assertThat(send("POST", "page/main.js", null).statusCode()).isEqualTo(404);
  }

  private static HttpResponse<String> send(String method, String path, String known)
      throws IOException, InterruptedException {
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(server.address() + path));
    request.method(method, HttpRequest.BodyPublishers.noBody());
    if (known != null) {
      request.header("If-None-Match", known);
    }
    return CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }
}
