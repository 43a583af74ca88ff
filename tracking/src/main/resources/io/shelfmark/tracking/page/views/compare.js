// Several runs beside each other: curves, params, metrics, parallel axes.

import { get } from '../api.js';
import { fill, h } from '../dom.js';
import { many } from '../format.js';
import { columnsOf } from '../parts/columns.js';
import { CurveBoard } from '../parts/curve-board.js';
import { metricDifferences, paramDifferences } from '../parts/differences.js';
import { crumbs, heading, load, message, runLink, tabs, takeFocus } from '../parts/frame.js';
import { parallel } from '../parts/parallel.js';
import { swatch } from '../parts/swatch.js';
import { keysOf, run as readRun } from '../records.js';
import { go, href, replace } from '../route.js';

const TABS = { curves: 'Curves', params: 'Params', metrics: 'Metrics', parallel: 'Parallel axes' };

export function compareView(route, signal) {
  return new CompareView(route.query.getAll('run'), signal);
}

class CompareView {
  #signal;
  #runs = null;
  #route = null;
  #parts = {};

  constructor(ids, signal) {
    this.#signal = signal;
    this.title = `Comparison of ${many(ids.length, 'run')}`;
    this.element = h('div.view');
    if (ids.length === 0) {
      fill(this.element, message('Nothing to compare', 'Choose runs in an experiment’s table, then Compare.'));
      return;
    }
    load(this.element, signal, async () => {
      const answers = await Promise.all(ids.map((id) => get('runs/get', { run_id: id }, signal)));
      this.#runs = answers.map((answer) => readRun(answer.run));
      this.#frame();
      this.#draw();
      takeFocus(this.element);
    });
  }

  #frame() {
    const runs = this.#runs;
    const same = runs.every((run) => run.experiment === runs[0].experiment);
    this.tabBar = h('div');
    this.body = h('div.view');
    this.board = new CurveBoard((more) => this.#change(more), this.#signal);
    const legend = h('ul.legend', { 'aria-label': 'Runs' }, runs.map((run, index) => {
      const box = h('input', {
        type: 'checkbox', checked: true, 'aria-label': `Show ${run.name} in curves`,
        onchange: () => this.board.hide(run, !box.checked),
      });
      return h('li', null, box, swatch(index), runLink(run.id, run.name));
    }));
    fill(this.element,
      h('div.stack', null,
        crumbs([['Experiments', ['experiments']], same && ['Runs', ['experiments', runs[0].experiment, 'runs']], ['Comparison']].filter(Boolean)),
        heading(this.title)),
      legend, this.tabBar, this.body);
  }

  #change(more) {
    const query = new URLSearchParams(this.#route.query);
    for (const [name, value] of Object.entries(more)) {
      if (value) {
        query.set(name, value);
      } else {
        query.delete(name);
      }
    }
    replace(this.#route.path, query);
  }

  update(route) {
    this.#route = route;
    if (this.#runs) {
      this.#draw();
    }
  }

  #draw() {
    const at = TABS[this.#route.path[1]] ? this.#route.path[1] : 'curves';
    fill(this.tabBar, tabs('Ways to compare', Object.entries(TABS).map(([key, text]) =>
      [text, href(['compare', key], this.#route.query), key === at])));
    if (at === 'curves') {
      this.#put(this.board.element);
      this.board.show(this.#runs, this.#route.query);
    } else {
      this.#put(this.#parts[at] ??= this.#open(at));
    }
  }

  #put(part) {
    if (this.body.firstChild !== part) {
      fill(this.body, part);
    }
  }

  #open(at) {
    if (at === 'params') {
      return paramDifferences(this.#runs);
    }
    if (at === 'metrics') {
      return metricDifferences(this.#runs);
    }
    const keys = [
      ...keysOf(this.#runs, 'params').map((key) => `params.${key}`),
      ...keysOf(this.#runs, 'metrics').filter((key) => !key.startsWith('system/')).map((key) => `metrics.${key}`),
    ];
    return parallel({
      runs: this.#runs,
      columns: varying(columnsOf(keys), this.#runs),
      signal: this.#signal,
      compare: (runs) => go(['compare', 'curves'], runs.map((run) => ['run', run.id])),
    });
  }
}

/** Columns in which runs differ, params first: what is the same everywhere is no axis. */
function varying(columns, runs) {
  const differ = columns.filter((column) => new Set(runs.map((run) => column.value(run))).size > 1);
  return [...differ.filter((each) => each.group === 'params'), ...differ.filter((each) => each.group === 'metrics')];
}
