package io.shelfmark.tracking.mlflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.shelfmark.tracking.internal.mlflow.server.SecretHash;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MlflowUsersTest {

  private static final String HASH = SecretHash.of("secret", 1000, new byte[16]).toString();

  @TempDir Path folder;

  private static MlflowUsersBuilder quick() {
    return MlflowUsers.builder().iterations(1000);
  }

  /**
   * The hash is that of Python's hashlib.pbkdf2_hmac("sha256", b"Password", b"NaClNaCl", 80000).
   */
  @Test
  void secretHash_ofAnotherImplementation_isTheSame() {
    String known = "pbkdf2-sha256$80000$TmFDbE5hQ2w=$Q9X5TYm7APo3Dt8GKWvPSYeqRflNEgQlbgcO4aAyBjo=";

    SecretHash hash =
        SecretHash.of("Password", 80_000, "NaClNaCl".getBytes(StandardCharsets.US_ASCII));

    assertThat(hash).hasToString(known).isEqualTo(SecretHash.parse(known));
  }

  @Test
  void users_writtenAndRead_areTheSame() throws IOException {
    MlflowUsers users =
        quick()
            .user("ada")
            .role(MlflowRole.READER)
            .password("a password")
            .grant("7", MlflowRole.WRITER)
            .user("nightly")
            .role(MlflowRole.ADMIN)
            .token("a token")
            .token("another")
            .build();
    Path file = folder.resolve("users.json");

    users.write(file);

    assertThat(MlflowUsers.read(file).accounts()).isEqualTo(users.accounts());
    assertThat(Files.readString(file))
        .contains("pbkdf2-sha256$1000$")
        .doesNotContain("a password")
        .doesNotContain("a token")
        .doesNotContain("another");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(users).hasToString("[ada, nightly]");
  }

  @Test
  void passwords_ofTwoUsersAlike_haveTheirOwnSalt() {
    MlflowUsers users = quick().user("a").password("same").user("b").password("same").build();

    assertThat(users.accounts().get(0).password()).isNotEqualTo(users.accounts().get(1).password());
  }

  @Test
  void token_new_isLongAndNeverTheSame() {
    assertThat(MlflowUsers.newToken()).hasSize(43).isNotEqualTo(MlflowUsers.newToken());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{",
        "{}",
        "{'users':[]}",
        "{'users':[{'name':'a'}]}",
        "{'users':[{'password':'HASH'}]}",
        "{'users':[{'name':'a:b','password':'HASH'}]}",
        "{'users':[{'name':'a','password':'plain'}]}",
        "{'users':[{'name':'a','password':'HASH','role':'OWNER'}]}",
        "{'users':[{'name':'a','password':'HASH','experiments':{'7':'writer'}}]}",
        "{'users':[{'name':'a','password':'HASH','rolle':'ADMIN'}]}",
        "{'users':[{'name':'a','password':'HASH'},{'name':'a','password':'HASH'}]}"
      })
  void read_fileThatIsNotOfUsers_isRefusedWithoutItsSecrets(String json) throws IOException {
    Path file = folder.resolve("users.json");
    Files.writeString(file, json.replace('\'', '"').replace("HASH", HASH));

    assertThatIllegalArgumentException()
        .isThrownBy(() -> MlflowUsers.read(file))
        .withMessageStartingWith("Cannot ")
        .withMessageNotContaining(HASH);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "pbkdf2-sha256$999$AAAAAAAAAAAAAAAAAAAAAA==$x",
        "pbkdf2-sha256$1000$AAAA$x",
        "pbkdf2-sha256$1000$AAAAAAAAAAAAAAAAAAAAAA==$AAAA",
        "pbkdf2-sha256$many$AAAAAAAAAAAAAAAAAAAAAA==$AAAA",
        "md5$1000$AAAAAAAAAAAAAAAAAAAAAA==$AAAA"
      })
  void secretHash_weakOrBroken_isRefused(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SecretHash.parse(text))
        .withMessageContaining("expected pbkdf2-sha256$ITERATIONS$SALT$HASH");
  }

  @Test
  void builder_contradictions_areRefused() {
    assertThatIllegalStateException()
        .isThrownBy(() -> quick().role(MlflowRole.ADMIN))
        .withMessageContaining("expected user(name) first");
    assertThatIllegalStateException()
        .isThrownBy(() -> quick().user("a").user("b"))
        .withMessage("Cannot know user a: found no secret, expected a password or token");
    assertThatIllegalStateException()
        .isThrownBy(() -> quick().build())
        .withMessageContaining("found none");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> quick().user("a").password("x").user("a").password("y").build())
        .withMessageContaining("two users called a");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> MlflowUsers.builder().iterations(999))
        .withMessageContaining("1000 or more");
  }
}
