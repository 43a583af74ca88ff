// Heads of columns by which one sorts. A sort is a text: "name", or "-name" for the greatest first.

import { h } from '../dom.js';

/** The head of a column with its button. */
export function sortButton(column, sort, choose) {
  const at = sort.replace(/^-/, '') === column.key;
  const direction = sort.startsWith('-') ? 'descending' : 'ascending';
  const next = at && direction === 'ascending' ? `-${column.key}` : column.key;
  return h(column.kind ? `th.${column.kind}` : 'th', { scope: 'col', 'aria-sort': at ? direction : null },
    h('button.sort', { type: 'button', onclick: () => choose(next), 'data-key': column.key },
      h('span', null, column.text)));
}

/** A sorted copy; what has no value comes last. */
export function sorted(list, sort) {
  const key = sort.replace(/^-/, '');
  const sign = sort.startsWith('-') ? -1 : 1;
  return [...list].sort((a, b) => compare(a[key], b[key], sign));
}

/** Which of two values comes first. */
export function compare(a, b, sign) {
  const missing = (value) => value === null || value === undefined || value === '' || Number.isNaN(value);
  if (missing(a) || missing(b)) {
    return missing(a) - missing(b);
  }
  if (typeof a === 'number') {
    return sign * (a - b);
  }
  return sign * String(a).localeCompare(String(b), 'en', { numeric: true });
}
