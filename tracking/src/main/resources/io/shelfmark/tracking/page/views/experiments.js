// All experiments, found by name.

import { literal, post } from '../api.js';
import { debounce, fill, h } from '../dom.js';
import { many } from '../format.js';
import { heading, load, message, time } from '../parts/frame.js';
import { sortButton, sorted } from '../parts/sort.js';
import { tags } from '../records.js';
import { href, replace } from '../route.js';

const COLUMNS = [
  { key: 'name', text: 'Experiment' },
  { key: 'note', text: 'Note' },
  { key: 'created', text: 'Created', kind: 'tight' },
  { key: 'updated', text: 'Last change', kind: 'tight' },
  { key: 'id', text: 'Id', kind: 'number' },
];

export function experimentsView(route, signal) {
  const list = h('div.stack');
  const said = h('p.soft', { role: 'status' });
  const search = h('input', {
    type: 'search', id: 'experiment-search', placeholder: 'Find by name', value: route.query.get('name') ?? '',
  });
  const deleted = h('input', { type: 'checkbox', checked: route.query.get('deleted') === '1' });
  let query = new URLSearchParams();
  let asked = null;
  let found = [];

  const change = (more) => {
    const next = new URLSearchParams(query);
    for (const [name, value] of Object.entries(more)) {
      if (value) {
        next.set(name, value);
      } else {
        next.delete(name);
      }
    }
    replace(['experiments'], next);
  };
  search.addEventListener('input', debounce(200, () => change({ name: search.value.trim() })));
  deleted.addEventListener('change', () => change({ deleted: deleted.checked ? '1' : '' }));

  const draw = () => {
    said.textContent = many(found.length, 'experiment');
    if (found.length === 0) {
      said.textContent = '';
      fill(list, nothing(query));
      return;
    }
    const sort = query.get('sort') ?? '-updated';
    const focused = document.activeElement?.dataset?.key;
    fill(list, h('div.scroll', null, drawTable(sorted(found, sort), sort, (next) => change({ sort: next }))));
    if (focused) {
      list.querySelector(`[data-key="${CSS.escape(focused)}"]`)?.focus();
    }
  };

  const find = () => load(list, signal, async () => {
    const name = query.get('name') ?? '';
    found = [];
    let token;
    do {
      const answer = await post('experiments/search', {
        max_results: 1000,
        view_type: query.get('deleted') === '1' ? 'DELETED_ONLY' : 'ACTIVE_ONLY',
        filter: name ? `name ILIKE ${literal(`%${name}%`)}` : undefined,
        page_token: token,
      }, signal);
      found.push(...(answer.experiments ?? []).map(read));
      token = answer.next_page_token;
    } while (token);
    draw();
  });

  return {
    title: 'Experiments',
    element: h('div.view', null,
      heading('Experiments'),
      h('div.bar', null,
        h('label.spoken', { for: 'experiment-search' }, 'Find experiments by name'), search,
        h('label.field', null, deleted, 'Deleted ones'),
        h('span.end', null, said)),
      list),
    update(next) {
      query = next.query;
      const question = `${query.get('name') ?? ''}|${query.get('deleted') ?? ''}`;
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
  const labels = tags(json.tags);
  return {
    id: json.experiment_id,
    name: json.name,
    note: labels['mlflow.note.content'] ?? '',
    created: Number(json.creation_time ?? 0),
    updated: Number(json.last_update_time ?? json.creation_time ?? 0),
  };
}

function drawTable(experiments, sort, choose) {
  return h('table.plain', null,
    h('caption.spoken', null, 'Experiments'),
    h('thead', null, h('tr', null, COLUMNS.map((column) => sortButton(column, sort, choose)))),
    h('tbody', null, experiments.map((each) => h('tr', null,
      h('th', { scope: 'row' }, h('a', { href: href(['experiments', each.id, 'runs']) }, each.name)),
      h('td.soft', null, firstLine(each.note)),
      h('td.tight', null, time(each.created)),
      h('td.tight', null, time(each.updated)),
      h('td.number.soft', null, each.id)))));
}

function firstLine(text) {
  const line = text.split('\n', 1)[0];
  return line.length > 140 ? `${line.slice(0, 139)}…` : line;
}

function nothing(query) {
  if (query.get('name')) {
    return message('No experiment has such a name', `Nothing on record contains “${query.get('name')}”.`);
  }
  if (query.get('deleted') === '1') {
    return message('Nothing is deleted', 'Deleted experiments would be listed here.');
  }
  return message('No experiments yet', 'Log a first run and it shows here:',
    h('pre', null, h('code', null,
      'tracker.experiment("tag-detector").run("first", run ->\n    run.param("lr", 0.001).metric("loss", 0.4, 1));')),
    'Or point an MLflow client at this server.');
}
