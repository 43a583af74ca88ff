// The runs that a search finds, fetched page by page as one scrolls towards them.

import { post } from '../api.js';
import { run } from '../records.js';
import { orderBy } from './columns.js';
import { compare } from './sort.js';

const FIRST_PAGE = 200;
const NEXT_PAGES = 1000;

/** Most runs that the page holds at once. */
export const MOST = 50000;

export class RunSource {
  rows = [];
  done = false;
  #token;
  #busy = null;
  #question;
  #signal;

  /** @param question { experiment, filter, sort, deleted } */
  constructor(question, signal) {
    this.#question = question;
    this.#signal = signal;
  }

  /** Fetches the next page; those who ask meanwhile get the same one. */
  more() {
    if (this.done) {
      return Promise.resolve();
    }
    this.#busy ??= this.#fetch().finally(() => {
      this.#busy = null;
    });
    return this.#busy;
  }

  /** Fetches what is left, up to a number of runs. */
  async upTo(most) {
    while (!this.done && this.rows.length < most) {
      await this.more();
    }
  }

  /** What the sort asks for before anything can be shown: one page, or all where only the page can sort. */
  async first() {
    await this.more();
    const { sort } = this.#question;
    if (orderBy(sort) === null) {
      await this.upTo(MOST);
      const sign = sort.startsWith('-') ? -1 : 1;
      this.rows.sort((a, b) => compare(a.duration, b.duration, sign));
    }
  }

  async #fetch() {
    const { experiment, filter, sort, deleted } = this.#question;
    const order = orderBy(sort);
    const answer = await post('runs/search', {
      experiment_ids: [experiment],
      filter: filter || undefined,
      run_view_type: deleted ? 'DELETED_ONLY' : 'ACTIVE_ONLY',
      max_results: this.#token ? NEXT_PAGES : FIRST_PAGE,
      order_by: order ? [order] : undefined,
      page_token: this.#token,
    }, this.#signal);
    this.rows.push(...(answer.runs ?? []).map(run));
    this.#token = answer.next_page_token;
    this.done = !this.#token || this.rows.length >= MOST;
  }
}
