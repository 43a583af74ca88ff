// What every view is made of: crumbs, tabs, cards, facts, and what stands where nothing is to show.

import { ago, dateTime } from '../format.js';
import { fill, h, icon, spoken } from '../dom.js';
import { href } from '../route.js';

/** Names the browser's tab after what is shown. */
export function entitle(title) {
  document.title = title ? `${title} · Shelfmark` : 'Shelfmark';
}

/** The way to a view: [[text, path], …], the last without a path. */
export function crumbs(steps) {
  const items = steps.map(([text, path]) => h('li', null, path ? h('a', { href: href(path) }, text) : text));
  return h('nav.crumbs', { 'aria-label': 'Where you are' }, h('ol', null, items));
}

/** The heading of a view, which gets the focus when one comes to it. */
export function heading(text, ...beside) {
  return h('div.title-row', null, h('h1', { tabindex: '-1' }, text), beside);
}

/** Gives the focus that waited on the page's main part to a heading that is there by now. */
export function takeFocus(place) {
  if (document.activeElement?.id === 'main') {
    place.querySelector('h1')?.focus({ preventScroll: true });
  }
}

/** Links that change what a view shows: [[text, address, current], …]. */
export function tabs(label, items) {
  const links = items.map(([text, address, current]) =>
    h('a', { href: address, 'aria-current': current ? 'page' : null }, text));
  return h('nav.tabs', { 'aria-label': label }, links);
}

/** A titled card. */
export function card(title, content, ...beside) {
  return h('section.card', null, h('header', null, h('h2', null, title), beside), content);
}

/** Pairs of a word and what stands for it, some of them wide; pairs without a value are left out. */
export function facts(pairs) {
  const known = pairs.filter(([, value]) => value !== null && value !== undefined && value !== '');
  return h('dl.facts', null, known.map(([word, value, wide]) => h(wide ? 'div.wide' : 'div', null, h('dt', null, word), h('dd', null, value))));
}

/** What stands where there is nothing to show. */
export function message(title, ...rest) {
  return h('div.message', null, h('strong', null, title), rest.map((each) =>
    (typeof each === 'string' ? h('p', null, each) : each)));
}

/** What stands where something failed, with a button that tries again. */
export function failure(error, retry) {
  const box = message('This could not be loaded', error.message,
    retry && h('button', { type: 'button', onclick: retry }, icon('refresh'), 'Try again'));
  box.classList.add('error');
  box.setAttribute('role', 'alert');
  return box;
}

/** Fills a place by some work; shows that it is under way, and how it failed. */
export async function load(place, signal, work) {
  place.setAttribute('aria-busy', 'true');
  if (!place.hasChildNodes()) {
    fill(place, h('p.soft', { role: 'status' }, 'Loading…'));
  }
  try {
    await work();
  } catch (error) {
    if (error.name !== 'AbortError' && !signal.aborted) {
      fill(place, failure(error, () => {
        fill(place);
        load(place, signal, work);
      }));
    }
  } finally {
    place.removeAttribute('aria-busy');
  }
}

const STATUS = {
  RUNNING: 'Running', SCHEDULED: 'Scheduled', FINISHED: 'Finished', FAILED: 'Failed', KILLED: 'Killed',
};

/** The status of a run, told by shape, color and word. */
export function status(value) {
  return h(`span.status.${value.toLowerCase()}`, null, STATUS[value] ?? value);
}

/** A time as how long ago, with the exact one beside it for who points at it. */
export function time(millis) {
  if (!millis) {
    return h('span.soft', null, '–');
  }
  return h('time', { datetime: new Date(millis).toISOString(), title: dateTime(millis, true) }, ago(millis));
}

/** A table of plain rows: heads are texts or [text, class], cells likewise. The first cell heads its row. */
export function table(caption, heads, rows) {
  const cell = (tag, content, more) => {
    const [value, kind] = Array.isArray(content) ? content : [content, ''];
    return h(kind ? `${tag}.${kind}` : tag, more, value);
  };
  return h('table.plain', null,
    h('caption.spoken', null, caption),
    h('thead', null, h('tr', null, heads.map((head) => cell('th', head, { scope: 'col' })))),
    h('tbody', null, rows.map((row) => h('tr', null, row.map((content, at) =>
      (at === 0 ? cell('th', content, { scope: 'row' }) : cell('td', content)))))));
}

/** A link to a run, named. */
export function runLink(id, name) {
  return h('a', { href: href(['runs', id]) }, name ?? id.slice(0, 8));
}

/** An alias as a chip. */
export function aliasChip(alias) {
  return h('span.chip.alias', null, spoken('alias '), `@${alias}`);
}
