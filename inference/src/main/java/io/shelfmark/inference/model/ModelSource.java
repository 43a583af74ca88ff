package io.shelfmark.inference.model;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.shelfmark.inference.ModelException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Predicate;

/**
 * Where a model and its card come from: a resource of this jar or a file of the host's. The card is
 * the JSON document of the same name beside the model ({@code x.onnx} and {@code x.json}).
 * Immutable and thread-safe.
 */
public final class ModelSource {

  private final String name;
  private final Optional<Path> file;

  private ModelSource(String name, Optional<Path> file) {
    this.name = name;
    this.file = file;
  }

  /** A model of this jar, such as {@code tag-detector}. */
  public static ModelSource bundled(String name) {
    return new ModelSource(Objects.requireNonNull(name, "name"), Optional.empty());
  }

  /** An ONNX file whose card lies beside it. */
  public static ModelSource file(Path onnx) {
    return new ModelSource(onnx.toString(), Optional.of(onnx));
  }

  /**
   * The variant of this model that computes with 8-bit integers; this one itself when the jar has
   * none, and for a file.
   */
  public ModelSource int8() {
    String variant = name + "-int8";
    return file.isEmpty() && ModelSource.class.getResource(variant + ".onnx") != null
        ? bundled(variant)
        : this;
  }

  /** The file it lies in; nothing for one of this jar. */
  Optional<Path> path() {
    return file;
  }

  /** What messages call this model. */
  public String name() {
    return name;
  }

  /**
   * The SHA-256 of the model's bytes, as {@code sha256:hex}.
   *
   * @throws ModelException when they cannot be read
   */
  public String digest() {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes());
      return "sha256:" + HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Cannot digest a model: found no SHA-256", e);
    }
  }

  /**
   * The model's bytes.
   *
   * @throws ModelException when they cannot be read
   */
  byte[] bytes() {
    return read("onnx");
  }

  /**
   * A text of the model's card by its name at the top of the document; nothing when it has none.
   *
   * <p>A parser alone: binding the card to a tree costs a first reading 60 ms.
   *
   * @throws ModelException when there is no card or it is no JSON
   */
  public Optional<String> cardText(String field) {
    return cardValue(field, token -> token == JsonToken.VALUE_STRING);
  }

  /** The same for a number. */
  public OptionalDouble cardNumber(String field) {
    Optional<String> value = cardValue(field, JsonToken::isNumeric);
    return value.isPresent()
        ? OptionalDouble.of(Double.parseDouble(value.get()))
        : OptionalDouble.empty();
  }

  private Optional<String> cardValue(String field, Predicate<JsonToken> kind) {
    try (JsonParser json = new JsonFactory().createParser(read("json"))) {
      json.nextToken();
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        boolean wanted = field.equals(json.currentName());
        if (kind.test(json.nextToken()) && wanted) {
          return Optional.of(json.getText());
        }
        json.skipChildren();
      }
      return Optional.empty();
    } catch (IOException e) {
      throw new ModelException(
          "Cannot read card of model %s: found broken JSON, expected the card written at its training"
              .formatted(name),
          e);
    }
  }

  private byte[] read(String extension) {
    try {
      if (file.isPresent()) {
        if (Files.notExists(file.get())) {
          // without the model, its card is not what is missing
          throw new NoSuchFileException(name);
        }
        return Files.readAllBytes(beside(file.get(), extension));
      }
      try (InputStream stream = ModelSource.class.getResourceAsStream(name + "." + extension)) {
        if (stream == null) {
          throw new ModelException(
              "Cannot load model %s: found no resource %s.%s, expected it in the inference jar (rebuild the jar)"
                  .formatted(name, name, extension));
        }
        return stream.readAllBytes();
      }
    } catch (NoSuchFileException e) {
      boolean model = name.equals(e.getFile());
      throw new ModelException(
          "Cannot load model %s: found no file %s, expected %s (check the path)"
              .formatted(name, e.getFile(), model ? "an ONNX model" : "the model's card beside it"),
          e);
    } catch (IOException e) {
      throw new ModelException(
          "Cannot load model %s: %s, expected a readable file (check the path)"
              .formatted(name, e.getMessage()),
          e);
    }
  }

  /** The model itself whatever it is called, and its card by the name without {@code .onnx}. */
  private static Path beside(Path onnx, String extension) {
    String file = String.valueOf(onnx.getFileName());
    return extension.equals("onnx")
        ? onnx
        : onnx.resolveSibling(file.replaceFirst("\\.onnx$", "") + "." + extension);
  }
}
