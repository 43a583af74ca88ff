package io.shelfmark.tracking.internal.mlflow.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class RoutesTest {

  @Test
  void route_namesAndRest_areWhatThePatternSays() {
    Route route = Route.of("GET", "a/{b}/c/**", Guard.OPEN, exchange -> {});

    Route.Match match = route.match(List.of("a", "x", "c", "d", "e")).orElseThrow();

    assertThat(match.names()).containsEntry("b", "x");
    assertThat(match.rest()).containsExactly("d", "e");
    assertThat(route.match(List.of("a", "x", "c"))).isPresent();
    assertThat(route.match(List.of("a", "x", "d", "d"))).isEmpty();
    assertThat(route.match(List.of("a", "x"))).isEmpty();
  }

  @Test
  void artifactPaths_percentSignsOfNames_areNames() {
    assertThat(Arrays.asList("100%.txt", "a+b", "50%25", "a/b c", ""))
        .allSatisfy(path -> assertThat(ArtifactPaths.requireInside(path)).isEqualTo(path));
    assertThat(ArtifactPaths.requireInside("a/")).isEqualTo("a");
  }
}
