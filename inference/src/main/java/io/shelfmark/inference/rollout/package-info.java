/**
 * Models that are replaced while photos are read: swap, canary by share, shadow, and both versions'
 * figures side by side. {@link io.shelfmark.inference.rollout.RollingRecognizer} is the door.
 */
@NullMarked
package io.shelfmark.inference.rollout;

import org.jspecify.annotations.NullMarked;
