package io.shelfmark.inference.batching;

/** A thread of a batcher's, for as long as there is work. */
final class LaneThread extends Thread {

  private final Lanes<?, ?> lanes;

  LaneThread(String name, Lanes<?, ?> lanes) {
    super("shelfmark-" + name);
    this.lanes = lanes;
    setDaemon(true);
  }

  boolean isOf(Lanes<?, ?> others) {
    return lanes.equals(others);
  }

  @Override
  public void run() {
    lanes.work();
  }
}
