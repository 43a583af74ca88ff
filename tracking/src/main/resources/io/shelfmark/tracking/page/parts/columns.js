// The columns of the run table: "attributes.status", "params.lr", "metrics.val/acc", "tags.store".

import { h } from '../dom.js';
import { aligned, duration } from '../format.js';
import { keysOf } from '../records.js';
import { status, time } from './frame.js';

const SHOWN_AT_FIRST = 6;

const ATTRIBUTES = {
  status: { text: 'Status', width: 110, value: (run) => run.status, cell: (run) => status(run.status) },
  start_time: { text: 'Started', width: 130, value: (run) => run.start || null, cell: (run) => time(run.start) },
  duration: { text: 'Duration', width: 115, number: true, value: (run) => run.duration, cell: (run) => duration(run.duration) },
  user_id: { text: 'User', width: 120, value: (run) => run.user },
  run_id: { text: 'Run id', width: 290, value: (run) => run.id },
};

const GROUPS = { attributes: 'Run', params: 'Params', metrics: 'Metrics', tags: 'Tags' };
const WIDTHS = { params: 130, metrics: 120, tags: 170 };

/** The groups in the order of their columns. */
export const GROUP_KEYS = Object.keys(GROUPS);

/** What a group is called. */
export function groupName(group) {
  return GROUPS[group];
}

/** The column of a key; null where it is not one. */
export function column(key) {
  const dot = key.indexOf('.');
  const group = key.slice(0, dot);
  const name = key.slice(dot + 1);
  if (group === 'attributes') {
    const known = ATTRIBUTES[name];
    return known ? { cell: (run) => known.value(run), ...known, key, group, name } : null;
  }
  if (!WIDTHS[group] || !name) {
    return null;
  }
  const isMetric = group === 'metrics';
  const value = (run) => run[group][name] ?? null;
  return {
    key, group, name, value,
    text: name,
    width: Math.min(260, Math.max(WIDTHS[group], name.length * 8 + 44)),
    number: isMetric,
    cell: (run) => shown(value(run), isMetric),
  };
}

function shown(value, isMetric) {
  if (value === null) {
    return h('span.absent', null, '–');
  }
  return isMetric ? aligned(value) : value;
}

/** The order that the server is asked for: metrics.`val/acc` DESC; null for what only the page knows. */
export function orderBy(sort) {
  const key = sort.replace(/^-/, '');
  const found = column(key);
  if (!found || key === 'attributes.duration') {
    return null;
  }
  const mark = found.name.includes('`') ? '"' : '`';
  const field = found.group === 'attributes' ? key : `${found.group}.${mark}${found.name}${mark}`;
  return `${field} ${sort.startsWith('-') ? 'DESC' : 'ASC'}`;
}

/** The keys that runs have, by group. */
export function choices(runs) {
  const tags = keysOf(runs, 'tags').filter((key) => key !== 'mlflow.runName' && key !== 'mlflow.log-model.history');
  return {
    attributes: Object.keys(ATTRIBUTES),
    params: keysOf(runs, 'params'),
    metrics: keysOf(runs, 'metrics').filter((key) => !key.startsWith('system/')),
    systemMetrics: keysOf(runs, 'metrics').filter((key) => key.startsWith('system/')),
    tags: [...tags.filter((key) => !key.startsWith('mlflow.')), ...tags.filter((key) => key.startsWith('mlflow.'))],
  };
}

/** What is shown before one chooses: how it went, then the metrics and params that most runs have. */
export function defaults(runs) {
  const all = choices(runs);
  const most = (group) => {
    const uses = new Map(all[group].map((key) => [key, runs.filter((run) => key in run[group]).length]));
    const used = [...all[group]].sort((a, b) => uses.get(b) - uses.get(a)).slice(0, SHOWN_AT_FIRST);
    return all[group].filter((key) => used.includes(key)).map((key) => `${group}.${key}`);
  };
  return [
    'attributes.status', 'attributes.start_time', 'attributes.duration',
    ...most('metrics'),
    ...most('params'),
  ];
}

const place = (experiment) => `shelfmark.columns.${experiment}`;

/** The columns that one chose before for an experiment; null without. */
export function remembered(experiment) {
  try {
    const keys = JSON.parse(localStorage.getItem(place(experiment)));
    return Array.isArray(keys) ? keys : null;
  } catch {
    return null;
  }
}

/** Keeps the chosen columns for the next visit; null forgets them. */
export function remember(experiment, keys) {
  try {
    if (keys === null) {
      localStorage.removeItem(place(experiment));
    } else {
      localStorage.setItem(place(experiment), JSON.stringify(keys));
    }
  } catch {
    // storage is switched off: the address alone holds the choice
  }
}

/** Columns of keys in the order of their groups; keys that are none are left out. */
export function columnsOf(keys) {
  const found = keys.map(column).filter(Boolean);
  const order = ['attributes', 'metrics', 'params', 'tags'];
  return order.flatMap((group) => found.filter((each) => each.group === group));
}
