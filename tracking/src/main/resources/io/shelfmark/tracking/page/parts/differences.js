// Tables with a column for each run, in which one sees what differs.

import { fill, h, spoken } from '../dom.js';
import { aligned, many } from '../format.js';
import { keysOf } from '../records.js';
import { message, runLink } from './frame.js';
import { swatch } from './swatch.js';

/** Params of runs; rows in which they differ are marked, and may be shown alone. */
export function paramDifferences(runs) {
  const keys = keysOf(runs, 'params');
  if (keys.length === 0) {
    return message('No params', 'None of these runs was given any.');
  }
  const differs = (key) => new Set(runs.map((run) => run.params[key])).size > 1;
  const differing = keys.filter(differs);
  const only = h('input', { type: 'checkbox', checked: differing.length > 0 });
  const place = h('div.scroll');
  const draw = () => fill(place, frame('Params', runs, (only.checked ? differing : keys).map((key) => {
    const marked = differs(key);
    return h(marked ? 'tr.differs' : 'tr', null,
      h('th', { scope: 'row' }, key, marked && spoken(' (differs)')),
      runs.map((run) => h(run.params[key] === runs[0].params[key] ? 'td' : 'td.other', null,
        run.params[key] ?? h('span.soft', null, '–'))));
  })));
  only.addEventListener('change', draw);
  draw();
  return h('div.stack', null,
    h('div.bar', null,
      h('label.field', null, only, 'Only what differs'),
      h('span.soft', { role: 'status' }, `${differing.length} of ${many(keys.length, 'param')} differ; marked is what is not as in the first run`)),
    place);
}

/** Last values of metrics; the least and the greatest of each are marked. */
export function metricDifferences(runs) {
  const keys = keysOf(runs, 'metrics');
  if (keys.length === 0) {
    return message('No metrics', 'None of these runs has measured anything.');
  }
  const rows = keys.map((key) => {
    const finite = runs.map((run) => run.metrics[key]).filter(Number.isFinite);
    const least = Math.min(...finite);
    const greatest = Math.max(...finite);
    return h('tr', null, h('th', { scope: 'row' }, key), runs.map((run) => {
      const value = run.metrics[key];
      const kind = least === greatest ? '' : value === least ? 'least' : value === greatest ? 'most' : '';
      return h(`td.number${kind && `.${kind}`}`, null,
        value === undefined ? h('span.soft', null, '–') : aligned(value),
        h('span.mark', { 'aria-hidden': 'true' }, { least: '▼', most: '▲' }[kind] ?? ''),
        kind && spoken(kind === 'least' ? 'least' : 'greatest'));
    }));
  });
  return h('div.stack', null,
    h('p.soft.small', null, 'Last values. ▲ marks the greatest of a row, ▼ the least.'),
    h('div.scroll', null, frame('Metrics', runs, rows, 'number')));
}

function frame(caption, runs, rows, kind) {
  return h('table.differences', null,
    h('caption.spoken', null, `${caption} of ${many(runs.length, 'run')}`),
    h('thead', null, h('tr', null,
      h('th', { scope: 'col' }, caption),
      runs.map((run, index) => h(kind ? `th.${kind}` : 'th', { scope: 'col' }, swatch(index), ' ', runLink(run.id, run.name))))),
    h('tbody', null, rows));
}
