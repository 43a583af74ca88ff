package io.shelfmark.tracking.mlflow;

import static org.assertj.core.api.Assertions.assertThat;

import io.shelfmark.tracking.store.AccessDeniedException;
import io.shelfmark.tracking.store.ExperimentStore;
import io.shelfmark.tracking.store.FileStore;
import io.shelfmark.tracking.store.InvalidRequestException;
import io.shelfmark.tracking.store.LoggedModelStore;
import io.shelfmark.tracking.store.ModelStore;
import io.shelfmark.tracking.store.RecordExistsException;
import io.shelfmark.tracking.store.RecordNotFoundException;
import io.shelfmark.tracking.store.RunStore;
import io.shelfmark.tracking.store.StoreUnavailableException;
import io.shelfmark.tracking.store.TrackingStore;
import java.lang.reflect.Proxy;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What a store throws, as the wire has it. */
class MlflowServerFailuresTest {

  private static final String SEARCH = "/api/2.0/mlflow/experiments/search";

  /** A store that throws whatever is asked of its experiments. */
  private record FailingStore(RuntimeException failure) implements TrackingStore {

    @Override
    public ExperimentStore experiments() {
      return (ExperimentStore)
          Proxy.newProxyInstance(
              ExperimentStore.class.getClassLoader(),
              new Class<?>[] {ExperimentStore.class},
              (proxy, method, arguments) -> {
                throw failure;
              });
    }

    @Override
    public RunStore runs() {
      return (RunStore)
          Proxy.newProxyInstance(
              RunStore.class.getClassLoader(),
              new Class<?>[] {RunStore.class},
              (proxy, method, arguments) -> {
                throw failure;
              });
    }

    @Override
    public ModelStore models() {
      throw failure;
    }

    @Override
    public LoggedModelStore loggedModels() {
      throw failure;
    }

    @Override
    public FileStore files(String location) {
      throw failure;
    }

    @Override
    public String location() {
      return "nowhere";
    }

    @Override
    public void close() {}
  }

  static Stream<Arguments> failures() {
    return Stream.of(
        Arguments.of(new RecordNotFoundException("m"), "404 RESOURCE_DOES_NOT_EXIST"),
        Arguments.of(new RecordExistsException("m"), "400 RESOURCE_ALREADY_EXISTS"),
        Arguments.of(new InvalidRequestException("m"), "400 INVALID_PARAMETER_VALUE"),
        Arguments.of(new AccessDeniedException("m"), "403 PERMISSION_DENIED"),
        Arguments.of(new StoreUnavailableException("m"), "503 TEMPORARILY_UNAVAILABLE"));
  }

  @ParameterizedTest
  @MethodSource("failures")
  void failure_ofTheStore_hasItsCodeAndMessage(RuntimeException failure, String refusal) {
    try (MlflowHost host = MlflowHost.serving(new FailingStore(failure))) {
      HttpCalls.Reply reply = new HttpCalls(host.uri()).get(SEARCH);

      assertThat(reply.refusal()).isEqualTo(refusal);
      assertThat(reply.json().path("message").asText()).isEqualTo("m");
    }
  }

  @Test
  void failure_thatNobodyExpects_tellsNothingOfTheInside() {
    try (MlflowHost host =
        MlflowHost.serving(new FailingStore(new IllegalStateException("/secret/path")))) {
      HttpCalls.Reply reply = new HttpCalls(host.uri()).get(SEARCH);

      assertThat(reply.refusal()).isEqualTo("500 INTERNAL_ERROR");
      assertThat(reply.text()).doesNotContain("secret").doesNotContain("IllegalState");
    }
  }

  @Test
  void storeThatIsAway_whenClientsMayAskAgain_isSaid() {
    try (MlflowHost host =
        MlflowHost.serving(new FailingStore(new StoreUnavailableException("away")))) {
      assertThat(new HttpCalls(host.uri()).get(SEARCH).header("Retry-After")).isEqualTo("1");
    }
  }
}
