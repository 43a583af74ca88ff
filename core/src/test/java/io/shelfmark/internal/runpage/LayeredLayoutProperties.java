package io.shelfmark.internal.runpage;

import static org.assertj.core.api.Assertions.assertThat;

import io.shelfmark.internal.runpage.LayeredLayout.Place;
import io.shelfmark.internal.runpage.LayeredLayout.Wire;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class LayeredLayoutProperties {

  private static List<Wire> wires(int nodes, long seed) {
    Random random = new Random(seed);
    List<Wire> wires = new ArrayList<>();
    for (int to = 1; to < nodes; to++) {
      int many = random.nextInt(4);
      int end = to;
      random.ints(many, 0, to).distinct().forEach(from -> wires.add(new Wire(from, end)));
    }
    return wires;
  }

  @Property(tries = 100)
  void layout_anyGraph_pointsForwardAndOverlapsNowhere(
      @ForAll @IntRange(min = 1, max = 120) int nodes, @ForAll long seed) {
    List<Wire> wires = wires(nodes, seed);
    LayeredLayout.Result result = LayeredLayout.of(nodes, wires);
    for (int i = 0; i < wires.size(); i++) {
      Place from = result.nodes().get(wires.get(i).from());
      Place to = result.nodes().get(wires.get(i).to());
      assertThat(from.layer()).isLessThan(to.layer());
      assertThat(result.wires().get(i)).hasSize(to.layer() - from.layer() + 1);
    }
    result.nodes().stream()
        .collect(Collectors.groupingBy(Place::layer))
        .values()
        .forEach(LayeredLayoutProperties::assertApart);
    assertThat(result.nodes())
        .allSatisfy(
            place -> assertThat(place.position()).isBetween(-1e-6, result.width() - 1 + 1e-6));
  }

  private static void assertApart(List<Place> layer) {
    List<Place> sorted =
        layer.stream().sorted(Comparator.comparingDouble(Place::position)).toList();
    for (int i = 1; i < sorted.size(); i++) {
      assertThat(sorted.get(i).position() - sorted.get(i - 1).position()).isGreaterThan(1 - 1e-6);
    }
  }

  @Test
  void layout_chain_isStraight() {
    List<Wire> wires = IntStream.range(1, 30).mapToObj(i -> new Wire(i - 1, i)).toList();
    LayeredLayout.Result result = LayeredLayout.of(30, wires);
    assertThat(result.layers()).isEqualTo(30);
    assertThat(result.nodes()).allSatisfy(place -> assertThat(place.position()).isZero());
  }

  @Test
  void layout_twoChainsWiredCrosswise_areUntangled() {
    // 0 and 1 first; the chain of 0 is written down last
    List<Wire> wires = List.of(new Wire(1, 2), new Wire(0, 3), new Wire(2, 4), new Wire(3, 5));
    List<Place> nodes = LayeredLayout.of(6, wires).nodes();
    boolean up = nodes.get(0).position() < nodes.get(1).position();
    assertThat(nodes.get(3).position() < nodes.get(2).position()).isEqualTo(up);
    assertThat(nodes.get(5).position() < nodes.get(4).position()).isEqualTo(up);
  }

  @Test
  void layout_noNodes_isEmpty() {
    assertThat(LayeredLayout.of(0, List.of()).nodes()).isEmpty();
  }
}
