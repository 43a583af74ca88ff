// One run: what it was given, what it measured, what it made.

import { get, literal, post } from '../api.js';
import { fill, h } from '../dom.js';
import { aligned, dateTime, duration, number } from '../format.js';
import { artifacts } from '../parts/artifacts.js';
import { CurveBoard } from '../parts/curve-board.js';
import { card, crumbs, entitle, facts, heading, load, message, runLink, status, table, tabs, takeFocus, time } from '../parts/frame.js';
import { PARENT, run as readRun, toNumber } from '../records.js';
import { href, replace } from '../route.js';

const TABS = { overview: 'Overview', curves: 'Curves', artifacts: 'Artifacts' };
const MOST_CHILDREN = 200;

export function runView(route, signal) {
  return new RunView(route.path[1], signal);
}

class RunView {
  #id;
  #signal;
  #run = null;
  #route = null;
  #parts = {};

  constructor(id, signal) {
    this.#id = id;
    this.#signal = signal;
    this.title = 'Run';
    this.element = h('div.view');
    load(this.element, signal, async () => {
      const answer = await get('runs/get', { run_id: id }, signal);
      this.#run = readRun(answer.run);
      const experiment = await get('experiments/get', { experiment_id: this.#run.experiment }, signal);
      this.#frame(experiment.experiment.name);
      this.#draw();
      takeFocus(this.element);
    });
  }

  update(route) {
    this.#route = route;
    if (this.#run) {
      this.#draw();
    }
  }

  #frame(experimentName) {
    const run = this.#run;
    entitle(run.name);
    this.tabBar = h('div');
    this.body = h('div.view');
    fill(this.element,
      h('div.stack', null,
        crumbs([['Experiments', ['experiments']], [experimentName, ['experiments', run.experiment, 'runs']], [run.name]]),
        heading(run.name, status(run.status), run.deleted && h('span.chip', null, 'deleted'))),
      this.tabBar, this.body);
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

  #draw() {
    const at = TABS[this.#route.path[2]] ? this.#route.path[2] : 'overview';
    fill(this.tabBar, tabs('Parts of the run', Object.entries(TABS).map(([key, text]) =>
      [text, href(['runs', this.#id, key]), key === at])));
    const part = this.#parts[at] ??= this.#open(at);
    if (this.body.firstChild !== part.element) {
      fill(this.body, part.element);
    }
    part.show(this.#route.query);
  }

  #open(at) {
    if (at === 'curves') {
      const board = new CurveBoard((more) => this.#change(more), this.#signal);
      const runs = [this.#run];
      return { element: board.element, show: (query) => board.show(runs, query) };
    }
    if (at === 'artifacts') {
      return artifacts(this.#id, (path) => this.#change({ path }), this.#signal);
    }
    return { element: overview(this.#run, this.#signal), show: () => {} };
  }
}

function overview(run, signal) {
  const note = run.tags['mlflow.note.content'];
  const children = h('div', { hidden: true });
  const models = h('div', { hidden: true });
  addChildren(children, run, signal);
  addModels(models, run, signal);
  return h('div.stack', null,
    h('section.card', { 'aria-label': 'About the run' }, h('div.content', null, about(run))),
    note && card('Note', h('div.content', null, h('p.note', null, note))),
    h('div.halves', null,
      h('div.stack', null, card('Metrics', metricTable(run)), models),
      h('div.stack', null, card('Params', pairTable('Params', run.params)), datasets(run))),
    children,
    card('Tags', pairTable('Tags', run.tags, (key) => key !== 'mlflow.note.content')));
}

function about(run) {
  const { tags } = run;
  const commit = tags['mlflow.source.git.commit'];
  const parent = tags[PARENT];
  const source = tags['mlflow.source.name'];
  return facts([
    ['Started', run.start ? h('span', null, dateTime(run.start, true), ' ', h('span.soft', null, '(', time(run.start), ')')) : '–'],
    [run.end ? 'Took' : 'Running for', duration(run.end ? run.duration : Date.now() - run.start)],
    ['By', run.user],
    ['Source', source && h('span', { title: source }, source.split(/[\\/]/).pop())],
    ['Code version', commit && h('code', { title: commit }, commit.slice(0, 12), tags['mlflow.source.git.branch'] && ` (${tags['mlflow.source.git.branch']})`)],
    ['Part of', parent && runLink(parent, parent.slice(0, 8))],
    ['Run id', h('code', null, run.id), 'wide'],
    ['Artifacts at', h('code', null, run.uri), 'wide'],
  ]);
}

function metricTable(run) {
  const keys = Object.keys(run.metrics).sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
  if (keys.length === 0) {
    return message('No metrics', 'This run has measured nothing so far.');
  }
  const steps = new Map(run.metricList.map((each) => [each.key, toNumber(each.step ?? 0)]));
  return h('div.scroll', null, table('Metrics', ['Metric', ['Last value', 'number'], ['Step', 'number']],
    keys.map((key) => [
      h('a', { href: href(['runs', run.id, 'curves'], { metric: key }) }, key),
      [h('span', { title: run.metrics[key] }, aligned(run.metrics[key])), 'number'],
      [number(steps.get(key)), 'number.soft'],
    ])));
}

function pairTable(title, pairs, keep = () => true) {
  const keys = Object.keys(pairs).filter(keep).sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
  return keys.length === 0
    ? message(`No ${title.toLowerCase()}`)
    : h('div.scroll', null, table(title, ['Key', 'Value'], keys.map((key) => [key, h('span.value', null, pairs[key])])));
}

function datasets(run) {
  if (run.datasets.length === 0) {
    return null;
  }
  return card('Datasets', h('div.scroll', null, table('Datasets', ['Name', 'Digest', 'Used for'],
    run.datasets.map(({ dataset = {}, tags = [] }) => [
      dataset.name ?? '', h('code', null, dataset.digest ?? ''),
      tags.find((tag) => tag.key === 'mlflow.data.context')?.value ?? '',
    ]))));
}

async function addChildren(place, run, signal) {
  const answer = await post('runs/search', {
    experiment_ids: [run.experiment],
    filter: `tags.\`${PARENT}\` = ${literal(run.id)}`,
    max_results: MOST_CHILDREN,
  }, signal).catch(() => ({}));
  const children = (answer.runs ?? []).map(readRun);
  if (children.length > 0) {
    fill(place, card('Child runs', h('div.scroll', null, table('Child runs', ['Run', 'Status', 'Started', ['Took', 'number']],
      children.map((each) => [runLink(each.id, each.name), status(each.status), time(each.start), [duration(each.duration), 'number']]))),
    h('a.button.end', { href: href(['compare', 'curves'], children.slice(0, 100).map((each) => ['run', each.id])) }, 'Compare')));
    place.hidden = false;
  }
}

async function addModels(place, run, signal) {
  const answer = await get('model-versions/search', { filter: `run_id = ${literal(run.id)}`, max_results: 100 }, signal)
    .catch(() => ({}));
  const versions = answer.model_versions ?? [];
  if (versions.length > 0) {
    fill(place, card('Registered models', h('div.scroll', null, table('Registered models', ['Model', 'Version'],
      versions.map((each) => [
        h('a', { href: href(['models', each.name]) }, each.name),
        h('a', { href: href(['models', each.name, 'versions', each.version]) }, `Version ${each.version}`),
      ])))));
    place.hidden = false;
  }
}
