// One registered model: its versions, and where its aliases have pointed.

import { aliasHistory, get, literal, pages } from '../api.js';
import { fill, h } from '../dom.js';
import { dateTime } from '../format.js';
import { aliasChip, card, crumbs, facts, heading, load, message, runLink, table, time } from '../parts/frame.js';
import { tags } from '../records.js';
import { href } from '../route.js';

export function modelView(route, signal) {
  const name = route.path[1];
  const body = h('div.stack');
  load(body, signal, async () => {
    const [{ registered_model: model }, versions] = await Promise.all([
      get('registered-models/get', { name }, signal), allVersions(name, signal),
    ]);
    const aliases = [...(model.aliases ?? [])].sort((a, b) => a.alias.localeCompare(b.alias));
    fill(body,
      h('section.card', { 'aria-label': 'About the model' }, h('div.content.stack', null,
        model.description && h('p.note', null, model.description),
        facts([['Created', dateTime(Number(model.creation_timestamp))], ['Last change', dateTime(Number(model.last_updated_timestamp))],
          ...Object.entries(tags(model.tags)).filter(([key]) => !key.startsWith('mlflow.'))]))),
      h('div.halves', null,
        card('Versions', versionTable(name, versions, aliases)),
        card('Aliases', aliasBlocks(name, aliases, signal))));
  });
  return {
    title: name,
    element: h('div.view', null, h('div.stack', null, crumbs([['Models', ['models']], [name]]), heading(name)), body),
  };
}

async function allVersions(name, signal) {
  const ask = (token) => get('model-versions/search', {
    filter: `name = ${literal(name)}`, max_results: 1000, page_token: token,
  }, signal);
  const found = [];
  for await (const page of pages(ask, 'model_versions')) {
    found.push(...page);
  }
  return found.sort((a, b) => Number(b.version) - Number(a.version));
}

/** A link to a version. */
export function versionLink(name, version) {
  return h('a', { href: href(['models', name, 'versions', version]) }, `Version ${version}`);
}

function versionTable(name, versions, aliases) {
  if (versions.length === 0) {
    return message('No versions', 'Nothing was registered under this name so far.');
  }
  return h('div.scroll', null, table('Versions', [['Version', 'tight'], 'Aliases', ['Made', 'tight'], 'Run', 'Description'],
    versions.map((each) => [
      [versionLink(name, each.version), 'tight'],
      h('span.chips', null, aliases.filter((alias) => alias.version === each.version).map((alias) => aliasChip(alias.alias))),
      [time(Number(each.creation_timestamp)), 'tight'],
      each.run_id ? runLink(each.run_id) : '',
      [each.description ?? '', 'soft'],
    ])));
}

function aliasBlocks(name, aliases, signal) {
  if (aliases.length === 0) {
    return message('No aliases', 'An alias such as @production names the version that is in use.');
  }
  return h('div.content', null, aliases.map(({ alias, version }) => {
    const moves = h('div');
    load(moves, signal, async () => fill(moves, timeline(name, await aliasHistory(name, alias, signal))));
    return h('section.alias-block', null, h('h3', null, aliasChip(alias), ' is ', versionLink(name, version)), moves);
  }));
}

function timeline(name, moves) {
  if (moves.length === 0) {
    return h('p.soft', null, 'Its moves are not on record.');
  }
  return h('ol.moves', { 'aria-label': 'Moves, the newest first' }, moves.map((move) => h('li', null,
    h('div', null, destination(name, move)),
    h('div.soft.small', null, time(move.at), move.author && ` by ${move.author}`))));
}

function destination(name, { from, to }) {
  if (!to) {
    return from ? ['Taken from ', versionLink(name, from)] : 'Taken away';
  }
  return from ? [versionLink(name, from), ' → ', versionLink(name, to)] : ['Set to ', versionLink(name, to)];
}
