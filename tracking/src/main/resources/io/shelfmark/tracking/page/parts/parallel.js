// Runs as lines across the axes of their params and metrics. Dragging along an axis keeps what passes there.

import { fill, h } from '../dom.js';
import { many, number } from '../format.js';
import { Chart } from './chart.js';
import { message } from './frame.js';

const MOST_AXES = 12;
const AXIS_WIDTH = 96;
const LOG_SPREAD = 100;
const MOST_CATEGORIES = 8;
// Viridis without its palest end, which would not be seen on white.
const SCALE = ['#443a83', '#31688e', '#21918c', '#35b779', '#8fd744'];
const SCALE_DARK = ['#7a6fd0', '#4a8fc4', '#2bb5ad', '#5ad08f', '#c8e86a'];

/**
 * The chart and what is said of it.
 *
 * @param runs in the order of the table
 * @param columns whose values are the axes; the last metric gives the color
 * @param hint what else one can do here
 * @param signal ends the chart
 * @param compare called with the runs that are kept
 */
export function parallel({ runs, columns, hint, signal, compare }) {
  const axes = columns.map((column) => axis(column, runs)).filter(Boolean).slice(0, MOST_AXES);
  if (axes.length < 2 || runs.length < 2) {
    return message('Too little to draw', 'Parallel axes need two runs and two columns of params or metrics with values.');
  }
  const colored = [...axes].reverse().find((each) => each.column.group === 'metrics' && each.type !== 'category');
  const area = h('div.parallel-area', {
    role: 'img',
    'aria-label': `Parallel axes of ${many(runs.length, 'run')}: ${axes.map((each) => each.column.text).join(', ')}`,
  });
  area.style.minWidth = `${axes.length * AXIS_WIDTH}px`;
  const kept = h('span', { role: 'status' }, `All ${many(runs.length, 'run')}`);
  const button = h('button', { type: 'button', hidden: true }, 'Compare these');
  let inside = runs;
  button.addEventListener('click', () => compare(inside));

  const started = (instance) => {
    instance.on('axisareaselected', () => {
      const indices = instance.getModel().getSeries()[0].getRawIndicesByActiveState('active');
      inside = indices.map((index) => runs[index]);
      const all = inside.length === runs.length;
      kept.textContent = all ? `All ${many(runs.length, 'run')}` : `${inside.length} of ${many(runs.length, 'run')} in the brushed ranges`;
      button.hidden = all || inside.length === 0;
    });
  };
  requestAnimationFrame(() => new Chart(area, (colors) => option(runs, axes, colored, colors), signal, started));
  const legend = h('p.soft.small', null,
    'Drag along an axis to keep the runs that pass there; click the axis to let go. ', hint,
    colored && ` Color: ${colored.column.text}, from ${number(colored.least)} (dark) to ${number(colored.greatest)} (bright).`);
  return h('section.card', null,
    h('header', null, kept, button),
    h('div.scroll', null, area),
    fill(h('div.content'), legend));
}

/** How a column is an axis: numbers by a plain or a logarithmic scale, texts as categories; null without values. */
function axis(column, runs) {
  const raw = runs.map((run) => column.value(run));
  const present = raw.filter((value) => value !== null && value !== '');
  if (present.length === 0) {
    return null;
  }
  const numbers = present.map(Number);
  if (!numbers.every(Number.isFinite)) {
    if (column.group === 'metrics') {
      const finite = numbers.filter(Number.isFinite);
      return finite.length === 0 ? null : numeric(column, raw, finite);
    }
    return categories(column, raw, present);
  }
  if (column.group === 'params' && new Set(present).size <= MOST_CATEGORIES) {
    return categories(column, raw, present);
  }
  return numeric(column, raw, numbers);
}

/** Few values stand evenly apart, as texts do. */
function categories(column, raw, present) {
  const values = [...new Set(present)].sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
  return { column, type: 'category', categories: values, values: raw.map((value) => value || '-') };
}

function numeric(column, raw, numbers) {
  const least = numbers.reduce((a, b) => Math.min(a, b));
  const greatest = numbers.reduce((a, b) => Math.max(a, b));
  const values = raw.map((value) => (value === null || value === '' || !Number.isFinite(Number(value)) ? '-' : Number(value)));
  const type = least > 0 && greatest / least >= LOG_SPREAD ? 'log' : 'value';
  return { column, type, least, greatest, values };
}

function option(runs, axes, colored, colors) {
  const dark = getComputedStyle(document.documentElement).colorScheme === 'dark'
    || (getComputedStyle(document.documentElement).colorScheme !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
  const at = axes.indexOf(colored);
  return {
    parallel: {
      left: 70, right: 90, top: 46, bottom: 24,
      parallelAxisDefault: {
        nameGap: 14,
        nameTextStyle: { color: colors.text, fontSize: 12, fontWeight: 600 },
        axisLine: { lineStyle: { color: colors.strong } },
        axisTick: { lineStyle: { color: colors.strong } },
        axisLabel: { color: colors.soft, fontSize: 11, textBorderColor: colors.surface, textBorderWidth: 3 },
        areaSelectStyle: { width: 18, borderWidth: 1, borderColor: colors.accent, color: colors.accent, opacity: 0.25 },
      },
    },
    parallelAxis: axes.map((each, dim) => ({
      dim,
      name: each.column.text.length > 20 ? `${each.column.text.slice(0, 19)}…` : each.column.text,
      type: each.type,
      data: each.categories,
      scale: true,
      ...(each.type === 'category' ? {} : { axisLabel: { formatter: number } }),
    })),
    visualMap: colored && colored.least < colored.greatest
      ? { show: false, dimension: at, min: colored.least, max: colored.greatest, inRange: { color: dark ? SCALE_DARK : SCALE } }
      : undefined,
    series: [{
      type: 'parallel',
      lineStyle: { width: runs.length > 200 ? 1 : 1.6, opacity: runs.length > 200 ? 0.35 : 0.7, color: colors.accent },
      inactiveOpacity: 0.03,
      activeOpacity: 0.9,
      progressive: 500,
      data: runs.map((_, index) => axes.map((each) => each.values[index])),
    }],
  };
}
