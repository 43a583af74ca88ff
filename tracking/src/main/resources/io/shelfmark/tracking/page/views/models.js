// All registered models.

import { get, literal } from '../api.js';
import { debounce, fill, h } from '../dom.js';
import { many } from '../format.js';
import { aliasChip, heading, load, message, time } from '../parts/frame.js';
import { sortButton, sorted } from '../parts/sort.js';
import { href, replace } from '../route.js';

const COLUMNS = [
  { key: 'name', text: 'Model' },
  { key: 'latest', text: 'Latest', kind: 'number' },
  { key: 'aliasText', text: 'Aliases' },
  { key: 'note', text: 'Description' },
  { key: 'updated', text: 'Last change', kind: 'tight' },
];

export function modelsView(route, signal) {
  const list = h('div.stack');
  const said = h('p.soft', { role: 'status' });
  const search = h('input', {
    type: 'search', id: 'model-search', placeholder: 'Find by name', value: route.query.get('name') ?? '',
  });
  let query = new URLSearchParams();
  let asked = null;
  let found = [];
  const change = (name, value) => {
    const next = new URLSearchParams(query);
    next.delete(name);
    if (value) {
      next.set(name, value);
    }
    replace(['models'], next);
  };
  search.addEventListener('input', debounce(200, () => change('name', search.value.trim())));

  const draw = () => {
    said.textContent = found.length > 0 ? many(found.length, 'model') : '';
    const sort = query.get('sort') ?? 'name';
    const focused = document.activeElement?.dataset?.key;
    fill(list, found.length === 0 ? nothing(query.get('name'))
      : h('div.scroll', null, drawTable(sorted(found, sort), sort, (next) => change('sort', next))));
    if (focused) {
      list.querySelector(`[data-key="${CSS.escape(focused)}"]`)?.focus();
    }
  };
  const find = () => load(list, signal, async () => {
    const name = query.get('name');
    found = [];
    let token;
    do {
      const answer = await get('registered-models/search', {
        filter: name ? `name ILIKE ${literal(`%${name}%`)}` : undefined, max_results: 500, page_token: token,
      }, signal);
      found.push(...(answer.registered_models ?? []).map(read));
      token = answer.next_page_token;
    } while (token);
    draw();
  });

  return {
    title: 'Models',
    element: h('div.view', null, heading('Models'),
      h('div.bar', null, h('label.spoken', { for: 'model-search' }, 'Find models by name'), search, h('span.end', null, said)),
      list),
    update(next) {
      query = next.query;
      const question = query.get('name') ?? '';
      if (question === asked) {
        draw();
      } else {
        asked = question;
        find();
      }
    },
  };
}

function read(json) {
  const versions = (json.latest_versions ?? []).map((each) => Number(each.version));
  const aliases = (json.aliases ?? []).sort((a, b) => a.alias.localeCompare(b.alias));
  return {
    name: json.name,
    note: json.description ?? '',
    latest: versions.length > 0 ? Math.max(...versions) : null,
    aliases,
    aliasText: aliases.map((each) => each.alias).join(' '),
    updated: Number(json.last_updated_timestamp ?? json.creation_timestamp ?? 0),
  };
}

function drawTable(models, sort, choose) {
  return h('table.plain', null,
    h('caption.spoken', null, 'Registered models'),
    h('thead', null, h('tr', null, COLUMNS.map((column) => sortButton(column, sort, choose)))),
    h('tbody', null, models.map((each) => h('tr', null,
      h('th', { scope: 'row' }, h('a', { href: href(['models', each.name]) }, each.name)),
      h('td.number', null, each.latest ?? '–'),
      h('td', null, h('span.chips', null, each.aliases.map(({ alias, version }) => h('span.chip-pair', null, aliasChip(alias), h('span.soft', null, ` ${version}`))))),
      h('td.soft', null, each.note),
      h('td.tight', null, time(each.updated))))));
}

function nothing(name) {
  return name
    ? message('No model has such a name', `Nothing in the registry contains “${name}”.`)
    : message('No models yet', 'A model that a run registers shows here, with its versions and aliases.');
}
