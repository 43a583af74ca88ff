// How curves are drawn.

import { h } from '../dom.js';
import { aligned, clock, dateTime, duration, number } from '../format.js';
import { color, runStyle } from '../theme.js';
import { swatch } from './swatch.js';

const MOST_IN_TIP = 12;

/**
 * An exponential moving average that does not start at zero: the weighted sum is divided by the sum of
 * the weights so far. Source: Kingma and Ba, "Adam" (2014), section 3, bias correction.
 */
export function smoothed(values, weight) {
  let sum = 0;
  let weights = 0;
  return values.map((value) => {
    if (!Number.isFinite(value)) {
      return value;
    }
    sum = sum * weight + (1 - weight) * value;
    weights = weights * weight + (1 - weight);
    return sum / weights;
  });
}

/** ECharts' option for curves: [{ run, index, points: [[step, time, value]] }]. */
export function lineOption(curves, settings, colors) {
  const lines = curves.flatMap((each) => series(each, settings));
  return {
    grid: { left: 12, right: 20, top: 14, bottom: 12, containLabel: true },
    xAxis: xAxis(settings, colors),
    yAxis: {
      type: settings.log ? 'log' : 'value',
      logBase: spread(curves) < 100 ? 2 : 10,
      scale: true,
      minorSplitLine: { show: false },
      splitLine: { lineStyle: { color: colors.line } },
      axisLabel: { color: colors.soft, fontSize: 11, formatter: number },
    },
    toolbox: { top: -50, feature: { dataZoom: { yAxisIndex: false } } },
    dataZoom: [{ type: 'inside', xAxisIndex: 0, zoomOnMouseWheel: 'ctrl', moveOnMouseWheel: false, moveOnMouseMove: false }],
    tooltip: tooltip(curves, settings, colors),
    series: lines,
  };
}

/** How often the least positive value goes into the greatest one. */
function spread(curves) {
  let least = Infinity;
  let greatest = 0;
  for (const { points } of curves) {
    for (const [, , value] of points) {
      if (value > 0 && value < Infinity) {
        least = Math.min(least, value);
        greatest = Math.max(greatest, value);
      }
    }
  }
  return greatest / least;
}

function xAxis({ x }, colors) {
  const labels = {
    step: { formatter: number },
    relative: { formatter: clock },
    time: {},
  };
  return {
    type: x === 'time' ? 'time' : 'value',
    min: 'dataMin',
    max: 'dataMax',
    axisLine: { onZero: false, lineStyle: { color: colors.strong } },
    axisTick: { lineStyle: { color: colors.strong } },
    splitLine: { show: false },
    axisLabel: { color: colors.soft, fontSize: 11, hideOverlap: true, showMaxLabel: false, ...labels[x] },
  };
}

function position({ run, points }, x) {
  const start = points[0]?.[1] ?? run.start;
  return {
    step: (point) => point[0],
    time: (point) => point[1],
    relative: (point) => (point[1] - start) / 1000,
  }[x];
}

function series(each, { x, log, smooth }) {
  const style = runStyle(each.index);
  const at = position(each, x);
  const usable = (value) => (Number.isFinite(value) && (!log || value > 0) ? value : null);
  const line = (values, more) => ({
    type: 'line',
    name: each.run.name,
    showSymbol: each.points.length === 1,
    color: color(style.property),
    lineStyle: { width: 1.75, type: style.dash },
    emphasis: { disabled: true },
    // said, because ECharts 5.3 gives its symbols what is said here, default or not
    zlevel: 0,
    z: 2,
    data: each.points.map((point, index) => [at(point), usable(values[index])]),
    ...more,
  });
  const raw = each.points.map((point) => point[2]);
  if (smooth === 0) {
    return [line(raw, { id: each.run.id })];
  }
  return [
    line(raw, { id: `${each.run.id} raw`, silent: true, lineStyle: { width: 1, opacity: 0.25 }, tooltip: { show: false } }),
    line(smoothed(raw, smooth), { id: each.run.id }),
  ];
}

function tooltip(curves, { x }, colors) {
  const names = { step: (at) => `Step ${number(at)}`, time: (at) => dateTime(at, true), relative: (at) => `After ${duration(at * 1000)}` };
  const byId = new Map(curves.map((each) => [each.run.id, each]));
  return {
    trigger: 'axis',
    confine: true,
    transitionDuration: 0,
    backgroundColor: colors.raised,
    borderColor: colors.strong,
    axisPointer: { lineStyle: { color: colors.strong } },
    formatter: (items) => {
      const shown = items.filter((item) => byId.has(item.seriesId) && item.value[1] !== null)
        .sort((a, b) => b.value[1] - a.value[1]);
      const rows = shown.slice(0, MOST_IN_TIP).map((item) => h('tr', null,
        h('td', null, swatch(byId.get(item.seriesId).index)),
        h('td', null, item.seriesName),
        h('td.number', null, aligned(item.value[1]))));
      const rest = shown.length - MOST_IN_TIP;
      return h('div.tip', null, h('div', null, names[x](items[0]?.axisValue ?? 0)), h('table', null, rows),
        rest > 0 && h('div.soft', null, `and ${rest} more`));
    },
  };
}

/** Metrics with one point a run, as bars in a table. */
export function bars(metric, curves) {
  const values = curves.map(({ points }) => points[0]?.[2] ?? NaN);
  const most = Math.max(...values.filter(Number.isFinite).map(Math.abs), Number.MIN_VALUE);
  return h('table.bars', null,
    h('caption.spoken', null, `Values of ${metric}`),
    h('tbody', null, curves.map(({ run, index }, at) => {
      const bar = h('span.bar-fill');
      bar.style.background = `var(${runStyle(index).property})`;
      bar.style.width = Number.isFinite(values[at]) ? `${(100 * Math.abs(values[at])) / most}%` : '0';
      return h('tr', null, h('th', { scope: 'row' }, run.name), h('td', null, bar), h('td.number', null, aligned(values[at])));
    })));
}
