// The filter of the run table, in MLflow's grammar as text, and what the server says against it.

import { fill, h } from '../dom.js';

const EXAMPLES = [
  ['metrics.`val/mAP50` >= 0.9', 'a metric’s last value'],
  ["params.optimizer = 'adam'", 'a param; texts stand in quotes'],
  ["tags.store LIKE '42%'", 'a tag; % is any text, ILIKE ignores case'],
  ["attributes.status = 'FAILED'", 'status, run_name, start_time, user_id, …'],
  ["metrics.loss < 0.1 AND params.lr IN ('0.1', '0.01')", 'all must hold; there is no OR'],
];

/** A form with a filter; apply is called with its text. */
export function filterBox(apply) {
  const input = h('input', {
    type: 'text', id: 'filter', placeholder: 'Filter, such as metrics.loss < 0.1', spellcheck: 'false',
    autocomplete: 'off', autocapitalize: 'off', 'aria-describedby': 'filter-refused',
  });
  const refused = h('div.refused', { id: 'filter-refused', role: 'alert', hidden: true });
  const form = h('form.filter', {
    role: 'search',
    onsubmit: (event) => {
      event.preventDefault();
      apply(input.value.trim());
    },
  },
  h('label.spoken', { for: 'filter' }, 'Filter runs'), input,
  h('button', { type: 'submit' }, 'Filter'));
  const help = h('section.help.card', { id: 'filter-help', hidden: true, 'aria-label': 'How filters are written' },
    h('ul.content', null, EXAMPLES.map(([text, meaning]) => h('li', null,
      h('button', {
        type: 'button',
        onclick: () => {
          input.value = text;
          input.focus();
        },
      }, text), ' ', meaning))));

  const asked = h('button.quiet', {
    type: 'button', 'aria-expanded': 'false', 'aria-controls': 'filter-help',
    onclick: () => {
      help.hidden = !help.hidden;
      asked.setAttribute('aria-expanded', !help.hidden);
    },
  }, 'How to filter');

  return {
    form,
    asked,
    refused,
    help,
    show(text) {
      if (document.activeElement !== input || input.value.trim() === text) {
        input.value = text;
      }
    },
    accept() {
      refused.hidden = true;
      fill(refused);
      input.removeAttribute('aria-invalid');
    },
    refuse(text, message) {
      input.setAttribute('aria-invalid', 'true');
      fill(refused, h('p', null, message), pointer(text, message));
      refused.hidden = false;
    },
  };
}

/** The filter with a mark below the character that the message names. */
function pointer(text, message) {
  const found = /at character (\d+)/.exec(message);
  const at = found ? Number(found[1]) - 1 : /found its end/.test(message) ? text.length : -1;
  return at < 0 ? null : h('pre', { 'aria-hidden': 'true' }, `${text}\n${' '.repeat(at)}▲`);
}
