package io.shelfmark.inference.rollout;

/** A version in one role, and what it did in it. */
record Lane(ModelVersion version, Meter meter) {

  static Lane of(ModelVersion version) {
    return new Lane(version, new Meter());
  }

  VersionFigures figures() {
    return meter.figures(version.name());
  }
}
