package io.shelfmark.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.shelfmark.Progress;
import io.shelfmark.StoreReport;
import io.shelfmark.Workspace;
import io.shelfmark.artifact.ArtifactVersion;
import io.shelfmark.artifact.GarbageReport;
import io.shelfmark.benchmarks.StorageSoakWorker.Work;
import io.shelfmark.dataset.DatasetVersion;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Does a workspace lose anything to processes that are killed, race, or collect garbage? Starts
 * real processes on one store; exits with 1 when something that a process was told is not there.
 *
 * <ol>
 *   <li>Kills so many processes at random moments while a reader reads all the time.
 *   <li>Lets eight processes commit and publish for so many seconds.
 *   <li>Lets eight processes add old content again for so many seconds beside a collector that
 *       never stops.
 * </ol>
 *
 * <pre>java -cp benchmarks/target/shelfmark-benchmarks.jar io.shelfmark.benchmarks.StorageSoak \
 *     file:///var/tmp/soak/|s3://bucket/soak?endpoint=... [KILLS] [SECONDS] [SECONDS]</pre>
 */
public final class StorageSoak {

  private static final int PROCESSES = 8;
  private static final int KILLED_AT_ONCE = 4;

  private final String store;
  private final Path homes;
  private final Random random = new Random(20);

  private StorageSoak(String store, Path homes) {
    this.store = store;
    this.homes = homes;
  }

  /** Runs the three parts, with 200 kills, a minute and ten minutes by default. */
  public static void main(String[] args) throws Exception {
    int kills = args.length > 1 ? Integer.parseInt(args[1]) : 200;
    int committing = args.length > 2 ? Integer.parseInt(args[2]) : 60;
    int collecting = args.length > 3 ? Integer.parseInt(args[3]) : 600;
    Path homes = Files.createTempDirectory("storage-soak");
    new StorageSoak(within(args[0], "kills"), homes).killProcesses(kills);
    new StorageSoak(within(args[0], "commits"), homes).commitAtOnce(committing);
    new StorageSoak(within(args[0], "garbage"), homes).addBesideCollector(collecting);
    System.out.println("nothing lost");
  }

  /** The address of a folder within another one, before what follows a question mark. */
  private static String within(String address, String folder) {
    int query = address.indexOf('?');
    String path = query < 0 ? address : address.substring(0, query);
    return (path.endsWith("/") ? path : path + "/") + folder + address.substring(path.length());
  }

  private Process start(String name, Work work, int seconds) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-Xmx128m",
            "-cp",
            System.getProperty("java.class.path"),
            StorageSoakWorker.class.getName(),
            store,
            homes.resolve(name).toString(),
            name,
            work.name(),
            Integer.toString(seconds))
        .redirectError(homes.resolve(name + ".err").toFile())
        .redirectOutput(output(name).toFile())
        .start();
  }

  private Workspace open() {
    return StorageSoakWorker.open(store, homes.resolve("reader").toString());
  }

  private void killProcesses(int kills) throws Exception {
    Map<String, String> told = new TreeMap<>();
    AtomicBoolean done = new AtomicBoolean();
    AtomicLong read = new AtomicLong();
    try (Workspace workspace = open()) {
      Thread reader = new Thread(() -> readAllTheTime(workspace, done, read), "reader");
      List<Throwable> failures = new ArrayList<>();
      reader.setUncaughtExceptionHandler((thread, failure) -> failures.add(failure));
      reader.start();
      for (int killed = 0; killed < kills; killed += KILLED_AT_ONCE) {
        Map<String, Process> processes = new TreeMap<>();
        for (int i = 0; i < KILLED_AT_ONCE; i++) {
          String name = "killed-" + (killed + i);
          processes.put(name, start(name, Work.COMMIT, 600));
        }
        for (Map.Entry<String, Process> process : processes.entrySet()) {
          awaitLines(process.getKey(), random.nextInt(6));
          Thread.sleep(0, random.nextInt(999_999));
          process.getValue().destroyForcibly().waitFor();
          note(process.getKey(), told);
        }
      }
      done.set(true);
      reader.join();
      require(failures.isEmpty(), "a reader saw " + failures);
      requireTold(workspace, told);
    }
    collectAll();
    System.out.printf(
        "%d processes killed: %d versions told and all there, %d read meanwhile, leftovers collected%n",
        kills, told.size(), read.get());
  }

  private static void readAllTheTime(Workspace workspace, AtomicBoolean done, AtomicLong read) {
    while (!done.get()) {
      workspace.dataset("photos").latest().ifPresent(version -> verify(version, read));
      workspace
          .artifacts()
          .find("model", "production")
          .map(StorageSoak::read)
          .filter(content -> !content.startsWith("killed-"))
          .ifPresent(
              content -> {
                throw new IllegalStateException("half a model: " + content);
              });
    }
  }

  private static void verify(DatasetVersion version, AtomicLong read) {
    require(version.verify(Progress.Listener.NONE).isEmpty(), version + " is damaged");
    read.incrementAndGet();
  }

  private void commitAtOnce(int seconds) throws Exception {
    Map<String, Process> processes = new TreeMap<>();
    for (int i = 0; i < PROCESSES; i++) {
      processes.put("commits-" + i, start("commits-" + i, Work.COMMIT, seconds));
    }
    Map<String, String> told = new TreeMap<>();
    for (Map.Entry<String, Process> process : processes.entrySet()) {
      require(process.getValue().waitFor() == 0, "a process failed, see " + homes);
      note(process.getKey(), told);
    }
    try (Workspace workspace = open()) {
      requireTold(workspace, told);
      long artifacts = told.keySet().stream().filter(key -> key.startsWith("artifact")).count();
      long last = workspace.artifacts().latest("model").map(ArtifactVersion::number).orElse(0L);
      require(last == artifacts, "found number " + last + " of " + artifacts);
      long files = workspace.dataset("photos").latest().map(DatasetVersion::fileCount).orElse(0L);
      require(files == told.size() - artifacts, "found " + files + " files of " + told.size());
    }
    System.out.printf(
        "%d processes for %d s: %d versions, no number twice or left out, nothing lost%n",
        PROCESSES, seconds, told.size());
  }

  private void addBesideCollector(int seconds) throws Exception {
    Map<String, Process> processes = new TreeMap<>();
    for (int i = 0; i < PROCESSES; i++) {
      processes.put("adds-" + i, start("adds-" + i, Work.ADD_AGAIN, seconds));
    }
    processes.put("collects", start("collects", Work.COLLECT, seconds));
    List<String> said = new ArrayList<>();
    for (Map.Entry<String, Process> process : processes.entrySet()) {
      require(process.getValue().waitFor() == 0, "a process failed, see " + homes);
      said.addAll(Files.readAllLines(output(process.getKey())));
    }
    collectAll();
    System.out.printf(
        "%d processes beside a collector for %d s: %s%n",
        PROCESSES, seconds, String.join(", ", said));
  }

  /** Collects until nothing is left, then reads everything. */
  private void collectAll() throws InterruptedException {
    try (Workspace workspace = open()) {
      GarbageReport report = workspace.collectGarbage();
      for (int i = 0; i < 60 && !workspace.findGarbage().keys().isEmpty(); i++) {
        // the leases of the killed have to run out
        Thread.sleep(1_000);
        report = workspace.collectGarbage();
      }
      require(workspace.findGarbage().keys().isEmpty(), "garbage is left: " + report);
      StoreReport found = workspace.verify();
      require(found.isSound(), "faults: " + found.faults());
    }
  }

  /** What a process says. */
  private Path output(String name) {
    return homes.resolve(name + ".out");
  }

  /** Waits until a process has said so much. */
  private void awaitLines(String name, int count) throws Exception {
    while (Files.readString(output(name)).lines().count() < count) {
      Thread.sleep(1);
    }
  }

  private void note(String name, Map<String, String> told) throws IOException {
    String said = Files.readString(output(name));
    // a line that the kill cut off was not told
    String whole = said.substring(0, said.lastIndexOf('\n') + 1);
    for (String line : (Iterable<String>) whole.lines()::iterator) {
      String[] fields = line.split(" ", 3);
      told.put(fields[0] + " " + fields[1], fields[2]);
    }
  }

  private static void requireTold(Workspace workspace, Map<String, String> told) {
    for (Map.Entry<String, String> entry : told.entrySet()) {
      String[] version = entry.getKey().split(" ", 2);
      boolean there =
          version[0].equals("artifact")
              ? read(workspace.artifacts().require("model", version[1])).equals(entry.getValue())
              : workspace.dataset("photos").require(version[1]).find(entry.getValue()).isPresent();
      require(there, entry + " is lost");
    }
  }

  private static String read(ArtifactVersion version) {
    try (InputStream stream = version.open("file")) {
      return new String(stream.readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new IllegalStateException(version + " cannot be read", e);
    }
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      System.err.println(otherwise);
      System.exit(1);
    }
  }
}
