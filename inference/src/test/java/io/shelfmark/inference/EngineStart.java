package io.shelfmark.inference;

/** A program that preloads, then opens and closes a recognizer on its first thread. */
final class EngineStart {

  private EngineStart() {}

  public static void main(String[] arguments) {
    PriceTagRecognizer.preload();
    PriceTagRecognizer.preload();
    PriceTagRecognizer.open().close();
    System.out.println("opened with " + arguments[0].length() + " characters");
  }
}
