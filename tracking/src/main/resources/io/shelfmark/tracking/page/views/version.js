// One version of a registered model.

import { get } from '../api.js';
import { fill, h } from '../dom.js';
import { dateTime } from '../format.js';
import { aliasChip, card, crumbs, facts, heading, load, message, runLink, table } from '../parts/frame.js';
import { tags } from '../records.js';
import { href } from '../route.js';

export function versionView(route, signal) {
  const [, name, , version] = route.path;
  const body = h('div.stack');
  const beside = h('span.chips');
  load(body, signal, async () => {
    const { model_version: found } = await get('model-versions/get', { name, version }, signal);
    fill(beside, (found.aliases ?? []).map((alias) => aliasChip(alias)));
    const labels = Object.entries(tags(found.tags));
    fill(body,
      h('section.card', { 'aria-label': 'About the version' }, h('div.content.stack', null,
        found.description && h('p.note', null, found.description),
        facts([
          ['Made', dateTime(Number(found.creation_timestamp), true)],
          ['Last change', dateTime(Number(found.last_updated_timestamp), true)],
          ['By', found.user_id],
          ['Run', found.run_id && runLink(found.run_id)],
          ['Stage', found.current_stage === 'None' ? '' : found.current_stage],
          ['State', found.status === 'READY' ? 'Ready' : found.status_message || found.status],
          ['Content at', found.source && h('code', null, found.source), 'wide'],
        ]),
        found.run_id && h('p', null, h('a', { href: href(['runs', found.run_id, 'artifacts']) }, 'Artifacts of its run')))),
      card('Tags', labels.length === 0 ? message('No tags') : h('div.scroll', null, table('Tags', ['Key', 'Value'], labels))));
  });
  return {
    title: `${name} ${version}`,
    element: h('div.view', null,
      h('div.stack', null,
        crumbs([['Models', ['models']], [name, ['models', name]], [`Version ${version}`]]),
        heading(`${name}, version ${version}`, beside)),
      body),
  };
}
