/**
 * When pipelines run by themselves: {@link io.shelfmark.pipeline.schedule.Schedule} by the clock,
 * {@link io.shelfmark.pipeline.schedule.Trigger} by what happens, and {@link
 * io.shelfmark.pipeline.schedule.Scheduler}, which watches for both and starts one run for each
 * fire, however many processes watch.
 */
@NullMarked
package io.shelfmark.pipeline.schedule;

import org.jspecify.annotations.NullMarked;
