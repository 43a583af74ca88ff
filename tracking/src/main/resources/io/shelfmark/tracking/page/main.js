// Shows the view that the address names. A view is kept while only its query or tab changes.

import { compareView } from './views/compare.js';
import { experimentView } from './views/experiment.js';
import { experimentsView } from './views/experiments.js';
import { modelView } from './views/model.js';
import { modelsView } from './views/models.js';
import { runView } from './views/run.js';
import { versionView } from './views/version.js';
import { fill, h } from './dom.js';
import { entitle, message } from './parts/frame.js';
import { href, parse, replace } from './route.js';
import { start as startTheme } from './theme.js';

const main = document.getElementById('main');
let current = null;

/** Which view an address is of, and what tells two such views apart. */
function choose({ path, query }) {
  const [section, name, part, detail] = path;
  switch (section) {
    case 'experiments':
      return name === undefined
        ? { key: 'experiments', open: experimentsView }
        : { key: `experiments/${name}`, open: experimentView };
    case 'runs':
      return name === undefined ? null : { key: `runs/${name}`, open: runView };
    case 'compare':
      return { key: `compare/${query.getAll('run').join()}`, open: compareView };
    case 'models':
      if (part === 'versions' && detail) {
        return { key: `models/${name}/${detail}`, open: versionView };
      }
      return name === undefined
        ? { key: 'models', open: modelsView }
        : { key: `models/${name}`, open: modelView };
    default:
      return null;
  }
}

function nowhere() {
  return {
    title: 'Not found',
    element: h('div.view', null, message('There is no such page',
      h('p', null, h('a', { href: href(['experiments']) }, 'See all experiments')))),
  };
}

function show() {
  const route = parse(location.hash);
  if (route.path.length === 0) {
    replace(['experiments']);
    return;
  }
  const chosen = choose(route);
  if (current && chosen && current.key === chosen.key) {
    current.view.update?.(route);
    return;
  }
  const first = current === null;
  current?.leave.abort();
  const leave = new AbortController();
  const view = chosen ? chosen.open(route, leave.signal) : nowhere();
  current = { key: chosen?.key ?? location.hash, view, leave };
  document.body.classList.remove('filled');
  fill(main, view.element);
  entitle(view.title);
  view.update?.(route);
  markSection(route.path[0]);
  if (!first) {
    scrollTo(0, 0);
    (main.querySelector('h1') ?? main).focus({ preventScroll: true });
  }
}

function markSection(section) {
  const at = section === 'models' ? 'models' : 'experiments';
  for (const link of document.querySelectorAll('.top nav a')) {
    if (link.dataset.section === at) {
      link.setAttribute('aria-current', 'true');
    } else {
      link.removeAttribute('aria-current');
    }
  }
}

document.getElementById('skip').addEventListener('click', (event) => {
  event.preventDefault();
  main.focus();
});
startTheme(document.getElementById('theme'));
addEventListener('hashchange', show);
show();
