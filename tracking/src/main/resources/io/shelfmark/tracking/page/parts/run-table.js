// The table of runs. All rows have one height, so only those in sight exist, whatever their number.
// It is one stop for the keyboard: arrows move through rows, space chooses, enter opens.

import { fill, h, icon, spoken } from '../dom.js';
import { PARENT } from '../records.js';
import { groupName } from './columns.js';
import { runLink } from './frame.js';
import { sortButton } from './sort.js';

const ROW = 36;
const BEYOND = 12;
const AHEAD = 100;
const HEAD_ROWS = 2;
const PICK_WIDTH = 40;
const NAME_WIDTH = 240;
const NAME_WIDTH_NARROW = 150;

export class RunTable {
  #rows = [];
  #columns = [];
  #drawn = new Map();
  #active = 0;
  #frame = 0;
  #on;
  #picked;

  /**
   * @param picked ids of the chosen runs, which the table changes
   * @param on { sort(text), pick(), open(run), end() }
   */
  constructor(picked, on) {
    this.#picked = picked;
    this.#on = on;
    this.head = h('thead');
    this.columnWidths = h('colgroup');
    this.before = h('tr.gap', { 'aria-hidden': 'true' }, h('td'));
    this.after = h('tr.gap', { 'aria-hidden': 'true' }, h('td'));
    this.body = h('tbody', null, this.before, this.after);
    this.table = h('table.runs', {
      role: 'grid', tabindex: '0', 'aria-label': 'Runs', 'aria-multiselectable': 'true',
      onkeydown: (event) => this.#key(event), onclick: (event) => this.#click(event),
    }, this.columnWidths, this.head, this.body);
    this.element = h('div.runs-scroll', { onscroll: () => this.#later() }, this.table);
    new ResizeObserver(() => this.#later()).observe(this.element);
  }

  /** Shows other columns or another order. */
  columns(columns, sort) {
    this.#columns = columns;
    const focused = document.activeElement?.dataset?.key;
    const narrow = matchMedia('(max-width: 40rem)').matches;
    const widths = [PICK_WIDTH, narrow ? NAME_WIDTH_NARROW : NAME_WIDTH, ...columns.map((each) => each.width)];
    fill(this.columnWidths, widths.map((width) => {
      const col = h('col');
      col.style.width = `${width}px`;
      return col;
    }), h('col'));
    fill(this.head, this.#groupRow(), this.#headRow(sort));
    this.table.style.minWidth = `${widths.reduce((sum, width) => sum + width, 0)}px`;
    this.#clear();
    if (focused) {
      this.head.querySelector(`[data-key="${CSS.escape(focused)}"]`)?.focus();
    }
  }

  #groupRow() {
    const cells = [h('td.pick'), h('td.name')].map((cell) => h(`th.${cell.className}`, { 'aria-hidden': 'true' }));
    for (let at = 0; at < this.#columns.length;) {
      const { group } = this.#columns[at];
      let end = at;
      while (end < this.#columns.length && this.#columns[end].group === group) {
        end += 1;
      }
      cells.push(h('th.starts-group', { colspan: end - at, scope: 'colgroup' }, groupName(group)));
      at = end;
    }
    return h('tr', { 'aria-rowindex': 1 }, cells, h('td.rest', { 'aria-hidden': 'true' }));
  }

  #headRow(sort) {
    const heads = this.#columns.map((each, at) => {
      const kinds = [each.number && 'number', this.#startsGroup(at) && 'starts-group'].filter(Boolean).join('.');
      const head = sortButton({ ...each, kind: kinds }, sort, this.#on.sort);
      head.title = each.text;
      return head;
    });
    const name = sortButton({ key: 'attributes.run_name', text: 'Name', kind: 'name' }, sort, this.#on.sort);
    return h('tr', { 'aria-rowindex': 2 }, h('th.pick', { scope: 'col' }, spoken('Chosen')), name, heads,
      h('td.rest', { 'aria-hidden': 'true' }));
  }

  #startsGroup(at) {
    return at === 0 || this.#columns[at].group !== this.#columns[at - 1].group;
  }

  /** Shows runs; more may follow unless they are all. */
  rows(rows, done) {
    this.#rows = rows;
    this.table.setAttribute('aria-rowcount', done ? rows.length + HEAD_ROWS : -1);
    this.#active = Math.max(0, Math.min(this.#active, rows.length - 1));
    this.#clear();
  }

  /** Goes back to the first row. */
  top() {
    this.#active = 0;
    this.element.scrollTop = 0;
  }

  /** Draws the choice anew. */
  repick() {
    for (const [index, row] of this.#drawn) {
      this.#mark(row, this.#rows[index]);
    }
  }

  #clear() {
    this.#drawn.forEach((row) => row.remove());
    this.#drawn.clear();
    this.#draw();
  }

  #later() {
    this.#frame ||= requestAnimationFrame(() => {
      this.#frame = 0;
      this.#draw();
    });
  }

  #draw() {
    const { scrollTop, clientHeight } = this.element;
    const first = Math.max(0, Math.floor(scrollTop / ROW) - BEYOND);
    const last = Math.min(this.#rows.length, Math.ceil((scrollTop + clientHeight) / ROW) + BEYOND);
    for (const [index, row] of this.#drawn) {
      if (index < first || index >= last) {
        row.remove();
        this.#drawn.delete(index);
      }
    }
    let next = this.after;
    for (let index = last - 1; index >= first; index -= 1) {
      let row = this.#drawn.get(index);
      if (!row) {
        row = this.#row(index);
        this.#drawn.set(index, row);
        next.before(row);
      }
      next = row;
    }
    this.#space(this.before, first);
    this.#space(this.after, Math.max(0, this.#rows.length - last));
    this.#point();
    if (this.#rows.length > 0 && last + AHEAD > this.#rows.length) {
      this.#on.end();
    }
  }

  #space(row, count) {
    row.firstChild.colSpan = this.#columns.length + 3;
    row.style.height = `${count * ROW}px`;
    row.hidden = count === 0;
  }

  #row(index) {
    const run = this.#rows[index];
    const cells = this.#columns.map((each, at) => {
      const kinds = ['td', each.number && 'number', this.#startsGroup(at) && 'starts-group'].filter(Boolean);
      const content = each.cell(run);
      const title = typeof content === 'string' && content.length > 14 ? content.slice(0, 500) : null;
      return h(kinds.join('.'), { role: 'gridcell', title }, content);
    });
    const link = runLink(run.id, run.name);
    link.tabIndex = -1;
    const box = h('input', { type: 'checkbox', tabindex: '-1', 'aria-label': `Choose ${run.name}` });
    const row = h('tr', { id: `run-row-${index}`, 'aria-rowindex': index + 1 + HEAD_ROWS, 'data-index': index },
      h('td.pick', { role: 'gridcell' }, box),
      h('th.name', { scope: 'row', title: run.name }, run.tags[PARENT] && [icon('child'), spoken('child run')], link),
      cells, h('td.rest', { 'aria-hidden': 'true' }));
    this.#mark(row, run);
    return row;
  }

  #mark(row, run) {
    const picked = this.#picked.has(run.id);
    row.setAttribute('aria-selected', picked);
    row.querySelector('input').checked = picked;
  }

  #point() {
    this.table.querySelector('tr.active')?.classList.remove('active');
    const row = this.#drawn.get(this.#active);
    if (row) {
      row.classList.add('active');
      this.table.setAttribute('aria-activedescendant', row.id);
    } else {
      this.table.removeAttribute('aria-activedescendant');
    }
  }

  #toggle(index, through) {
    const on = !this.#picked.has(this.#rows[index].id);
    const from = through ? Math.min(index, this.#active) : index;
    const to = through ? Math.max(index, this.#active) : index;
    for (let at = from; at <= to; at += 1) {
      this.#picked[on ? 'add' : 'delete'](this.#rows[at].id);
    }
    this.repick();
    this.#on.pick();
  }

  #click(event) {
    const row = event.target.closest('tbody tr[data-index]');
    if (!row) {
      return;
    }
    const index = Number(row.dataset.index);
    if (event.target.closest('.pick')) {
      this.#toggle(index, event.shiftKey);
    }
    this.#active = index;
    this.#point();
  }

  #key(event) {
    if (event.target !== this.table || this.#rows.length === 0 || event.ctrlKey || event.metaKey || event.altKey) {
      return;
    }
    const page = Math.max(1, Math.floor(this.element.clientHeight / ROW) - 3);
    const moves = {
      ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -Infinity, End: Infinity,
    };
    if (event.key in moves) {
      this.#move(this.#active + moves[event.key]);
    } else if (event.key === ' ') {
      this.#toggle(this.#active, false);
    } else if (event.key === 'Enter') {
      this.#on.open(this.#rows[this.#active]);
    } else if (event.key === 'ArrowRight' || event.key === 'ArrowLeft') {
      this.element.scrollLeft += event.key === 'ArrowRight' ? 120 : -120;
    } else {
      return;
    }
    event.preventDefault();
  }

  #move(to) {
    this.#active = Math.max(0, Math.min(this.#rows.length - 1, to));
    const head = this.head.offsetHeight;
    const top = this.#active * ROW;
    const room = this.element.clientHeight - head;
    if (top < this.element.scrollTop) {
      this.element.scrollTop = top;
    } else if (top + ROW > this.element.scrollTop + room) {
      this.element.scrollTop = top + ROW - room;
    }
    this.#draw();
  }
}
