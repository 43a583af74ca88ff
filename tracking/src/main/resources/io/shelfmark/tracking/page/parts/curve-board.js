// Charts of metrics with what one may change about them. The settings are in the address.

import { debounce, fill, h } from '../dom.js';
import { keysOf } from '../records.js';
import { CurveCache, CurveCard } from './curves.js';
import { message } from './frame.js';

const AXES = { step: 'Step', time: 'Wall time', relative: 'Time since start' };

export class CurveBoard {
  #cache = new CurveCache();
  #cards = [];
  #hidden = new Set();
  #change;
  #runs = [];
  #shown = '';
  #settings = null;
  #signal;
  #leave = null;

  /** @param change called with { name: value } of the settings that one changed */
  constructor(change, signal) {
    this.#change = change;
    this.#signal = signal;
    this.axis = h('select', { onchange: () => change({ x: this.axis.value === 'step' ? '' : this.axis.value }) },
      Object.entries(AXES).map(([value, text]) => h('option', { value }, text)));
    this.log = h('input', { type: 'checkbox', onchange: () => change({ log: this.log.checked ? '1' : '' }) });
    this.smoothOut = h('output');
    const smoothLater = debounce(120, () => change({ smooth: this.smooth.value === '0' ? '' : this.smooth.value }));
    this.smooth = h('input', {
      type: 'range', min: '0', max: '0.99', step: '0.01', value: '0',
      oninput: () => {
        this.smoothOut.textContent = this.smooth.value;
        smoothLater();
      },
    });
    this.find = h('input', {
      type: 'search', placeholder: 'Find metrics', 'aria-label': 'Find metrics',
      oninput: debounce(200, () => change({ metrics: this.find.value.trim() })),
    });
    this.grid = h('div.charts');
    this.element = h('div.stack', null,
      h('div.bar', null, this.find,
        h('label.field', null, 'X axis', this.axis),
        h('label.field', null, 'Smoothing', this.smooth, this.smoothOut),
        h('label.field', null, this.log, 'Log scale'),
        h('span.soft.small.end', null, 'Drag across a chart to zoom; double click shows all.')),
      this.grid);
  }

  /** Hides a run in every chart, or shows it again. */
  hide(run, hidden) {
    this.#hidden[hidden ? 'add' : 'delete'](run.id);
    this.#cards.forEach((card) => card.apply(this.#settings));
  }

  /** Shows the curves of runs with the settings of an address. */
  show(runs, query) {
    this.axis.value = AXES[query.get('x')] ? query.get('x') : 'step';
    this.log.checked = query.get('log') === '1';
    const smooth = Math.min(0.99, Math.max(0, Number(query.get('smooth')) || 0));
    this.smooth.value = String(smooth);
    this.smoothOut.textContent = this.smooth.value;
    const words = query.get('metrics') ?? '';
    if (document.activeElement !== this.find) {
      this.find.value = words;
    }
    this.#settings = { x: this.axis.value, log: this.log.checked, smooth, hidden: this.#hidden };
    const named = query.getAll('metric');
    const shown = `${words}\n${named.join('\n')}`;
    if (runs === this.#runs && shown === this.#shown) {
      this.#cards.forEach((card) => card.apply(this.#settings));
      return;
    }
    this.#runs = runs;
    this.#shown = shown;
    this.#build(words.toLowerCase(), named);
  }

  #build(words, named) {
    this.#leave?.abort();
    this.#leave = new AbortController();
    this.#signal.addEventListener('abort', () => this.#leave.abort());
    const all = keysOf(this.#runs, 'metrics');
    const keys = (named.length > 0 ? all.filter((key) => named.includes(key)) : all)
      .filter((key) => key.toLowerCase().includes(words))
      .sort((a, b) => a.startsWith('system/') - b.startsWith('system/'));
    const colored = this.#runs.map((run, index) => ({ run, index }));
    this.#cards = keys.map((key) => new CurveCard(key, colored, this.#settings, this.#cache, this.#leave.signal));
    this.grid.classList.toggle('one', keys.length === 1);
    const more = named.length > 0 && h('p', null,
      h('button.quiet', { type: 'button', onclick: () => this.#change({ metric: '' }) }, 'Show all metrics'));
    fill(this.grid, this.#cards.map((card) => card.element), more,
      keys.length === 0 && (all.length === 0
        ? message('No metrics', 'Nothing was measured in what is shown here.')
        : message('No metric has such a name')));
  }
}
