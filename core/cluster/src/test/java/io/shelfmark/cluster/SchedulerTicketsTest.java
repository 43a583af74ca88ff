package io.shelfmark.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class SchedulerTicketsTest {

  private static final Heartbeats FAST = new Heartbeats(Duration.ofMillis(250), 4);
  private static final Duration POLL = Duration.ofMillis(50);
  private static final Duration LONG = Duration.ofSeconds(30);

  private static TestDatabase server;

  private final List<AutoCloseable> open = new ArrayList<>();
  private final AtomicInteger owners = new AtomicInteger();
  private final BlockingQueue<String> delivered = new LinkedBlockingQueue<>();
  private String database = "";
  private DataSource pool = new CuttableConnections(null);

  @BeforeAll
  static void startServer() {
    server = TestDatabase.start();
  }

  @AfterAll
  static void stopServer() {
    server.close();
  }

  @BeforeEach
  void createDatabase() {
    database = server.create();
    pool = server.pool(server.url(database));
  }

  @AfterEach
  void closeAll() throws Exception {
    for (AutoCloseable each : open) {
      each.close();
    }
  }

  private SchedulerTickets tickets(DataSource connections) throws SQLException {
    SchedulerTickets tickets =
        new SchedulerTickets(
            new SchedulerTickets.Settings(
                connections, "owner-" + owners.incrementAndGet(), FAST, POLL));
    open.add(tickets);
    return tickets;
  }

  private SchedulerTickets tickets() throws SQLException {
    return tickets(pool);
  }

  private void put(Tickets tickets, Ticket... each) throws SQLException {
    try (Connection connection = pool.getConnection()) {
      connection.setAutoCommit(false);
      tickets.put(connection, List.of(each));
      connection.commit();
    }
  }

  private QueueDepth depth(Tickets tickets, String queue) throws SQLException {
    try (Connection connection = pool.getConnection()) {
      return tickets.depth(connection, queue);
    }
  }

  private String next() throws InterruptedException {
    String next = delivered.poll(30, TimeUnit.SECONDS);
    assertThat(next).as("a ticket in 30 s").isNotNull();
    return next;
  }

  private void awaitEmpty(Tickets tickets, String queue) throws Exception {
    TestDatabase.await(
        "queue " + queue + " is empty",
        () -> depth(tickets, queue).equals(new QueueDepth(0, 0, 0)));
  }

  @Test
  void put_committed_isDeliveredAndGone() throws Exception {
    Tickets tickets = tickets();
    tickets.start("cpu", 2, ticket -> delivered.add(ticket.id() + " of " + ticket.queue()));
    put(tickets, Ticket.of("r/a/g1", "cpu"), new Ticket("r/b/g1", "cpu", 7, Duration.ZERO));
    assertThat(List.of(next(), next())).containsExactlyInAnyOrder("r/a/g1 of cpu", "r/b/g1 of cpu");
    awaitEmpty(tickets, "cpu");
    assertThat(delivered).isEmpty();
  }

  @Test
  void put_rolledBack_wasNeverThere() throws Exception {
    Tickets tickets = tickets();
    try (Connection connection = pool.getConnection()) {
      connection.setAutoCommit(false);
      tickets.put(connection, List.of(Ticket.of("r/lost/g1", "cpu")));
      assertThat(tickets.missing(connection, "cpu", List.of("r/lost/g1"))).isEmpty();
      connection.rollback();
      assertThat(tickets.missing(connection, "cpu", List.of("r/lost/g1")))
          .containsExactly("r/lost/g1");
      connection.rollback();
    }
    tickets.start("cpu", 1, ticket -> delivered.add(ticket.id()));
    put(tickets, Ticket.of("r/kept/g1", "cpu"));
    assertThat(next()).isEqualTo("r/kept/g1");
  }

  @Test
  void put_sameIdTwice_isOneTicket() throws Exception {
    Tickets tickets = tickets();
    put(tickets, Ticket.of("r/a/g1", "cpu"));
    put(tickets, Ticket.of("r/a/g1", "cpu"), Ticket.of("r/a/g2", "cpu"));
    assertThat(depth(tickets, "cpu")).isEqualTo(new QueueDepth(2, 0, 0));
  }

  @Test
  void put_delayed_isDueAfterItsDelay() throws Exception {
    Tickets tickets = tickets();
    tickets.start("cpu", 1, ticket -> delivered.add(ticket.id()));
    long before = System.nanoTime();
    put(tickets, new Ticket("r/a/g1", "cpu", 0, Duration.ofMillis(400)));
    assertThat(depth(tickets, "cpu").waiting()).isZero();
    assertThat(next()).isEqualTo("r/a/g1");
    assertThat(Duration.ofNanos(System.nanoTime() - before))
        .isGreaterThanOrEqualTo(Duration.ofMillis(390));
  }

  @Test
  void priorities_decideAmongThoseThatAreDue() throws Exception {
    Tickets tickets = tickets();
    put(
        tickets,
        IntStream.of(0, 5, -3, 100, 5)
            .mapToObj(
                p ->
                    new Ticket("r/" + p + "/g" + owners.incrementAndGet(), "cpu", p, Duration.ZERO))
            .toArray(Ticket[]::new));
    tickets.start("cpu", 1, ticket -> delivered.add("" + ticket.priority()));
    assertThat(List.of(next(), next(), next(), next(), next()))
        .containsExactly("100", "5", "5", "0", "-3");
  }

  @Test
  void handler_throws_getsTheTicketAgain() throws Exception {
    Tickets tickets = tickets();
    AtomicInteger calls = new AtomicInteger();
    tickets.start(
        "cpu",
        1,
        ticket -> {
          delivered.add(ticket.id() + " call " + calls.incrementAndGet());
          if (calls.get() < 2) {
            throw new SQLException("no connection");
          }
        });
    put(tickets, Ticket.of("r/a/g1", "cpu"));
    assertThat(List.of(next(), next())).containsExactly("r/a/g1 call 1", "r/a/g1 call 2");
    awaitEmpty(tickets, "cpu");
  }

  @Test
  void handler_putsBack_getsTheTicketAfterTheDelay() throws Exception {
    Tickets tickets = tickets();
    AtomicInteger calls = new AtomicInteger();
    long before = System.nanoTime();
    tickets.start(
        "cpu",
        1,
        ticket -> {
          delivered.add(ticket.id());
          if (calls.incrementAndGet() < 3) {
            throw new Redeliver("another graph", Duration.ofMillis(150));
          }
        });
    put(tickets, Ticket.of("r/a/g1", "cpu"));
    assertThat(List.of(next(), next(), next())).containsOnly("r/a/g1");
    assertThat(Duration.ofNanos(System.nanoTime() - before))
        .isGreaterThanOrEqualTo(Duration.ofMillis(290));
    awaitEmpty(tickets, "cpu");
  }

  @Test
  void threads_areNeverMoreThanTheRowsTaken() throws Exception {
    Tickets tickets = tickets();
    put(
        tickets,
        IntStream.range(0, 30)
            .mapToObj(i -> Ticket.of("r/s" + i + "/g1", "cpu"))
            .toArray(Ticket[]::new));
    CountDownLatch go = new CountDownLatch(1);
    AtomicInteger most = new AtomicInteger();
    AtomicInteger now = new AtomicInteger();
    tickets.start(
        "cpu",
        3,
        ticket -> {
          most.accumulateAndGet(now.incrementAndGet(), Math::max);
          go.await();
          delivered.add(ticket.id());
          now.decrementAndGet();
        });
    TestDatabase.await("three are taken", () -> depth(tickets, "cpu").taken() >= 3);
    assertThat(depth(tickets, "cpu")).isEqualTo(new QueueDepth(27, 0, 3));
    go.countDown();
    awaitEmpty(tickets, "cpu");
    assertThat(delivered).hasSize(30).doesNotHaveDuplicates();
    assertThat(most).hasValueLessThanOrEqualTo(3);
  }

  @Test
  void owner_whoseHeartbeatsStop_losesItsTicketToAnother() throws Exception {
    CuttableConnections cuttable = new CuttableConnections(pool);
    SchedulerTickets dying = tickets(cuttable);
    CountDownLatch never = new CountDownLatch(1);
    dying.start(
        "cpu",
        1,
        ticket -> {
          delivered.add("first owner: " + ticket.id());
          never.await();
        });
    put(dying, Ticket.of("r/a/g1", "cpu"));
    assertThat(next()).isEqualTo("first owner: r/a/g1");
    BlockingQueue<String> takeovers = new LinkedBlockingQueue<>();
    SchedulerTickets living =
        new SchedulerTickets(
            new SchedulerTickets.Settings(pool, "living", FAST, POLL),
            (queue, ticket, deadOwner) -> takeovers.add(ticket + " from " + deadOwner));
    open.add(living);
    living.start("cpu", 1, ticket -> delivered.add("second owner: " + ticket.id()));
    cuttable.cut();
    assertThat(next()).isEqualTo("second owner: r/a/g1");
    assertThat(takeovers).containsExactly("r/a/g1 from owner-1");
    awaitEmpty(living, "cpu");
    // what the first still does to its row does nothing
    cuttable.heal();
    never.countDown();
    assertThat(delivered).isEmpty();
  }

  @Test
  void outageOfTheDatabase_isNobodysDeath() throws Exception {
    CuttableConnections cuttable = new CuttableConnections(pool);
    SchedulerTickets working = tickets(cuttable);
    SchedulerTickets watching = tickets(cuttable);
    CountDownLatch go = new CountDownLatch(1);
    working.start(
        "cpu",
        1,
        ticket -> {
          delivered.add("first: " + ticket.id());
          go.await();
        });
    put(working, Ticket.of("r/a/g1", "cpu"));
    assertThat(next()).isEqualTo("first: r/a/g1");
    watching.start("cpu", 1, ticket -> delivered.add("second: " + ticket.id()));
    cuttable.cut();
    awaitHeartbeat(">", FAST.deathAge().plus(FAST.interval()));
    cuttable.heal();
    awaitHeartbeat("<", FAST.interval().multipliedBy(2));
    // every process has looked for the dead since
    awaitHeartbeat("<", FAST.interval());
    go.countDown();
    awaitEmpty(working, "cpu");
    assertThat(delivered).isEmpty();
  }

  private void awaitHeartbeat(String comparison, Duration age) throws Exception {
    String sql =
        "SELECT count(*) FROM %s WHERE clock_timestamp() - last_heartbeat %s interval '%d ms'"
            .formatted(QueueTable.of("cpu").name(), comparison, age.toMillis());
    try (Connection connection = pool.getConnection()) {
      TestDatabase.await(
          "a heartbeat of age " + comparison + age,
          () -> TestDatabase.number(connection, sql) == 1);
    }
  }

  /** The wall clock of every process is off by a minute, as seen from the database. */
  @ParameterizedTest
  @ValueSource(strings = {"60 s", "-60 s"})
  void wallClocks_offByAMinute_causeNothing(String off) throws Exception {
    try (Connection connection = pool.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE SCHEMA shifted");
      statement.execute(
          "CREATE FUNCTION shifted.clock_timestamp() RETURNS timestamptz LANGUAGE sql VOLATILE AS"
              + " $$ SELECT pg_catalog.clock_timestamp() + interval '"
              + off
              + "' $$");
      statement.execute(
          "ALTER DATABASE " + database + " SET search_path = shifted, pg_catalog, public");
    }
    pool = server.pool(server.url(database));
    CuttableConnections cuttable = new CuttableConnections(pool);
    SchedulerTickets first = tickets(cuttable);
    CountDownLatch never = new CountDownLatch(1);
    first.start(
        "cpu",
        1,
        ticket -> {
          delivered.add("first: " + ticket.id());
          never.await();
        });
    long before = System.nanoTime();
    put(first, new Ticket("r/a/g1", "cpu", 0, Duration.ofMillis(300)));
    SchedulerTickets second = tickets();
    assertThat(next()).isEqualTo("first: r/a/g1");
    second.start("cpu", 1, ticket -> delivered.add("second: " + ticket.id()));
    // living through two death ages is no death
    awaitHeartbeats(first, FAST.deathAge().multipliedBy(2));
    assertThat(delivered).isEmpty();
    cuttable.cut();
    assertThat(next()).isEqualTo("second: r/a/g1");
    assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(LONG);
    never.countDown();
  }

  private void awaitHeartbeats(Tickets tickets, Duration span) throws Exception {
    String sql =
        "SELECT count(*) FROM %s WHERE last_heartbeat - execution_time > interval '%d ms'"
            .formatted(QueueTable.of("cpu").name(), span.toMillis());
    try (Connection connection = pool.getConnection()) {
      TestDatabase.await(
          "heartbeats through " + span + " of " + tickets,
          () -> TestDatabase.number(connection, sql) == 1);
    }
  }

  @Test
  void pause_takesNothingUntilResume() throws Exception {
    Tickets tickets = tickets();
    tickets.start("cpu", 1, ticket -> delivered.add(ticket.id()));
    put(tickets, Ticket.of("r/a/g1", "cpu"));
    assertThat(next()).isEqualTo("r/a/g1");
    tickets.pause("cpu");
    tickets.start("other", 1, ticket -> delivered.add(ticket.id()));
    put(tickets, Ticket.of("r/b/g1", "cpu"));
    for (int i = 0; i < 10; i++) {
      put(tickets, Ticket.of("r/o" + i + "/g1", "other"));
      assertThat(next()).isEqualTo("r/o" + i + "/g1");
    }
    tickets.resume("cpu");
    assertThat(next()).isEqualTo("r/b/g1");
    assertThatThrownBy(() -> tickets.pause("gpu"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("Cannot pause or resume queue gpu: this process takes from [");
  }

  @Test
  void drain_waitsForWhatIsUnderWay() throws Exception {
    Tickets tickets = tickets();
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    tickets.start(
        "cpu",
        1,
        ticket -> {
          begun.countDown();
          go.await();
          delivered.add(ticket.id());
        });
    put(tickets, Ticket.of("r/a/g1", "cpu"), Ticket.of("r/b/g1", "cpu"));
    assertThat(begun.await(30, TimeUnit.SECONDS)).isTrue();
    Thread draining = new Thread(() -> tickets.drain(LONG));
    draining.start();
    TestDatabase.await("it waits", () -> draining.getState() == Thread.State.TIMED_WAITING);
    go.countDown();
    draining.join(30_000);
    assertThat(draining.isAlive()).isFalse();
    assertThat(delivered).hasSize(1);
    assertThat(depth(tickets, "cpu")).isEqualTo(new QueueDepth(1, 0, 0));
  }

  @Test
  void drain_atItsLimit_leavesTheTicketToOthersAtOnce() throws Exception {
    Tickets tickets = tickets();
    CountDownLatch begun = new CountDownLatch(1);
    tickets.start(
        "cpu",
        1,
        ticket -> {
          begun.countDown();
          new CountDownLatch(1).await();
        });
    put(tickets, Ticket.of("r/a/g1", "cpu"));
    assertThat(begun.await(30, TimeUnit.SECONDS)).isTrue();
    tickets.drain(Duration.ofMillis(50));
    assertThat(depth(tickets, "cpu")).isEqualTo(new QueueDepth(1, 0, 0));
  }

  @Test
  void labels_ofAnyForm_haveTablesOfTheirOwn() throws Exception {
    List<String> labels =
        List.of("gpu", "GPU", "g.p-u", "x\"; DROP TABLE runs; --", "очередь", "a".repeat(80));
    Tickets tickets = tickets();
    for (String label : labels) {
      put(tickets, Ticket.of("r/" + label + "/g1", label));
      assertThat(depth(tickets, label)).isEqualTo(new QueueDepth(1, 0, 0));
    }
    assertThat(labels.stream().map(label -> QueueTable.of(label).name()))
        .doesNotHaveDuplicates()
        .allMatch(name -> name.matches("[a-z0-9_]{1,55}"));
    // a process that takes from one leaves the others alone
    tickets.start("gpu", 1, ticket -> delivered.add(ticket.id()));
    assertThat(next()).isEqualTo("r/gpu/g1");
    awaitEmpty(tickets, "gpu");
    assertThat(depth(tickets, "GPU")).isEqualTo(new QueueDepth(1, 0, 0));
  }

  @Test
  void tables_createdByManyAtOnce_areThere() throws Exception {
    List<Thread> threads = new ArrayList<>();
    List<Throwable> failures = new java.util.concurrent.CopyOnWriteArrayList<>();
    CountDownLatch together = new CountDownLatch(1);
    for (int i = 0; i < 6; i++) {
      SchedulerTickets tickets = tickets();
      String id = "r/s" + i + "/g1";
      threads.add(
          new Thread(
              () -> {
                try {
                  together.await();
                  put(tickets, Ticket.of(id, "new"));
                } catch (Exception e) {
                  failures.add(e);
                }
              }));
    }
    threads.forEach(Thread::start);
    together.countDown();
    for (Thread thread : threads) {
      thread.join(30_000);
    }
    assertThat(failures).isEmpty();
    assertThat(depth(tickets(), "new")).isEqualTo(new QueueDepth(6, 0, 0));
  }

  @Test
  void start_twice_isRefused() throws Exception {
    Tickets tickets = tickets();
    tickets.start("cpu", 1, ticket -> {});
    assertThatThrownBy(() -> tickets.start("cpu", 1, ticket -> {}))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("Cannot take from queue cpu: this process does so already");
  }
}
