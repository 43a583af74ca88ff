package io.shelfmark.internal.runpage;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * Places for the nodes of a graph without cycles, in layers, with few crossings and mostly straight
 * wires.
 *
 * <p>After Sugiyama, Tagawa and Toda, "Methods for visual understanding of hierarchical system
 * structures" (1981): a node's layer is the longest way to it; a wire over several layers gets a
 * bend in each; layers are ordered by the means of their neighbours' places, and the best of
 * several sweeps stays. Then each node is moved towards its neighbours, as near in squares as the
 * order and the gaps allow, by pooling adjacent violators (Ayer, Brunk, Ewing, Reid and Silverman,
 * 1955).
 */
final class LayeredLayout {

  private static final int SWEEPS = 12;
  private static final int MOVES = 16;

  /** What a bend takes beside a node. */
  private static final double BEND = 0.35;

  /**
   * A wire from one node to another.
   *
   * @param from comes before the other in the list of nodes
   * @param to where it ends
   */
  record Wire(int from, int to) {}

  /**
   * A place.
   *
   * @param layer from 0
   * @param position across the layer, in widths of a node, from 0
   */
  record Place(int layer, double position) {}

  /**
   * What came out.
   *
   * @param nodes where each is
   * @param wires where each passes, its ends included
   * @param layers how many
   * @param width of the widest, in widths of a node
   */
  record Result(List<Place> nodes, List<List<Place>> wires, int layers, double width) {}

  private final int nodes;
  private final List<Wire> wires;
  private final int[] layer;

  /** Nodes, then bends: their neighbours in the layers before and after. */
  private final List<List<Integer>> before = new ArrayList<>();

  private final List<List<Integer>> after = new ArrayList<>();
  private final List<List<Integer>> bends = new ArrayList<>();
  private final List<List<Integer>> layers = new ArrayList<>();
  private double[] position = new double[0];

  private LayeredLayout(int nodes, List<Wire> wires) {
    this.nodes = nodes;
    this.wires = wires;
    this.layer = new int[nodes];
  }

  /**
   * Lays out a graph.
   *
   * @param nodes how many, numbered so that wires go from lower numbers to higher ones
   */
  static Result of(int nodes, List<Wire> wires) {
    LayeredLayout layout = new LayeredLayout(nodes, wires);
    layout.chooseLayers();
    layout.addBends();
    layout.order();
    layout.move();
    return layout.result();
  }

  private void chooseLayers() {
    List<Wire> sorted = new ArrayList<>(wires);
    sorted.sort(Comparator.comparingInt(Wire::from));
    for (Wire wire : sorted) {
      layer[wire.to()] = Math.max(layer[wire.to()], layer[wire.from()] + 1);
    }
    // what takes nothing stands just before what takes it
    int[] nearest = new int[nodes];
    boolean[] takes = new boolean[nodes];
    Arrays.fill(nearest, Integer.MAX_VALUE);
    for (Wire wire : wires) {
      nearest[wire.from()] = Math.min(nearest[wire.from()], layer[wire.to()]);
      takes[wire.to()] = true;
    }
    for (int node = 0; node < nodes; node++) {
      if (!takes[node] && nearest[node] != Integer.MAX_VALUE) {
        layer[node] = nearest[node] - 1;
      }
    }
  }

  private void addBends() {
    int count = Arrays.stream(layer).max().orElse(-1) + 1;
    for (int i = 0; i < count; i++) {
      layers.add(new ArrayList<>());
    }
    for (int node = 0; node < nodes; node++) {
      addPoint(layer[node]);
    }
    for (Wire wire : wires) {
      List<Integer> own = new ArrayList<>();
      int last = wire.from();
      for (int i = layer[wire.from()] + 1; i < layer[wire.to()]; i++) {
        int bend = addPoint(i);
        own.add(bend);
        join(last, bend);
        last = bend;
      }
      join(last, wire.to());
      bends.add(own);
    }
    position = new double[before.size()];
  }

  private int addPoint(int inLayer) {
    int point = before.size();
    layers.get(inLayer).add(point);
    before.add(new ArrayList<>());
    after.add(new ArrayList<>());
    return point;
  }

  private void join(int from, int to) {
    after.get(from).add(to);
    before.get(to).add(from);
  }

  private void order() {
    layers.forEach(this::number);
    List<List<Integer>> best = copy();
    long fewest = crossings();
    for (int sweep = 0; sweep < SWEEPS && fewest > 0; sweep++) {
      boolean down = sweep % 2 == 0;
      for (int i = 0; i < layers.size(); i++) {
        List<Integer> points = layers.get(down ? i : layers.size() - 1 - i);
        List<List<Integer>> neighbours = down ? before : after;
        double[] mean = new double[position.length];
        points.forEach(point -> mean[point] = mean(neighbours.get(point), position[point]));
        points.sort(Comparator.comparingDouble(point -> mean[point]));
        number(points);
      }
      long found = crossings();
      if (found < fewest) {
        fewest = found;
        best = copy();
      }
    }
    for (int i = 0; i < layers.size(); i++) {
      layers.set(i, best.get(i));
      number(best.get(i));
    }
  }

  private List<List<Integer>> copy() {
    List<List<Integer>> copy = new ArrayList<>();
    layers.forEach(points -> copy.add(new ArrayList<>(points)));
    return copy;
  }

  private void number(List<Integer> points) {
    for (int i = 0; i < points.size(); i++) {
      position[points.get(i)] = i;
    }
  }

  private double mean(List<Integer> points, double otherwise) {
    return points.stream().mapToDouble(point -> position[point]).average().orElse(otherwise);
  }

  private long crossings() {
    return layers.stream().mapToLong(this::crossingsAfter).sum();
  }

  /** Pairs of wires whose ends are in another order than their beginnings. */
  private long crossingsAfter(List<Integer> points) {
    List<Integer> ends = new ArrayList<>();
    for (int point : points) {
      after.get(point).stream().map(end -> (int) position[end]).sorted().forEach(ends::add);
    }
    int size = ends.stream().mapToInt(end -> end).max().orElse(0) + 1;
    long[] tree = new long[size + 1]; // Fenwick's: how many ends so far are at or before a place
    long found = 0;
    for (int i = 0; i < ends.size(); i++) {
      long notAfter = 0;
      for (int at = ends.get(i) + 1; at > 0; at -= at & -at) {
        notAfter += tree[at];
      }
      found += i - notAfter;
      for (int at = ends.get(i) + 1; at <= size; at += at & -at) {
        tree[at]++;
      }
    }
    return found;
  }

  private void move() {
    layers.forEach(points -> place(points, new double[points.size()]));
    for (int i = 0; i < MOVES; i++) {
      boolean down = i % 2 == 0;
      for (int l = 0; l < layers.size(); l++) {
        List<Integer> points = layers.get(down ? l : layers.size() - 1 - l);
        double[] wanted = new double[points.size()];
        for (int p = 0; p < wanted.length; p++) {
          int point = points.get(p);
          List<Integer> near = (down ? before : after).get(point);
          List<Integer> other = (down ? after : before).get(point);
          wanted[p] = mean(near.isEmpty() ? other : near, position[point]);
        }
        place(points, wanted);
      }
    }
    double least = Arrays.stream(position).min().orElse(0);
    for (int i = 0; i < position.length; i++) {
      position[i] -= least;
    }
  }

  private double size(int point) {
    return point < nodes ? 1 : BEND;
  }

  /** The places nearest to the wanted ones that keep the order and overlap nowhere. */
  private void place(List<Integer> points, double[] wanted) {
    int count = points.size();
    double[] offset = new double[count];
    double[] sum = new double[count];
    int[] members = new int[count];
    int pools = 0;
    for (int i = 0; i < count; i++) {
      if (i > 0) {
        offset[i] = offset[i - 1] + (size(points.get(i - 1)) + size(points.get(i))) / 2;
      }
      sum[pools] = wanted[i] - offset[i];
      members[pools] = 1;
      pools++;
      while (pools > 1
          && sum[pools - 2] / members[pools - 2] >= sum[pools - 1] / members[pools - 1]) {
        sum[pools - 2] += sum[pools - 1];
        members[pools - 2] += members[pools - 1];
        pools--;
      }
    }
    int next = 0;
    for (int pool = 0; pool < pools; pool++) {
      for (int i = 0; i < members[pool]; i++, next++) {
        position[points.get(next)] = sum[pool] / members[pool] + offset[next];
      }
    }
  }

  private Result result() {
    List<Place> places = new ArrayList<>();
    for (int node = 0; node < nodes; node++) {
      places.add(new Place(layer[node], position[node]));
    }
    List<List<Place>> ways = new ArrayList<>();
    for (int i = 0; i < wires.size(); i++) {
      Wire wire = wires.get(i);
      List<Place> way = new ArrayList<>();
      way.add(places.get(wire.from()));
      int at = layer[wire.from()];
      for (int bend : bends.get(i)) {
        at++;
        way.add(new Place(at, position[bend]));
      }
      way.add(places.get(wire.to()));
      ways.add(way);
    }
    double widest = Arrays.stream(position).max().orElse(-1) + 1;
    return new Result(places, ways, layers.size(), widest);
  }
}
