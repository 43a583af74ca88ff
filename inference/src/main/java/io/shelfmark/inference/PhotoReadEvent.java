package io.shelfmark.inference;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.shelfmark.inference.PhotoTrace.Stage;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;
import org.jspecify.annotations.Nullable;

/**
 * A photo in a flight recording. Recordings are handed on to whoever helps, and names of photos may
 * tell of people and shops, so of the name there is a digest, by which one who knows the name finds
 * the event. docs/observability.md has the fields.
 */
@Name("io.shelfmark.PhotoRead")
@Label("Photo Read")
@Category({"Shelfmark", "Recognizer"})
@Description("A shelf photo that was read, or could not be")
@StackTrace(false)
final class PhotoReadEvent extends Event {

  private static final int NAME_BYTES = 8;

  @Label("Photo")
  @Description("First 16 hexadecimal digits of the SHA-256 of the photo's name")
  String photo = "";

  @Label("Version")
  @Description("What the host calls the models that read it")
  String version = "";

  @Label("Encoded Size")
  @DataAmount
  long bytes;

  @Label("Width")
  int width;

  @Label("Height")
  int height;

  @Label("Tags")
  int tags;

  @Label("Lines")
  int lines;

  @Label("Outcome")
  String outcome = "";

  @Label("Failure")
  @Description("Class of the exception that the photo failed with")
  @Nullable String failure;

  @Label("Decode")
  @Timespan
  long decode;

  @Label("Find Tags")
  @Timespan
  long findTags;

  @Label("Find Fields")
  @Timespan
  long findFields;

  @Label("Refine Outlines")
  @Timespan
  long refineOutlines;

  @Label("Read Text")
  @Timespan
  long readText;

  @Label("Read Codes")
  @Timespan
  long readCodes;

  @Label("Parse")
  @Timespan
  long parse;

  void fill(ShelfPhoto source, PhotoTrace trace) {
    ShelfReading reading = trace.reading();
    Throwable thrown = trace.failure();
    photo = digest(source.name());
    version = trace.version();
    bytes = source.bytes().length;
    width = reading == null ? 0 : reading.width();
    height = reading == null ? 0 : reading.height();
    tags = reading == null ? 0 : reading.tags().size();
    lines = trace.lines();
    outcome = trace.outcome().name().toLowerCase(Locale.ROOT);
    failure = thrown == null ? null : thrown.getClass().getName();
    decode = trace.nanos(Stage.DECODE);
    findTags = trace.nanos(Stage.TAGS);
    findFields = trace.nanos(Stage.FIELDS);
    refineOutlines = trace.nanos(Stage.OUTLINES);
    readText = trace.nanos(Stage.TEXT);
    readCodes = trace.nanos(Stage.CODES);
    parse = trace.nanos(Stage.PARSE);
  }

  static String digest(String name) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(name.getBytes(UTF_8));
      return HexFormat.of().formatHex(digest, 0, NAME_BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
