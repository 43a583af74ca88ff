// The files of a run: a tree whose folders are listed when they are opened, and a preview beside it.

import { get } from '../api.js';
import { fill, h, icon } from '../dom.js';
import { bytes } from '../format.js';
import { card, load, message } from './frame.js';
import { preview } from './preview.js';

/** The part of the run page; choose is called with the path of the file that one picks. */
export function artifacts(runId, choose, signal) {
  const tree = h('nav.card.tree', { 'aria-label': 'Artifacts' });
  const pane = h('div');
  const buttons = new Map();
  let shown = null;

  const list = async (place, path) => {
    const answer = await get('artifacts/list', { run_id: runId, path }, signal);
    const files = (answer.files ?? []).sort((a, b) => (b.is_dir ? 1 : 0) - (a.is_dir ? 1 : 0)
      || a.path.localeCompare(b.path, 'en', { numeric: true }));
    fill(place, files.length === 0
      ? (path ? h('p.soft.small', null, 'Empty') : message('No artifacts', 'This run has kept no files.'))
      : h('ul', null, files.map((file) => h('li', null, file.is_dir ? folder(file) : leaf(file)))));
  };

  const folder = (file) => {
    const inside = h('div', { hidden: true });
    const button = h('button', {
      type: 'button', 'aria-expanded': 'false',
      onclick: () => open(button.getAttribute('aria-expanded') !== 'true'),
    }, icon('folder'), h('span', null, lastName(file.path)));
    let listed = null;
    const open = (wide) => {
      button.setAttribute('aria-expanded', wide);
      inside.hidden = !wide;
      if (wide) {
        listed ??= load(inside, signal, () => list(inside, file.path));
      }
      return listed;
    };
    buttons.set(file.path, { open });
    return [button, inside];
  };

  const leaf = (file) => {
    const button = h('button', { type: 'button', onclick: () => choose(file.path) },
      icon('file'), h('span', null, lastName(file.path)), h('small', null, bytes(file.file_size ?? 0)));
    buttons.set(file.path, { button });
    return button;
  };

  /** Opens the folders on the way to a file, so that an address leads to it. */
  const reveal = async (path) => {
    const parts = path.split('/');
    for (let depth = 1; depth < parts.length; depth += 1) {
      await buttons.get(parts.slice(0, depth).join('/'))?.open(true);
    }
    buttons.forEach(({ button }) => button?.removeAttribute('aria-current'));
    buttons.get(path)?.button?.setAttribute('aria-current', 'true');
  };

  const ready = load(tree, signal, () => list(tree, ''));
  return {
    element: h('div.artifacts', null, tree, pane),
    async show(query) {
      const path = query.get('path') ?? '';
      if (path === shown) {
        return;
      }
      shown = path;
      fill(pane, path
        ? preview(runId, path, signal)
        : card('Preview', message('Nothing chosen', 'Pick a file to look into it: pictures, text, JSON and tables are shown here.')));
      await ready;
      if (path) {
        await reveal(path);
      }
    },
  };
}

function lastName(path) {
  return path.slice(path.lastIndexOf('/') + 1);
}
