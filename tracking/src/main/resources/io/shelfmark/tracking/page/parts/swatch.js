// How a run is told from others in charts.

import { h } from '../dom.js';
import { runStyle } from '../theme.js';

/** The color and dash of the n-th run. */
export function swatch(index) {
  const style = runStyle(index);
  const mark = h(`span.swatch.${style.dash}`, { 'aria-hidden': 'true' });
  mark.style.color = `var(${style.property})`;
  return mark;
}
