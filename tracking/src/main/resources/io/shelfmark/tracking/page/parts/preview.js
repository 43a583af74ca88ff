// Shows the beginning of a file: a picture, a table, or text. What a file holds is never run.

import { fileAddress, fileStart } from '../api.js';
import { fill, h, icon } from '../dom.js';
import { bytes, many } from '../format.js';
import { rows as readRows } from './csv.js';
import { card, load, message } from './frame.js';

const MOST_TEXT = 256_000;
const MOST_PICTURE = 32_000_000;
const MOST_ROWS = 500;

const PICTURES = {
  avif: 'image/avif', bmp: 'image/bmp', gif: 'image/gif', jpeg: 'image/jpeg', jpg: 'image/jpeg',
  png: 'image/png', svg: 'image/svg+xml', webp: 'image/webp',
};

/** The card of a file. */
export function preview(runId, path, signal) {
  const content = h('div.content');
  const name = path.slice(path.lastIndexOf('/') + 1);
  const download = h('a.button.end', { href: fileAddress(runId, path), download: name }, icon('download'), 'Download');
  const box = card(name, content, download);
  box.classList.add('preview');
  load(content, signal, () => show(content, runId, path, signal));
  return box;
}

async function show(place, runId, path, signal) {
  const type = path.includes('.') ? path.slice(path.lastIndexOf('.') + 1).toLowerCase() : '';
  const picture = PICTURES[type];
  const start = await fileStart(runId, path, picture ? MOST_PICTURE : MOST_TEXT, signal);
  if (picture) {
    fill(place, start.whole ? image(path, start.bytes, picture, signal)
      : message('Too large to show', `Pictures are shown up to ${bytes(MOST_PICTURE)}. Download it instead.`));
  } else if (start.bytes.length === 0) {
    fill(place, message('Empty', 'This file has no content.'));
  } else if (isBinary(start.bytes)) {
    fill(place, message('No preview', 'This is not a picture or a text. Download it to look into it.'));
  } else {
    fill(place, start.whole ? null : h('p.soft.cut', { role: 'note' }, `Only the first ${bytes(MOST_TEXT)} are shown.`),
      text(new TextDecoder().decode(start.bytes), type, start.whole));
  }
}

function image(path, content, type, signal) {
  const address = URL.createObjectURL(new Blob([content], { type }));
  signal.addEventListener('abort', () => URL.revokeObjectURL(address));
  const picture = h('img', {
    src: address, alt: path,
    onerror: () => picture.replaceWith(message('Not a picture', 'Its content could not be drawn. Download it to look into it.')),
  });
  return picture;
}

function isBinary(content) {
  return content.subarray(0, 4096).includes(0);
}

function text(content, type, whole) {
  if (type === 'csv' || type === 'tsv') {
    return cells(readRows(content, type === 'csv' ? ',' : '\t', MOST_ROWS + 1, whole));
  }
  if (type === 'json' && whole) {
    return json(content);
  }
  return h('pre', { tabindex: '0' }, content);
}

function json(content) {
  let value;
  try {
    value = JSON.parse(content);
  } catch {
    return h('pre', { tabindex: '0' }, content);
  }
  // MLflow keeps logged tables so
  if (Array.isArray(value?.columns) && Array.isArray(value?.data) && value.data.every(Array.isArray)) {
    return cells([value.columns, ...value.data.slice(0, MOST_ROWS)].map((row) => row.map(plain)));
  }
  return h('pre', { tabindex: '0' }, JSON.stringify(value, null, 2));
}

function plain(value) {
  return typeof value === 'string' ? value : JSON.stringify(value) ?? '';
}

function cells([heads, ...body]) {
  const numeric = heads.map((_, at) => body.length > 0 && body.every((row) => row[at] !== undefined && row[at] !== '' && Number.isFinite(Number(row[at]))));
  const kind = (tag, at) => (numeric[at] ? `${tag}.number` : tag);
  return h('div', null,
    h('p.soft.cut', null, body.length >= MOST_ROWS ? `The first ${many(MOST_ROWS, 'row')}` : many(body.length, 'row')),
    h('div.scroll', { tabindex: '0', role: 'region', 'aria-label': 'Table' }, h('table.plain', null,
      h('thead', null, h('tr', null, heads.map((head, at) => h(kind('th', at), { scope: 'col' }, head)))),
      h('tbody', null, body.slice(0, MOST_ROWS).map((row) => h('tr', null, heads.map((_, at) => h(kind('td', at), null, row[at] ?? ''))))))));
}
