// One experiment: its runs in a table, or across parallel axes.

import { get } from '../api.js';
import { fill, h, icon } from '../dom.js';
import { count, many } from '../format.js';
import { chooseColumns } from '../parts/column-chooser.js';
import { columnsOf, defaults, remember, remembered } from '../parts/columns.js';
import { filterBox } from '../parts/filter-box.js';
import { crumbs, entitle, failure, heading, message, tabs } from '../parts/frame.js';
import { parallel } from '../parts/parallel.js';
import { MOST, RunSource } from '../parts/run-source.js';
import { RunTable } from '../parts/run-table.js';
import { tags } from '../records.js';
import { go, href, replace } from '../route.js';

const MOST_COMPARED = 100;
const FIRST_COMPARED = 10;
const MOST_PARALLEL = 2000;
const DEFAULT_SORT = '-attributes.start_time';

export function experimentView(route, signal) {
  return new ExperimentView(route.path[1], signal);
}

class ExperimentView {
  #id;
  #signal;
  #query = new URLSearchParams();
  #tab = 'runs';
  #asked = null;
  #source = null;
  #picked = new Set();

  constructor(id, signal) {
    this.#id = id;
    this.#signal = signal;
    this.title = 'Experiment';
    this.table = new RunTable(this.#picked, {
      sort: (sort) => this.#change({ sort }),
      pick: () => this.#sayPicked(),
      open: (run) => go(['runs', run.id]),
      end: () => this.#more(),
    });
    this.filter = filterBox((text) => this.#change({ filter: text }));
    this.body = h('div.view');
    this.said = h('span.soft', { role: 'status' });
    this.choice = h('div.bar', { hidden: true });
    this.element = h('div.view');
    this.#frame();
    this.#name();
  }

  #frame() {
    this.head = h('div.stack');
    this.tabBar = h('div');
    this.deleted = h('input', {
      type: 'checkbox', onchange: () => this.#change({ deleted: this.deleted.checked ? '1' : '' }),
    });
    this.compareFirst = h('button', { type: 'button', hidden: true, onclick: () => this.#compare(this.#source.rows.slice(0, FIRST_COMPARED)) });
    this.filter.form.classList.add('grow');
    const bar = h('div.bar', null,
      this.filter.form,
      this.filter.asked,
      h('button', { type: 'button', onclick: () => this.#choose() }, icon('columns'), 'Columns'),
      h('button', { type: 'button', onclick: () => this.#ask() }, icon('refresh'), 'Refresh'),
      this.compareFirst,
      h('label.field', null, this.deleted, 'Deleted ones'),
      h('span.end', null, this.said));
    fill(this.element, this.head, this.tabBar, bar, this.filter.refused, this.filter.help, this.choice, this.body);
    this.#drawHead('Experiment', '');
  }

  #drawHead(name, note) {
    fill(this.head, crumbs([['Experiments', ['experiments']], [name]]), heading(name, note && h('p.soft.head-note', { title: note }, note)));
  }

  async #name() {
    try {
      const { experiment } = await get('experiments/get', { experiment_id: this.#id }, this.#signal);
      entitle(experiment.name);
      const hadFocus = document.activeElement?.tagName === 'H1';
      this.#drawHead(experiment.name, tags(experiment.tags)['mlflow.note.content'] ?? '');
      if (hadFocus) {
        this.head.querySelector('h1').focus({ preventScroll: true });
      }
    } catch (error) {
      if (!this.#signal.aborted) {
        fill(this.element, crumbs([['Experiments', ['experiments']]]), failure(error));
      }
    }
  }

  #change(more) {
    const next = new URLSearchParams(this.#query);
    for (const [name, value] of Object.entries(more)) {
      next.delete(name);
      for (const each of [value].flat()) {
        if (each) {
          next.append(name, each);
        }
      }
    }
    replace(['experiments', this.#id, this.#tab], next);
  }

  update(route) {
    this.#query = route.query;
    this.#tab = route.path[2] === 'parallel' ? 'parallel' : 'runs';
    document.body.classList.toggle('filled', this.#tab === 'runs');
    fill(this.tabBar, tabs('Ways to look at the runs', [
      ['Table', href(['experiments', this.#id, 'runs'], this.#query), this.#tab === 'runs'],
      ['Parallel axes', href(['experiments', this.#id, 'parallel'], this.#query), this.#tab === 'parallel'],
    ]));
    this.filter.show(this.#query.get('filter') ?? '');
    this.deleted.checked = this.#query.get('deleted') === '1';
    const asked = ['filter', 'sort', 'deleted'].map((name) => this.#query.get(name) ?? '').join('\n');
    if (asked !== this.#asked) {
      this.#asked = asked;
      this.#ask();
    } else {
      this.#draw();
    }
  }

  async #ask() {
    const source = new RunSource({
      experiment: this.#id,
      filter: this.#query.get('filter') ?? '',
      sort: this.#query.get('sort') ?? DEFAULT_SORT,
      deleted: this.#query.get('deleted') === '1',
    }, this.#signal);
    this.latest = source;
    this.body.setAttribute('aria-busy', 'true');
    this.said.textContent = 'Searching…';
    try {
      await source.first();
      if (this.latest === source) {
        this.#source = source;
        this.filter.accept();
        this.table.top();
        this.#draw();
      }
    } catch (error) {
      if (this.latest === source && !this.#signal.aborted) {
        this.#refused(error);
      }
    } finally {
      if (this.latest === source) {
        this.body.removeAttribute('aria-busy');
      }
    }
  }

  #refused(error) {
    const filter = this.#query.get('filter') ?? '';
    this.said.textContent = '';
    if (error.status === 400 && filter) {
      this.filter.refuse(filter, error.message);
      if (!this.#source) {
        fill(this.body, message('The filter was not understood', 'Mend it above, or clear it to see all runs.'));
      }
    } else {
      fill(this.body, failure(error, () => this.#ask()));
    }
  }

  async #more() {
    const source = this.#source;
    if (!source || source.done) {
      return;
    }
    try {
      await source.more();
      if (source === this.#source) {
        this.table.rows(source.rows, source.done);
        this.#sayCount();
      }
    } catch (error) {
      if (!this.#signal.aborted) {
        this.said.textContent = error.message;
      }
    }
  }

  #keys() {
    const inAddress = this.#query.getAll('col');
    return inAddress.length > 0 ? inAddress : remembered(this.#id) ?? defaults(this.#source.rows);
  }

  #draw() {
    if (!this.#source) {
      return;
    }
    const { rows, done } = this.#source;
    this.#sayCount();
    this.#sayPicked();
    if (rows.length === 0) {
      fill(this.body, this.#nothing());
    } else if (this.#tab === 'parallel') {
      this.#drawParallel();
    } else {
      if (this.table.element.parentNode !== this.body) {
        fill(this.body, this.table.element);
      }
      this.table.columns(columnsOf(this.#keys()), this.#query.get('sort') ?? DEFAULT_SORT);
      this.table.rows(rows, done);
    }
  }

  async #drawParallel() {
    const source = this.#source;
    fill(this.body, h('p.soft', { role: 'status' }, 'Loading runs…'));
    try {
      await source.upTo(MOST_PARALLEL);
    } catch (error) {
      fill(this.body, failure(error, () => this.#draw()));
      return;
    }
    if (source === this.#source && this.#tab === 'parallel') {
      this.#sayCount();
      const columns = columnsOf(this.#keys());
      fill(this.body, parallel({
        runs: source.rows.slice(0, MOST_PARALLEL),
        columns: ['params', 'metrics'].flatMap((group) => columns.filter((each) => each.group === group)),
        hint: 'The filter and the chosen columns hold here, too.',
        signal: this.#signal,
        compare: (runs) => this.#compare(runs),
      }));
    }
  }

  #nothing() {
    if (this.#query.get('filter')) {
      return message('No run matches this filter', h('button', {
        type: 'button', onclick: () => this.#change({ filter: '' }),
      }, 'Show all runs'));
    }
    return this.#query.get('deleted') === '1'
      ? message('No deleted runs', 'Runs that are deleted in this experiment would be listed here.')
      : message('No runs yet', 'What is logged to this experiment shows here; Refresh looks again.');
  }

  #sayCount() {
    const { rows, done } = this.#source;
    this.said.textContent = done
      ? many(rows.length, 'run') + (rows.length >= MOST ? ', the most that are shown' : '')
      : `first ${count(rows.length)} runs, more as you scroll`;
    const few = Math.min(FIRST_COMPARED, rows.length);
    this.compareFirst.hidden = few < 2 || this.#picked.size > 0;
    this.compareFirst.textContent = `Compare first ${few}`;
  }

  #sayPicked() {
    const size = this.#picked.size;
    this.choice.hidden = size === 0;
    this.compareFirst.hidden = size > 0 || (this.#source?.rows.length ?? 0) < 2;
    const tooMany = size > MOST_COMPARED;
    fill(this.choice,
      h('span', { role: 'status' }, `${many(size, 'run')} chosen${tooMany ? `; the first ${MOST_COMPARED} are compared` : ''}`),
      h('button.main', { type: 'button', onclick: () => this.#compare([...this.#picked].map((id) => ({ id }))) }, 'Compare'),
      h('button.quiet', {
        type: 'button',
        onclick: () => {
          this.#picked.clear();
          this.table.repick();
          this.#sayPicked();
        },
      }, 'Clear'));
  }

  #compare(runs) {
    go(['compare', 'curves'], runs.slice(0, MOST_COMPARED).map((each) => ['run', each.id]));
  }

  #choose() {
    if (this.#source) {
      chooseColumns(this.#source.rows, this.#keys(), (keys) => {
        remember(this.#id, keys);
        this.#change({ col: keys ?? [] });
        this.#draw();
      });
    }
  }
}
