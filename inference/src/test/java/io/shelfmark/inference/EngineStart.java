package io.shelfmark.inference;

/** A program that opens and closes a recognizer on its first thread, as a backend does. */
final class EngineStart {

  private EngineStart() {}

  public static void main(String[] arguments) {
    PriceTagRecognizer.open().close();
    System.out.println("opened with " + arguments[0].length() + " characters");
  }
}
