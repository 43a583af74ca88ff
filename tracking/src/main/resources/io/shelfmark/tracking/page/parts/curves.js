// Curves of many runs over each other, one chart a metric, fetched once they come into sight.

import { curve } from '../api.js';
import { fill, h, icon } from '../dom.js';
import { count, number } from '../format.js';
import { toNumber } from '../records.js';
import { Chart, whenSeen } from './chart.js';
import { bars, lineOption } from './curve-option.js';
import { failure, table } from './frame.js';
import { swatch } from './swatch.js';

const POINTS = 1000;
const SHOWN_OF_RANGE = 0.5;

/** Fetches each curve once, whatever is changed about its drawing. */
export class CurveCache {
  #curves = new Map();

  get(run, key, signal) {
    const id = `${run.id}\n${key}`;
    if (!this.#curves.has(id)) {
      const asked = curve(run.id, key, POINTS, signal).then((answer) => ({
        total: answer.total,
        points: (answer.points ?? []).map(([step, time, value]) => [Number(step), Number(time), toNumber(value)]),
      }));
      asked.catch(() => this.#curves.delete(id));
      this.#curves.set(id, asked);
    }
    return this.#curves.get(id);
  }
}

/** The card of one metric. */
export class CurveCard {
  #metric;
  #runs;
  #cache;
  #signal;
  #settings;
  #chart = null;
  #curves = null;

  /**
   * @param metric its key
   * @param runs [{ run, index }], the index giving the color
   * @param settings { x, log, smooth, hidden }
   */
  constructor(metric, runs, settings, cache, signal) {
    this.#metric = metric;
    this.#runs = runs.filter(({ run }) => metric in run.metrics);
    this.#settings = settings;
    this.#cache = cache;
    this.#signal = signal;
    this.content = h('div.chart-area');
    this.details = h('details', { ontoggle: () => this.#tabulate() }, h('summary', null, 'Values'), h('div'));
    const button = (name, text, action) => h('button.quiet.only-icon', {
      type: 'button', title: text, 'aria-label': `${text}: ${metric}`, onclick: action,
    }, icon(name));
    this.tools = h('span.end', { hidden: true },
      button('plus', 'Zoom in', () => this.#zoom(SHOWN_OF_RANGE)),
      button('minus', 'Zoom out', () => this.#zoom(1 / SHOWN_OF_RANGE)),
      button('reset', 'Show all', () => this.#range(0, 100)));
    this.element = h('section.card.chart', { 'data-metric': metric },
      h('header', null, h('h3', null, metric), this.tools), this.content, this.details);
    whenSeen(this.element, () => this.#load(), signal);
  }

  async #load() {
    this.content.setAttribute('aria-busy', 'true');
    try {
      this.#curves = await Promise.all(this.#runs.map(async ({ run, index }) => ({
        run, index, ...await this.#cache.get(run, this.#metric, this.#signal),
      })));
    } catch (error) {
      if (!this.#signal.aborted) {
        fill(this.content, failure(error, () => {
          fill(this.content);
          this.#load();
        }));
      }
      return;
    } finally {
      this.content.removeAttribute('aria-busy');
    }
    if (this.#curves.every((each) => each.points.length <= 1)) {
      this.content.className = 'content';
      this.#drawBars();
    } else {
      this.#drawLines();
    }
    this.#tabulate();
  }

  #drawBars() {
    fill(this.content, bars(this.#metric, this.#shown()));
    this.details.hidden = true;
  }

  #drawLines() {
    this.tools.hidden = false;
    this.content.setAttribute('role', 'img');
    this.#label();
    const started = (instance) => {
      instance.dispatchAction({ type: 'takeGlobalCursor', key: 'dataZoomSelect', dataZoomSelectActive: true });
      instance.getZr().on('dblclick', () => this.#range(0, 100));
    };
    this.#chart = new Chart(this.content, (colors) => lineOption(this.#shown(), this.#settings, colors), this.#signal, started);
  }

  #label() {
    this.content.setAttribute('aria-label', `Curves of ${this.#metric}: ${this.#shown().map(({ run, points }) =>
      `${run.name} ends at ${number(points.at(-1)?.[2] ?? NaN)}`).join(', ')}`);
  }

  #shown() {
    return this.#curves.filter(({ run }) => !this.#settings.hidden.has(run.id));
  }

  /** Draws with other settings. */
  apply(settings) {
    this.#settings = settings;
    if (this.#chart) {
      const zoom = this.#chart.instance?.getOption()?.dataZoom?.[0];
      this.#chart.redraw();
      this.#label();
      this.#chart.act({ type: 'takeGlobalCursor', key: 'dataZoomSelect', dataZoomSelectActive: true });
      if (zoom) {
        this.#range(zoom.start, zoom.end);
      }
    } else if (this.#curves) {
      this.#drawBars();
    }
  }

  #zoom(factor) {
    const { start, end } = this.#chart.instance.getOption().dataZoom[0];
    const half = Math.min(50, ((end - start) * factor) / 2);
    const middle = Math.min(100 - half, Math.max(half, (start + end) / 2));
    this.#range(middle - half, middle + half);
  }

  #range(start, end) {
    this.#chart.act({ type: 'dataZoom', dataZoomIndex: 0, start, end });
  }

  /** The numbers behind the lines, for who cannot see them. */
  #tabulate() {
    if (!this.details.open || !this.#curves) {
      return;
    }
    const rows = this.#curves.map(({ run, index, points, total }) => {
      const values = points.map((point) => point[2]).filter(Number.isFinite);
      const of = (pick) => [values.length > 0 ? number(values.reduce(pick)) : '–', 'number'];
      return [[[swatch(index), ' ', run.name], ''], [count(total), 'number'],
        of((a) => a), of((_, b) => b), of((a, b) => Math.min(a, b)), of((a, b) => Math.max(a, b))];
    });
    fill(this.details.lastChild, h('div.scroll', null, table(`Values of ${this.#metric}`,
      ['Run', ...['Points', 'First', 'Last', 'Least', 'Greatest'].map((word) => [word, 'number'])], rows)));
  }
}
