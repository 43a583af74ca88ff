package io.shelfmark.storage.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shelfmark.storage.BlobKey;
import io.shelfmark.storage.BlobStore;
import io.shelfmark.storage.StorageException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class S3AddressTest {

  @Test
  void address_ofABucket_opensTheStore() throws Exception {
    System.setProperty("aws.accessKeyId", S3Server.ACCESS_KEY);
    System.setProperty("aws.secretAccessKey", S3Server.SECRET);
    try (S3Server server = S3Server.open();
        BlobStore store =
            BlobStore.open(
                URI.create(
                    "s3://bucket/some/prefix?pathStyle=true&region=eu-central-1&endpoint="
                        + URLEncoder.encode(
                            server.endpoint().toString(), StandardCharsets.UTF_8)))) {
      assertThat(store).isInstanceOf(S3BlobStore.class);
      assertThat(store.head(BlobKey.of("x"))).isEmpty();
      assertThat(store.location().toString()).startsWith("s3://bucket/some/prefix?endpoint=");
    } finally {
      System.clearProperty("aws.accessKeyId");
      System.clearProperty("aws.secretAccessKey");
    }
  }

  @Test
  void endpoint_ofTheEnvironment_isUsedAndPartOfTheLocation() {
    try (S3Server server = S3Server.open()) {
      System.setProperty("aws.endpointUrl", server.endpoint().toString());
      try (S3BlobStore store =
          S3BlobStore.builder("bucket").pathStyle().accessKey("id", "secret").open()) {
        assertThat(store.location().toString())
            .startsWith("s3://bucket?endpoint=http%3A%2F%2F127.0.0.1%3A");
      }
    } finally {
      System.clearProperty("aws.endpointUrl");
    }
  }

  @Test
  void address_withCredentials_isRefusedWithoutShowingThem() {
    assertThatThrownBy(() -> BlobStore.open(URI.create("s3://id:secret@bucket")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("found credentials in its address")
        .hasMessageNotContaining("secret");
    assertThatThrownBy(
            () ->
                S3BlobStore.builder("bucket")
                    .endpoint(URI.create("http://id:secret@127.0.0.1"))
                    .open())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("found credentials in its address")
        .hasMessageNotContaining("secret");
  }

  @Test
  void address_withWrongOptions_isRefused() {
    assertThatThrownBy(() -> S3BlobStoreProvider.builder(URI.create("s3:/path")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("found no bucket");
    assertThatThrownBy(() -> S3BlobStoreProvider.builder(URI.create("s3://bucket?secret=x")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("found option secret");
    assertThatThrownBy(() -> S3BlobStoreProvider.builder(URI.create("s3://bucket?pathStyle=yes")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("found pathStyle=yes");
  }

  @Test
  void address_ofNoServer_isToldAfterTheDeadline() {
    FakeTime time = new FakeTime();
    assertThatThrownBy(
            () ->
                S3BlobStore.builder("bucket")
                    .endpoint(URI.create("http://127.0.0.1:1"))
                    .pathStyle()
                    .accessKey("id", "secret")
                    .time(time::nanos, time::sleep)
                    .deadline(Duration.ofSeconds(5))
                    .open())
        .isInstanceOf(StorageException.class)
        .hasMessageContaining("Cannot open store in s3://bucket/ on http://127.0.0.1:1")
        .hasMessageContaining("found no reply")
        .hasMessageContaining("check endpoint and network");
  }

  @Test
  void keys_areBehindThePrefix() {
    S3Address address = S3Address.of("bucket", "/Some/Prefix//", null);
    assertThat(address.prefix()).isEqualTo("Some/Prefix/");
    assertThat(address.path(BlobKey.of("a/b"))).isEqualTo("Some/Prefix/a/b");
    assertThat(address.key("Some/Prefix/a/b")).contains(BlobKey.of("a/b"));
    assertThat(address.key("Some/Prefix/A foreign key")).isEmpty();
    assertThat(address.key("Other/a")).isEmpty();
    assertThat(address.key(address.reserved("probe/x"))).isEmpty();
    assertThat(address.isOurs(address.reserved("probe/x"))).isTrue();
    assertThat(address.isOurs("Some/Prefix/A foreign key")).isFalse();
  }

  @Test
  void location_ofAnyPrefix_isReadBack() {
    String prefix = "50% of ?a#b/фото";
    URI location = S3Address.of("bucket", prefix, URI.create("http://127.0.0.1:9000")).uri();
    assertThat(location.getPath()).isEqualTo("/" + prefix);
    assertThat(location.getAuthority()).isEqualTo("bucket");
    assertThat(location.getRawQuery()).isEqualTo("endpoint=http%3A%2F%2F127.0.0.1%3A9000");
    assertThat(S3Address.of("bucket", "", null).uri()).isEqualTo(URI.create("s3://bucket"));
  }

  @Test
  void options_outOfRange_areRefused() {
    S3BlobStoreBuilder builder = S3BlobStore.builder("bucket");
    assertThatThrownBy(() -> builder.partSize(5_000_000))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("Cannot use a part size of 5000000 bytes: expected 5242880 to");
    assertThatThrownBy(() -> builder.threads(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("Cannot use 0 threads");
    assertThatThrownBy(() -> builder.deadline(Duration.ZERO))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("Cannot use deadline PT0S");
    assertThatThrownBy(() -> S3Address.of("bucket", "a//b", null))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("Cannot use prefix a//b");
  }
}
