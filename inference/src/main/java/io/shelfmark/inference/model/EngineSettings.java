package io.shelfmark.inference.model;

/**
 * What must be set before DJL is first used. A host that has set these properties itself is not
 * overridden.
 */
final class EngineSettings {

  private EngineSettings() {}

  /** Harmless when called again. */
  static void apply() {
    // DJL reports its first use to its makers unless told not to, and looks for engines to
    // download.
    setUnlessSet("OPT_OUT_TRACKING", "true");
    setUnlessSet("ai.djl.offline", "true");
  }

  private static void setUnlessSet(String key, String value) {
    if (System.getProperty(key) == null) {
      System.setProperty(key, value);
    }
  }
}
