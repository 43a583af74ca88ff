package io.shelfmark.inference.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shelfmark.inference.DeadlineException;
import io.shelfmark.inference.ModelException;
import io.shelfmark.inference.Priority;
import io.shelfmark.inference.batching.Deadline;
import io.shelfmark.inference.batching.Request;
import io.shelfmark.inference.batching.StagePolicy;
import io.shelfmark.inference.image.NativeBuffer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Runs of several threads, on a network that waits for the test. */
@Timeout(60)
class BatchedNetworkTest {

  private static final int ALL = 100_000;

  private final Gated network = new Gated();
  private final OnnxModel model = new OnnxModel("gated", network);

  BatchedNetworkTest() {
    model.batch(StagePolicy.of(1, 8));
  }

  /** Doubles each float; a negative one is bad. Counts the tensors that are open. */
  private static final class Gated implements Network {
    final Semaphore gate = new Semaphore(0);
    final Semaphore begun = new Semaphore(0);
    final Queue<List<Long>> shapes = new ConcurrentLinkedQueue<>();
    final AtomicInteger open = new AtomicInteger();
    volatile boolean closed;
    volatile int rowsOfAnswer;

    @Override
    public Tensor run(ByteBuffer input, long[] shape) {
      shapes.add(List.of(shape[0], shape[1]));
      begun.release();
      gate.acquireUninterruptibly();
      FloatBuffer floats = input.asFloatBuffer();
      int count = (int) (shape[0] * shape[1]);
      FloatBuffer answer = FloatBuffer.allocate(count);
      for (int i = 0; i < count; i++) {
        if (floats.get(i) < 0) {
          throw new IllegalArgumentException("found " + floats.get(i));
        }
        answer.put(i, 2 * floats.get(i));
      }
      open.incrementAndGet();
      long rows = rowsOfAnswer == 0 ? shape[0] : rowsOfAnswer;
      return new Tensor(new long[] {rows, shape[1]}, answer, open::decrementAndGet);
    }

    @Override
    public void close() {
      closed = true;
    }
  }

  @AfterEach
  void end() {
    network.gate.release(ALL);
    model.close();
  }

  private static ByteBuffer floats(float first, int count) {
    ByteBuffer bytes =
        ByteBuffer.allocateDirect(count * Float.BYTES).order(ByteOrder.nativeOrder());
    for (int i = 0; i < count; i++) {
      bytes.putFloat(i * Float.BYTES, first + i);
    }
    return bytes;
  }

  private List<Float> run(float first, int rows, int columns) {
    try (Tensor answer = model.run(floats(first, rows * columns), rows, columns)) {
      assertThat(answer.shape()).containsExactly(rows, columns);
      assertThat(answer.floats().limit()).isEqualTo(rows * columns);
      List<Float> values = new ArrayList<>();
      for (int i = 0; i < rows * columns; i++) {
        values.add(answer.at(i));
      }
      return values;
    }
  }

  private static <V> FutureTask<V> start(Callable<V> call) {
    FutureTask<V> task = new FutureTask<>(call);
    Thread thread = new Thread(task, "caller");
    thread.setDaemon(true);
    thread.start();
    while (!task.isDone()
        && thread.getState() != Thread.State.WAITING
        && thread.getState() != Thread.State.TIMED_WAITING) {
      Thread.onSpinWait();
    }
    return task;
  }

  private static <V> V get(Future<V> future) throws Exception {
    return future.get(30, TimeUnit.SECONDS);
  }

  private FutureTask<List<Float>> occupy() throws Exception {
    FutureTask<List<Float>> first = start(() -> run(0, 1, 3));
    network.begun.acquire();
    return first;
  }

  @Test
  void run_callersThatWait_shareARunByShapeAndGetTheirOwnRows() throws Exception {
    FutureTask<List<Float>> first = occupy();
    FutureTask<List<Float>> one = start(() -> run(10, 1, 2));
    FutureTask<List<Float>> other = start(() -> run(100, 1, 3));
    FutureTask<List<Float>> two = start(() -> run(20, 2, 2));
    network.gate.release(ALL);

    assertThat(get(first)).containsExactly(0f, 2f, 4f);
    assertThat(get(one)).containsExactly(20f, 22f);
    assertThat(get(two)).containsExactly(40f, 42f, 44f, 46f);
    assertThat(get(other)).containsExactly(200f, 202f, 204f);
    assertThat(network.shapes).containsExactly(List.of(1L, 3L), List.of(3L, 2L), List.of(1L, 3L));
    assertThat(network.open).hasValue(0);
  }

  @Test
  void run_badInputOfOneCaller_failsThatOneAlone() throws Exception {
    occupy();
    FutureTask<List<Float>> good = start(() -> run(1, 1, 2));
    FutureTask<List<Float>> bad = start(() -> run(-5, 1, 2));
    FutureTask<List<Float>> better = start(() -> run(2, 1, 2));
    network.gate.release(ALL);

    assertThat(get(good)).containsExactly(2f, 4f);
    assertThat(get(better)).containsExactly(4f, 6f);
    assertThatThrownBy(() -> get(bad))
        .cause()
        .isInstanceOf(ModelException.class)
        .hasMessageStartingWith("Cannot run model gated: found -5.0");
    assertThat(network.open).hasValue(0);
  }

  @Test
  void run_networkThatMergesItsBatch_runsEachCallerAlone() throws Exception {
    network.rowsOfAnswer = 1;
    occupy();
    FutureTask<List<Float>> one = start(() -> run(1, 1, 2));
    FutureTask<List<Float>> two = start(() -> run(2, 1, 2));
    network.gate.release(ALL);

    assertThat(get(one)).containsExactly(2f, 4f);
    assertThat(get(two)).containsExactly(4f, 6f);
    assertThat(network.open).hasValue(0);
  }

  @Test
  void run_callerInterruptedOrOutOfTimeWhileItsRunIsUnderWay_leavesAndItsSliceIsClosed()
      throws Exception {
    FutureTask<List<Float>> first = occupy();
    Thread[] interrupted = new Thread[1];
    FutureTask<List<Float>> leaving =
        start(
            () -> {
              interrupted[0] = Thread.currentThread();
              return run(1, 1, 2);
            });
    Request hasty = new Request("hasty", Priority.INTERACTIVE, Deadline.in(Duration.ofMillis(200)));
    FutureTask<List<Float>> late = start(() -> hasty.during(() -> run(2, 1, 2)));
    FutureTask<List<Float>> staying = start(() -> run(3, 1, 2));
    network.gate.release();
    get(first);
    network.begun.acquire();

    interrupted[0].interrupt();
    assertThatThrownBy(() -> get(leaving))
        .cause()
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("Cannot run model gated: the caller was interrupted");
    assertThatThrownBy(() -> get(late)).hasCauseInstanceOf(DeadlineException.class);
    network.gate.release(ALL);

    assertThat(get(staying)).containsExactly(6f, 8f);
    model.close();
    assertThat(network.open).hasValue(0);
    assertThat(network.closed).isTrue();
  }

  @Test
  void batch_policyOfSingleRuns_leavesTheNetworkAsItIs() {
    network.gate.release(ALL);
    OnnxModel alone = new OnnxModel("alone", network);
    alone.batch(StagePolicy.alone());

    try (Tensor answer = alone.run(floats(1, 2), 1, 2)) {
      assertThat(answer.at(1)).isEqualTo(4);
    }
    assertThat(network.shapes).hasSize(1);
  }

  @Test
  void close_sliceStillOpen_theMemoryOfItsRunIsFreedWithTheLastOne() throws Exception {
    long before = NativeBuffer.bytesAlive();
    FutureTask<List<Float>> first = occupy();
    FutureTask<Tensor> one = start(() -> model.run(floats(10, 2), 1, 2));
    FutureTask<Tensor> two = start(() -> model.run(floats(20, 2), 1, 2));
    network.gate.release(ALL);
    get(first);
    get(one).close();

    model.close();
    assertThat(NativeBuffer.bytesAlive()).isGreaterThan(before);
    assertThat(get(two).at(1)).isEqualTo(42);
    get(two).close();
    assertThat(NativeBuffer.bytesAlive()).isEqualTo(before);
  }

  @Test
  void close_growingBatches_freesWhatTheyRanFrom() throws Exception {
    long before = NativeBuffer.bytesAlive();
    for (int columns : new int[] {2, 200_000, 400_000}) {
      FutureTask<List<Float>> first = occupy();
      FutureTask<List<Float>> one = start(() -> run(1, 1, columns));
      FutureTask<List<Float>> two = start(() -> run(2, 1, columns));
      network.gate.release(3);
      get(first);
      assertThat(get(one)).hasSize(columns);
      assertThat(get(two)).hasSize(columns);
      network.begun.drainPermits();
    }

    assertThat(NativeBuffer.bytesAlive()).isGreaterThan(before);
    model.close();
    assertThat(NativeBuffer.bytesAlive()).isEqualTo(before);
  }
}
