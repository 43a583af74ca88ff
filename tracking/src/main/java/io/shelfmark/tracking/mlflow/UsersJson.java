package io.shelfmark.tracking.mlflow;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.shelfmark.tracking.internal.mlflow.server.Account;
import io.shelfmark.tracking.internal.mlflow.server.Caller;
import io.shelfmark.tracking.internal.mlflow.server.Right;
import io.shelfmark.tracking.internal.mlflow.server.SecretHash;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The file of {@link MlflowUsers}. Strict, since a field that is misread lets somebody in. */
final class UsersJson {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Set<String> FIELDS =
      Set.of("name", "role", "password", "tokens", "experiments");

  private UsersJson() {}

  static JsonNode parse(byte[] bytes, String file) throws IOException {
    try {
      return JSON.readTree(bytes);
    } catch (JacksonException e) {
      // the parser's message may quote the file, and so a hash
      throw new IllegalArgumentException(
          "Cannot read users from %s: expected JSON (line %d)"
              .formatted(file, e.getLocation() == null ? 0 : e.getLocation().getLineNr()));
    }
  }

  static List<Account> accounts(JsonNode root, String file) {
    JsonNode users = root.path("users");
    List<Account> accounts = new ArrayList<>();
    for (JsonNode user : users) {
      try {
        accounts.add(account(user));
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(
            "Cannot read users from %s: user %d: %s"
                .formatted(file, accounts.size() + 1, e.getMessage()),
            e);
      }
    }
    if (accounts.isEmpty()) {
      throw new IllegalArgumentException(
          "Cannot read users from %s: found none, expected a list of \"users\"".formatted(file));
    }
    return accounts;
  }

  private static Account account(JsonNode user) {
    user.fieldNames()
        .forEachRemaining(
            field -> {
              if (!FIELDS.contains(field)) {
                throw new IllegalArgumentException(
                    "found field %s, expected some of %s".formatted(field, FIELDS));
              }
            });
    String name = MlflowUsersBuilder.requireName(user.path("name").asText());
    Optional<Right> role =
        user.hasNonNull("role") ? Optional.of(right(user.get("role"))) : Optional.empty();
    Optional<SecretHash> password =
        user.hasNonNull("password")
            ? Optional.of(SecretHash.parse(user.get("password").asText()))
            : Optional.empty();
    List<SecretHash> tokens = new ArrayList<>();
    user.path("tokens").forEach(token -> tokens.add(SecretHash.parse(token.asText())));
    Map<String, Right> grants = new LinkedHashMap<>();
    user.path("experiments")
        .properties()
        .forEach(grant -> grants.put(grant.getKey(), right(grant.getValue())));
    if (password.isEmpty() && tokens.isEmpty()) {
      throw new IllegalArgumentException("found no secret, expected a password or tokens");
    }
    return new Account(new Caller(name, role, grants), password, tokens);
  }

  private static Right right(JsonNode role) {
    for (MlflowRole known : MlflowRole.values()) {
      if (known.name().equals(role.asText())) {
        return known.right();
      }
    }
    throw new IllegalArgumentException(
        "found role %s, expected one of %s".formatted(role, List.of(MlflowRole.values())));
  }

  private static String role(Right right) {
    return MlflowRole.of(right).name();
  }

  static void write(Path file, List<Account> accounts) throws IOException {
    ObjectNode root = JSON.createObjectNode();
    for (Account account : accounts) {
      ObjectNode user = root.withArray("users").addObject();
      user.put("name", account.caller().name());
      account.caller().general().ifPresent(right -> user.put("role", role(right)));
      account.password().ifPresent(hash -> user.put("password", hash.toString()));
      account.tokens().forEach(hash -> user.withArray("tokens").add(hash.toString()));
      account
          .caller()
          .grants()
          .forEach((id, right) -> user.withObject("/experiments").put(id, role(right)));
    }
    Path folder = file.toAbsolutePath().getParent();
    // createTempFile lets the owner alone read it, where the system can say so
    Path fresh = Files.createTempFile(folder, ".users", ".json");
    try {
      Files.write(fresh, JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(root));
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(fresh);
    }
  }
}
