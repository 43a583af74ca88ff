package io.shelfmark.inference.model;

import io.shelfmark.inference.batching.BatchStage;
import io.shelfmark.inference.batching.Batcher;
import io.shelfmark.inference.batching.Request;
import io.shelfmark.inference.batching.StagePolicy;
import io.shelfmark.inference.image.NativeBuffer;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Puts runs of several callers together: inputs of one shape, the batch apart, are copied into one
 * direct buffer, run once, and each caller gets its slice of the output. A run that is alone goes
 * through as it came, from the caller's own buffer.
 *
 * <p>The memory of a run is lent out again when its last slice is closed; slices that nobody waits
 * for any more are closed here. A caller that leaves early may write into its buffer while it is
 * being copied: that spoils its own slice, which nobody reads. Closing waits for the runs under
 * way, frees the memory that is not lent, and closes the network; what is lent is freed when its
 * last slice is closed.
 */
final class BatchedNetwork implements Network {

  private final Network network;
  private final Batcher<Run, Tensor> batcher;

  // guarded by idle: buffers that no run reads and no tensor of whose runs is open
  private final ArrayDeque<NativeBuffer> idle = new ArrayDeque<>();
  private boolean closed;

  BatchedNetwork(String name, Network network, StagePolicy policy) {
    this.network = network;
    this.batcher = new Batcher<>(policy.limits(), new Stage(name));
  }

  /** What one caller wants run. */
  private static final class Run {
    final ByteBuffer input;
    final long[] shape;

    Run(ByteBuffer input, long[] shape) {
      this.input = input;
      this.shape = shape.clone();
    }

    int rows() {
      return Math.toIntExact(shape[0]);
    }

    /** Floats of one row. */
    int rowSize() {
      long size = 1;
      for (int i = 1; i < shape.length; i++) {
        size = Math.multiplyExact(size, shape[i]);
      }
      return Math.toIntExact(size);
    }
  }

  /** The extents but for the batch's. */
  private record RowShape(List<Long> extents) {
    static RowShape of(Run run) {
      return new RowShape(Arrays.stream(run.shape, 1, run.shape.length).boxed().toList());
    }
  }

  @Override
  public Tensor run(ByteBuffer input, long[] shape) throws Exception {
    return batcher.call(new Run(input, shape), Request.current());
  }

  private Tensor runAlone(Run run) throws Exception {
    return network.run(run.input, run.shape);
  }

  private List<Tensor> runTogether(List<Run> runs) throws Exception {
    int rows = runs.stream().mapToInt(Run::rows).sum();
    int rowSize = runs.get(0).rowSize();
    long[] shape = runs.get(0).shape.clone();
    shape[0] = rows;
    NativeBuffer memory =
        borrow(Math.multiplyExact(Math.multiplyExact(rows, rowSize), Float.BYTES));
    boolean done = false;
    try {
      ByteBuffer input = memory.view();
      int at = 0;
      for (Run run : runs) {
        int bytes = run.rows() * rowSize * Float.BYTES;
        input.put(at, run.input, 0, bytes);
        at += bytes;
      }
      List<Tensor> slices = slice(network.run(input, shape), runs, rows, memory);
      done = true;
      return slices;
    } finally {
      if (!done) {
        giveBack(memory);
      }
    }
  }

  private List<Tensor> slice(Tensor whole, List<Run> runs, int rows, NativeBuffer memory) {
    long[] shape = whole.shape();
    if (shape.length == 0 || shape[0] != rows) {
      whole.close();
      throw new IllegalStateException(
          "found output of shape %s for a batch of %d".formatted(Arrays.toString(shape), rows));
    }
    int row = whole.floats().limit() / rows;
    AtomicInteger open = new AtomicInteger(runs.size());
    Runnable closed =
        () -> {
          if (open.decrementAndGet() == 0) {
            whole.close();
            giveBack(memory);
          }
        };
    List<Tensor> slices = new ArrayList<>(runs.size());
    int from = 0;
    for (Run run : runs) {
      long[] own = shape.clone();
      own[0] = run.rows();
      FloatBuffer floats = whole.floats().slice(from * row, run.rows() * row);
      slices.add(new Tensor(own, floats, closed));
      from += run.rows();
    }
    return slices;
  }

  /** The first that is large enough; otherwise one that is too small grows, or a new one does. */
  private NativeBuffer borrow(int bytes) {
    NativeBuffer small;
    synchronized (idle) {
      for (Iterator<NativeBuffer> each = idle.iterator(); each.hasNext(); ) {
        NativeBuffer buffer = each.next();
        if (buffer.capacity() >= bytes) {
          each.remove();
          return buffer;
        }
      }
      small = idle.poll();
    }
    NativeBuffer grown = small == null ? new NativeBuffer() : small;
    grown.view(Math.max(bytes, Integer.highestOneBit(Math.max(1, bytes - 1)) << 1));
    return grown;
  }

  private void giveBack(NativeBuffer buffer) {
    synchronized (idle) {
      if (!closed) {
        idle.push(buffer);
        return;
      }
    }
    buffer.close();
  }

  /** The network, without what is around it here: waits for the runs under way. */
  Network unwrap() {
    batcher.close();
    synchronized (idle) {
      closed = true;
      idle.forEach(NativeBuffer::close);
      idle.clear();
    }
    return network;
  }

  @Override
  public void close() {
    unwrap().close();
  }

  private final class Stage implements BatchStage<Run, Tensor> {
    private final String model;

    Stage(String model) {
      this.model = model;
    }

    @Override
    public List<Tensor> run(List<Run> runs) throws Exception {
      return runs.size() == 1 ? List.of(runAlone(runs.get(0))) : runTogether(runs);
    }

    @Override
    public String name() {
      return "network";
    }

    @Override
    public String describe(Run run) {
      return "run model " + model;
    }

    @Override
    public IllegalStateException closed() {
      return new IllegalStateException("Cannot run model " + model + ": it is closed");
    }

    @Override
    public Object bucket(Run run) {
      return RowShape.of(run);
    }

    @Override
    public int size(Run run) {
      return Math.max(1, run.rows());
    }

    @Override
    public void discard(Tensor answer) {
      answer.close();
    }
  }
}
