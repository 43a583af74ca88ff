// The dialog in which one chooses the columns of the run table.

import { fill, h, icon } from '../dom.js';
import { choices, column, GROUP_KEYS, groupName } from './columns.js';

/**
 * Opens the dialog.
 *
 * @param runs whose keys one may choose
 * @param chosen keys of columns
 * @param apply called with the new keys, or with null for the default ones
 */
export function chooseColumns(runs, chosen, apply) {
  const picked = new Set(chosen);
  const all = choices(runs);
  all.metrics = [...all.metrics, ...all.systemMetrics];
  const groups = h('div.content');
  const search = h('input.grow', { type: 'search', 'aria-label': 'Find a column', placeholder: 'Find a column' });

  const draw = () => {
    const words = search.value.trim().toLowerCase();
    const parts = GROUP_KEYS.map((group) => section(group, all[group], words, picked, draw)).filter(Boolean);
    fill(groups, parts.length > 0 ? parts : h('p.soft', null, 'No column has such a name.'));
  };
  search.addEventListener('input', draw);
  draw();

  const finish = (keys) => {
    dialog.close();
    apply(keys);
  };
  const dialog = h('dialog', { 'aria-label': 'Columns', onclose: () => dialog.remove() },
    h('header', null, search,
      h('button.quiet.only-icon', { type: 'button', 'aria-label': 'Close', onclick: () => dialog.close() }, icon('close'))),
    groups,
    h('footer', null,
      h('button.quiet', { type: 'button', onclick: () => finish(null) }, 'Default columns'),
      h('button.main', { type: 'button', onclick: () => finish([...picked]) }, 'Show these')));
  document.body.append(dialog);
  dialog.showModal();
  search.focus();
}

function section(group, names, words, picked, redraw) {
  const keys = names.map((name) => `${group}.${name}`)
    .filter((key) => column(key).text.toLowerCase().includes(words));
  if (keys.length === 0) {
    return null;
  }
  const every = keys.every((key) => picked.has(key));
  const all = h('button.quiet', {
    type: 'button',
    onclick: () => {
      keys.forEach((key) => (every ? picked.delete(key) : picked.add(key)));
      redraw();
      document.querySelector(`dialog [data-all="${group}"]`)?.focus();
    },
    'data-all': group,
  }, every ? 'None' : 'All');
  return h('section.choices-group', null,
    h('h3', null, groupName(group), all),
    h('div.choices', null, keys.map((key) => h('label', null,
      h('input', {
        type: 'checkbox', checked: picked.has(key), value: key,
        onchange: (event) => (event.target.checked ? picked.add(key) : picked.delete(key)),
      }),
      column(key).text))));
}
