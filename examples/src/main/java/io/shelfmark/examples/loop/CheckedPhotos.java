package io.shelfmark.examples.loop;

import io.shelfmark.dataset.DatasetVersion;
import java.util.List;

/**
 * Photos that passed the check, and what the others failed by.
 *
 * @param sound the photos that passed, with their labels
 * @param photos how many there are in it
 * @param tags how many labelled tags
 * @param rejected how many photos failed
 * @param problems why, of the first ones; the step's log has all
 */
record CheckedPhotos(
    DatasetVersion sound, int photos, int tags, int rejected, List<String> problems) {

  CheckedPhotos {
    problems = List.copyOf(problems);
  }
}
