package io.shelfmark.storage.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shelfmark.storage.BlobContent;
import io.shelfmark.storage.BlobKey;
import io.shelfmark.storage.StorageException;
import io.shelfmark.testing.PatternStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A server that checks signatures, without anything in between. */
@Timeout(60)
class SignaturesTest {

  private static final BlobKey KEY = BlobKey.of("a=d0/key");

  private static S3Server server;

  @BeforeAll
  static void startServer() {
    server = S3Server.withSignatures();
  }

  @AfterAll
  static void stopServer() {
    server.close();
  }

  private static S3BlobStoreBuilder builder() {
    return S3BlobStore.builder(S3Server.BUCKET)
        .prefix("Some Team/store")
        .endpoint(server.endpoint())
        .pathStyle();
  }

  @Test
  void rightCredentials_readAndWrite() throws Exception {
    try (S3BlobStore store = builder().accessKey(S3Server.ACCESS_KEY, S3Server.SECRET).open()) {
      assertThat(store.access()).isEqualTo(S3BlobStore.Access.READ_WRITE);
      store.putIfAbsent(KEY, BlobContent.of(() -> new PatternStream(9_000_000)));
      assertThat(OnS3Server.digest(store.open(KEY)))
          .isEqualTo(OnS3Server.digest(new PatternStream(9_000_000)));
      assertThat(OnS3Server.keys(store)).containsExactly(KEY.value());
      assertThat(store.location().toString())
          .startsWith("s3://bucket/Some%20Team/store?endpoint=http")
          .doesNotContain(S3Server.ACCESS_KEY);
    }
  }

  @Test
  void wrongSecret_isToldAndNotShown() {
    assertThatThrownBy(() -> builder().accessKey(S3Server.ACCESS_KEY, "wrong-secret").open())
        .isInstanceOf(StorageException.class)
        .hasMessageContaining("SignatureDoesNotMatch")
        .hasMessageContaining("the secret does not belong to the access key")
        .hasMessageNotContaining("wrong-secret");
  }

  @Test
  void unknownKey_isTold() {
    assertThatThrownBy(() -> builder().accessKey("nobody", "secret").open())
        .isInstanceOf(StorageException.class)
        .hasMessageContaining("the server does not know the access key");
  }
}
