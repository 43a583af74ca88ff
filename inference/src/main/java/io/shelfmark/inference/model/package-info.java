/**
 * Models and the engine that runs them: loading, contracts, cards. The only package that sees the
 * engine's types.
 */
@NullMarked
package io.shelfmark.inference.model;

import org.jspecify.annotations.NullMarked;
