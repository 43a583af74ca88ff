package io.shelfmark.pipeline.schedule;

import java.time.Instant;
import java.util.Map;

/**
 * Something that a trigger fires at.
 *
 * @param id unlike that of every other event of the trigger, the same for whoever sees it
 * @param at when it happened, or was seen
 * @param values what it says, by name
 */
record Event(String id, Instant at, Map<String, String> values) {}
