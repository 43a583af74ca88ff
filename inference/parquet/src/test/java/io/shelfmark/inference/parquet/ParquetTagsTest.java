package io.shelfmark.inference.parquet;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.shelfmark.inference.Price;
import io.shelfmark.inference.PriceTag;
import io.shelfmark.inference.Recognized;
import io.shelfmark.inference.ShelfReading;
import io.shelfmark.inference.bulk.BulkOutcome;
import io.shelfmark.inference.bulk.ResultLines;
import io.shelfmark.inference.bulk.ResultsException;
import java.io.File;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Array;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tables as DuckDB, which shares no code with the writer, reads them. */
class ParquetTagsTest {

  @TempDir Path folder;

  private static Stream<BulkOutcome> outcomes(int count) {
    return IntStream.range(0, count).mapToObj(Outcomes::of);
  }

  private static List<PriceTag> tags(int count) {
    return outcomes(count)
        .flatMap(outcome -> outcome.reading().stream())
        .flatMap(reading -> reading.tags().stream())
        .toList();
  }

  /** The rows of a query, in which {@code ?} stands for the file. */
  private static List<List<Object>> query(String sql, Path file) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql.replace("?", "'" + file + "'"))) {
      List<List<Object>> found = new ArrayList<>();
      while (rows.next()) {
        List<Object> row = new ArrayList<>();
        for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
          row.add(rows.getObject(i));
        }
        found.add(row);
      }
      return found;
    }
  }

  @Test
  void write_manyPhotos_haveTheSumsOfTheirTags() throws SQLException {
    int photos = 3_000;
    Path file = folder.resolve("tags.parquet");

    long written = ParquetTags.write(outcomes(photos), file);

    List<PriceTag> tags = tags(photos);
    assertThat(written).isEqualTo(tags.size()).isGreaterThan(10_000);
    BigDecimal sum =
        tags.stream()
            .flatMap(tag -> tag.price().stream())
            .map(price -> price.value().amount())
            .reduce(BigDecimal.ZERO, BigDecimal::add);
    List<Object> row =
        query(
                """
                SELECT count(*), count(DISTINCT file), sum(price), count(price),
                  count(*) FILTER (currency = 'JPY'), count(read_by), sum(discount)::BIGINT,
                  count(name), count(barcode), count(condition), max(confidence)
                FROM ?
                """,
                file)
            .get(0);
    long files =
        outcomes(photos)
            .filter(o -> o.reading().stream().anyMatch(reading -> !reading.tags().isEmpty()))
            .count();
    assertThat(row.get(0)).isEqualTo(written);
    assertThat(row.get(1)).isEqualTo(files);
    assertThat((BigDecimal) row.get(2)).isEqualByComparingTo(sum);
    assertThat(row.get(3)).isEqualTo(count(tags, tag -> tag.price().isPresent()));
    assertThat(row.get(4))
        .isEqualTo(count(tags, tag -> tag.price().stream().anyMatch(ParquetTagsTest::isYen)));
    assertThat(row.get(5)).isEqualTo(tagsReadBy(photos));
    assertThat(row.get(6))
        .isEqualTo(
            tags.stream().flatMap(t -> t.discount().stream()).mapToLong(d -> d.value()).sum());
    assertThat(row.get(7)).isEqualTo(count(tags, tag -> tag.name().isPresent()));
    assertThat(row.get(8)).isEqualTo(count(tags, tag -> tag.barcode().isPresent()));
    assertThat(row.get(9)).isEqualTo(count(tags, tag -> tag.condition().isPresent()));
    assertThat(row.get(10))
        .isEqualTo(tags.stream().mapToDouble(PriceTag::confidence).max().orElse(0));
  }

  private static boolean isYen(Recognized<Price> price) {
    return price.value().currency().getCurrencyCode().equals("JPY");
  }

  private static long count(List<PriceTag> tags, Predicate<PriceTag> which) {
    return tags.stream().filter(which).count();
  }

  private static long tagsReadBy(int photos) {
    return outcomes(photos)
        .filter(outcome -> outcome.readBy().isPresent())
        .flatMap(outcome -> outcome.reading().stream())
        .mapToLong(reading -> reading.tags().size())
        .sum();
  }

  @Test
  void write_everyTag_isItsRow() throws SQLException {
    Path file = folder.resolve("tags.parquet");
    ParquetTags.write(outcomes(50), file);

    List<List<Object>> rows =
        query(
            "SELECT file, tag, corners, score, price, currency, name, unit, photo_modified FROM ? ORDER BY photo_modified, tag",
            file);

    List<List<Object>> expected = new ArrayList<>();
    outcomes(50)
        .forEach(
            outcome ->
                outcome
                    .reading()
                    .ifPresent(
                        reading -> {
                          for (int i = 0; i < reading.tags().size(); i++) {
                            expected.add(row(outcome, i, reading.tags().get(i)));
                          }
                        }));
    assertThat(rows.stream().map(ParquetTagsTest::plain).toList()).isEqualTo(expected);
  }

  private static List<Object> row(BulkOutcome outcome, int index, PriceTag tag) {
    List<Double> corners =
        tag.detection().outline().corners().stream()
            .flatMap(corner -> Stream.of(corner.x(), corner.y()))
            .toList();
    return Arrays.asList(
        outcome.file(),
        index,
        corners,
        tag.detection().confidence(),
        tag.price().map(price -> price.value().amount().setScale(4)).orElse(null),
        tag.price().map(price -> price.value().currency().getCurrencyCode()).orElse(null),
        tag.name().map(name -> name.value()).orElse(null),
        tag.unit()
            .map(unit -> List.of("шт", "кг", "100 г", "л").get(unit.value().ordinal()))
            .orElse(null),
        outcome.modified());
  }

  private static List<Object> plain(List<Object> row) {
    return row.stream().map(ParquetTagsTest::plain).collect(Collectors.toList());
  }

  private static Object plain(Object value) {
    if (value instanceof Array array) {
      try {
        return Arrays.asList((Object[]) array.getArray());
      } catch (SQLException e) {
        throw new IllegalStateException(e);
      }
    }
    return value instanceof OffsetDateTime time ? time.toInstant() : value;
  }

  @Test
  void write_columns_haveTypesOfTheirOwn() throws SQLException {
    Path file = folder.resolve("tags.parquet");
    ParquetTags.write(outcomes(5), file);

    List<List<Object>> types = query("DESCRIBE SELECT * FROM ?", file);

    assertThat(types.stream().map(row -> row.get(0) + " " + row.get(1)))
        .hasSize(29)
        .contains(
            "file VARCHAR",
            "photo_bytes BIGINT",
            "photo_modified TIMESTAMP WITH TIME ZONE",
            "tag INTEGER",
            "corners DOUBLE[]",
            "price DECIMAL(38,4)",
            "price_confidence DOUBLE",
            "discount INTEGER");
  }

  /** Hosts that do not know when a photo was changed say the like. */
  @Test
  void write_timesFarAway_areNullAndOthersRoundedDown() throws SQLException {
    Path file = folder.resolve("tags.parquet");
    BulkOutcome any = outcomes(50).filter(photo -> !tagsOf(photo).isEmpty()).toList().get(0);
    Stream<BulkOutcome> outcomes =
        Stream.of(Instant.MIN, Instant.parse("1969-12-31T23:59:59.999999999Z"), Instant.MAX)
            .map(
                time ->
                    new BulkOutcome(
                        time.toString(),
                        1,
                        time,
                        Instant.EPOCH,
                        Optional.empty(),
                        any.reading(),
                        Optional.empty()));

    ParquetTags.write(outcomes, file);

    assertThat(query("SELECT DISTINCT epoch_us(photo_modified) AS us FROM ? ORDER BY us", file))
        .containsExactly(List.of(-1L), Arrays.asList((Object) null));
  }

  private static List<PriceTag> tagsOf(BulkOutcome outcome) {
    return outcome.reading().map(ShelfReading::tags).orElse(List.of());
  }

  @Test
  void write_fileOfResults_takesTheLastLineOfEachPhoto() throws IOException, SQLException {
    String line =
        """
        {"v":1,"file":"%s","bytes":1,"modified":"2025-01-31T10:15:30Z",\
        "read_at":"2025-02-01T00:00:00Z","width":640,"height":480,"tags":[{"corners":\
        [[1,2],[3,2],[3,4],[1,4]],"score":0.9,"price":{"amount":"%s","minor":%s,\
        "currency":"RUB","confidence":0.9},"confidence":0.9}]}
        """;
    Path results =
        Files.writeString(
            folder.resolve("results.jsonl"),
            line.formatted("a", "1.00", "100")
                + line.formatted("b", "2.00", "200")
                + line.formatted("a", "3.00", "300")
                + line.formatted("c", "9.00", "900").substring(0, 50));
    Path file = folder.resolve("tags.parquet");

    assertThat(ParquetTags.write(results, file)).isEqualTo(2);
    assertThat(query("SELECT file, price FROM ? ORDER BY file", file))
        .containsExactly(
            List.of("a", new BigDecimal("3.0000")), List.of("b", new BigDecimal("2.0000")));
  }

  /** A file of results has no column of errors when no photo failed. */
  @ParameterizedTest
  @ValueSource(ints = {9, 10})
  void document_everyQuery_runs(int photos) throws IOException, SQLException {
    Path results = folder.resolve("results.jsonl");
    Files.write(results, outcomes(photos).map(ResultLines::line).toList());
    Path table = folder.resolve("tags.parquet");
    ParquetTags.write(results, table);
    String document =
        Files.readString(Path.of(System.getProperty("basedir", "."), "../../docs/bulk.md"));

    List<List<List<Object>>> found = new ArrayList<>();
    for (MatchResult sql :
        Pattern.compile("```sql\\n(.*?);\\n```", Pattern.DOTALL)
            .matcher(document)
            .results()
            .toList()) {
      String query =
          sql.group(1)
              .replace("'results.jsonl'", "'" + results + "'")
              .replace("'tags.parquet'", "'" + table + "'");
      found.add(query(query, table));
    }

    assertThat(found).hasSize(3);
    assertThat(found.get(0)).hasSize(tags(photos).size());
    assertThat(found.get(1)).hasSize(photos == 10 ? 1 : 0);
    assertThat(found.get(2).stream().mapToLong(row -> (Long) row.get(1)).sum())
        .isEqualTo(tags(photos).size());
  }

  @Test
  void write_outcomesThatFailOnTheWay_leaveTheOldTable() throws IOException, SQLException {
    Path file = folder.resolve("tags.parquet");
    long before = ParquetTags.write(outcomes(5), file);
    Stream<BulkOutcome> failing =
        outcomes(100)
            .peek(
                outcome -> {
                  if (outcome.equals(Outcomes.of(50))) {
                    throw new ResultsException("on purpose");
                  }
                });

    assertThatThrownBy(() -> ParquetTags.write(failing, file)).hasMessage("on purpose");

    assertThat(query("SELECT count(*) FROM ?", file)).containsExactly(List.of(before));
    try (Stream<Path> left = Files.list(folder)) {
      assertThat(left).containsExactly(file);
    }
  }

  @Test
  void write_missingFolder_isMade() throws SQLException {
    Path file = folder.resolve("one/two/tags.parquet");

    long written = ParquetTags.write(outcomes(5), file);

    assertThat(query("SELECT count(*) FROM ?", file)).containsExactly(List.of(written));
  }

  @Test
  void write_folderInPlaceOfTheFile_saysSo() throws IOException {
    Path file = Files.createDirectories(folder.resolve("tags.parquet/full")).getParent();

    assertThatThrownBy(() -> ParquetTags.write(outcomes(5), file))
        .isInstanceOf(ResultsException.class)
        .hasMessageStartingWith("Cannot write table " + file);
    try (Stream<Path> left = Files.list(folder)) {
      assertThat(left).containsExactly(file);
    }
  }

  @Test
  void write_inPlaceOfTheResults_isRefused() throws IOException {
    Path results = Files.writeString(folder.resolve("results.jsonl"), "{\"v\":1,");
    Path link = Files.createSymbolicLink(folder.resolve("tags.parquet"), results);

    for (Path parquet : List.of(results, link)) {
      assertThatThrownBy(() -> ParquetTags.write(results, parquet))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("found the file of results itself");
    }
    assertThat(results).hasContent("{\"v\":1,");
  }

  @Test
  void write_tableThatIsThere_keepsItsPermissionsAndItsLinks() throws IOException, SQLException {
    Path file = folder.resolve("tags.parquet");
    ParquetTags.write(outcomes(5), file);
    assumeTrue(Files.getFileAttributeView(file, PosixFileAttributeView.class) != null);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
    Path link = Files.createSymbolicLink(folder.resolve("latest.parquet"), file);

    long written = ParquetTags.write(outcomes(20), link);

    assertThat(link).isSymbolicLink();
    assertThat(query("SELECT count(*) FROM ?", file)).containsExactly(List.of(written));
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-r-----");
  }

  /** As two jobs do of which the first takes longer than the time between them. */
  @Test
  void write_whileAnotherWrites_bothTablesAreWhole() throws IOException, SQLException {
    Path file = folder.resolve("tags.parquet");
    List<Long> within = new ArrayList<>();
    Stream<BulkOutcome> slow =
        outcomes(60)
            .peek(
                outcome -> {
                  if (outcome.equals(Outcomes.of(30))) {
                    within.add(ParquetTags.write(outcomes(10), file));
                    within.add(rows(file));
                  }
                });

    long written = ParquetTags.write(slow, file);

    assertThat(within.get(1)).isEqualTo(within.get(0));
    assertThat(rows(file)).isEqualTo(written).isNotEqualTo(within.get(0));
  }

  private static long rows(Path file) {
    try {
      return (Long)
          query("SELECT count(*) FROM (SELECT DISTINCT file, tag, price FROM ?)", file)
              .get(0)
              .get(0);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void write_withoutHadoop_works() throws Exception {
    String classPath =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    Path out = folder.resolve("out.txt");
    Process child =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-cp",
                Arrays.stream(classPath.split(File.pathSeparator))
                    .filter(entry -> !entry.contains("hadoop-common"))
                    .collect(Collectors.joining(File.pathSeparator)),
                TableProcess.class.getName(),
                folder.resolve("tags.parquet").toString(),
                "10")
            .redirectErrorStream(true)
            .redirectOutput(out.toFile())
            .start();
    try {
      assertThat(child.waitFor(2, TimeUnit.MINUTES)).isTrue();
      assertThat(Files.readString(out, UTF_8)).contains(tags(10).size() + " tags");
    } finally {
      child.destroyForcibly();
    }
  }
}
