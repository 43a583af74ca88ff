package io.shelfmark.testing.cluster;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A port in front of a database. While it is cut, nothing passes in either direction and nothing is
 * refused or closed, as when packets are dropped on the way: both ends see silence. Bytes that came
 * meanwhile pass when it heals, unless their sender has hung up. Thread-safe.
 */
public final class CutProxy implements AutoCloseable {

  private static final int BUFFER = 16 * 1024;

  private final ServerSocket server;
  private final int target;
  private final Set<Closeable> open = ConcurrentHashMap.newKeySet();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition healed = lock.newCondition();

  /** Guarded by the lock. */
  private boolean cut;

  private CutProxy(ServerSocket server, int target) {
    this.server = server;
    this.target = target;
  }

  /** Listens on a free port of the loopback and passes all on to another one. */
  public static CutProxy to(int port) throws IOException {
    CutProxy proxy = new CutProxy(new ServerSocket(0, 100, InetAddress.getLoopbackAddress()), port);
    daemon(proxy::accept);
    return proxy;
  }

  /** Where it listens. */
  public int port() {
    return server.getLocalPort();
  }

  /** From now on nothing passes. */
  public void cut() {
    lock.lock();
    try {
      cut = true;
    } finally {
      lock.unlock();
    }
  }

  /** Everything passes again. */
  public void heal() {
    lock.lock();
    try {
      cut = false;
      healed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void awaitHealed() throws InterruptedException {
    lock.lock();
    try {
      while (cut) {
        healed.await();
      }
    } finally {
      lock.unlock();
    }
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket client = server.accept();
        open.add(client);
        daemon(() -> connect(client));
      } catch (IOException e) {
        // closed
        return;
      }
    }
  }

  private void connect(Socket client) {
    Socket database = new Socket();
    open.add(database);
    try {
      awaitHealed();
      database.setTcpNoDelay(true);
      client.setTcpNoDelay(true);
      database.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), target));
    } catch (IOException | InterruptedException e) {
      close(client);
      close(database);
      return;
    }
    daemon(() -> pass(client, database));
    daemon(() -> pass(database, client));
  }

  private void pass(Socket from, Socket to) {
    byte[] buffer = new byte[BUFFER];
    try {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        awaitHealed();
        out.write(buffer, 0, read);
      }
      awaitHealed();
    } catch (IOException | InterruptedException e) {
      // the other end learns it below
    } finally {
      close(from);
      close(to);
    }
  }

  private void close(Closeable socket) {
    open.remove(socket);
    try {
      socket.close();
    } catch (IOException e) {
      // it is of no use any more
    }
  }

  private static void daemon(Runnable task) {
    Thread thread = new Thread(task, "cut-proxy");
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void close() throws IOException {
    server.close();
    heal();
    open.forEach(this::close);
  }
}
