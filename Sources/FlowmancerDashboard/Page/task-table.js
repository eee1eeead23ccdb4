// The tasks of a run as a table. Only the rows in view are elements.

import { button, el, setClass, setText } from './dom.js';
import { countsText, stateText } from './describe.js';
import { followRowKey } from './row-keys.js';
import { COUNTED, STATES } from './states.js';
import { count, counted, duration, moment, prose, ticking, visible } from './text.js';
import { VirtualRows } from './virtual-rows.js';

const columns = [
  { key: 'name', title: 'Task', sort: 'name' },
  { key: 'state', title: 'State', sort: 'state' },
  { key: 'type', title: 'Type', sort: 'type' },
  { key: 'attempts', title: 'Attempts', sort: 'attempts' },
  { key: 'start', title: 'Start', sort: 'start' },
  { key: 'duration', title: 'Duration', sort: 'duration' },
  { key: 'reason', title: 'Reason' },
];

export class TaskTable {
  #store;
  #rows;
  #heads;
  #actions;
  #ticker = 0;
  #unwatch;

  constructor(store, actions) {
    this.#store = store;
    this.#actions = actions;
    this.#heads = columns.map(({ key, title, sort }) => el('div', { class: `cell ${key}`, role: 'columnheader' },
      sort
        ? button(title, () => store.rows.sort(sort), { 'aria-label': `Sort by ${title.toLowerCase()}` })
        : el('span', { text: title })));
    this.head = el('div', { class: 'head', role: 'row' }, this.#heads);
    this.#rows = new VirtualRows({
      rowHeight: matchMedia('(pointer: coarse)').matches ? 40 : 28,
      role: 'rowgroup',
      make: () => this.#makeRow(),
      fill: (row, index) => this.#fillRow(row, index),
    });
    this.grid = el('div', {
      class: 'table', role: 'treegrid', tabindex: '0', 'aria-label': 'Tasks', 'aria-colcount': columns.length,
      'aria-multiselectable': 'false',
    }, this.head, this.#rows.scroller);
    this.empty = el('p', { class: 'empty', hidden: true });
    this.element = el('div', { class: 'tasks' }, this.grid, this.empty);
    this.grid.addEventListener('keydown', (event) => {
      if (event.target !== this.grid) return;
      followRowKey(event, store, { page: this.#rows.page, enter: actions.enter, say: () => {} });
    });
    this.#unwatch = store.watch((changed) => this.#update(changed));
    this.#ticker = setInterval(
      () => { if (store.isUnderWay && store.time === null && !document.hidden) this.#rows.refresh(); }, 500,
    );
  }

  close() {
    clearInterval(this.#ticker);
    this.#rows.close();
    this.#unwatch();
  }

  #update(changed) {
    const { rows } = this.#store;
    this.#rows.setCount(rows.nodes.length);
    // The heads stand above their columns also where a scroll bar takes room.
    this.head.style.paddingRight = `${this.#rows.scroller.offsetWidth - this.#rows.scroller.clientWidth}px`;
    this.grid.setAttribute('aria-rowcount', rows.nodes.length + 1);
    if (changed.has('rows')) {
      this.#heads.forEach((head, index) => {
        const isSorted = rows.key === columns[index].sort;
        if (isSorted) head.setAttribute('aria-sort', rows.isDescending ? 'descending' : 'ascending');
        else head.removeAttribute('aria-sort');
      });
    }
    this.empty.hidden = rows.nodes.length > 0;
    if (rows.nodes.length === 0) {
      setText(
        this.empty, this.#store.match ? 'No task fits. Press Esc to show all of them again.' : 'This run has no tasks.',
      );
    }
    const place = rows.placeOf(this.#store.selected);
    if (place >= 0) this.grid.setAttribute('aria-activedescendant', `task-${this.#store.selected}`);
    else this.grid.removeAttribute('aria-activedescendant');
    if (changed.has('selection') || changed.has('structure')) this.#rows.show(place);
  }

  #makeRow() {
    const cells = columns.map(({ key }) => el('div', { class: `cell ${key}`, role: 'gridcell' }));
    const toggle = button('', (event) => {
      event.stopPropagation();
      this.#store.toggle(Number(row.dataset.node));
    }, { class: 'toggle', tabindex: '-1' });
    const sign = el('span', { class: 'sign', 'aria-hidden': 'true' });
    const name = el('span', { class: 'text' });
    const badge = el('span', { class: 'small' });
    cells[0].append(toggle, sign, name, badge);
    const row = el('div', { class: 'row', role: 'row' }, cells);
    row.addEventListener('click', () => this.#store.select(Number(row.dataset.node)));
    row.addEventListener('dblclick', () => this.#actions.enter(Number(row.dataset.node)));
    Object.assign(row, { parts: { cells, toggle, sign, name, badge } });
    return row;
  }

  #fillRow(row, index) {
    const store = this.#store;
    const { model, snapshot, rows } = store;
    const node = rows.nodes[index];
    if (node === undefined) return;
    const { cells, toggle, sign, name, badge } = row.parts;
    const state = snapshot.state[node];
    const counts = snapshot.countsOf(node);
    const isOpen = rows.nodes[index + 1] !== undefined && model.group[rows.nodes[index + 1]] === node;
    row.dataset.node = node;
    row.id = `task-${node}`;
    setClass(row, `row ${STATES[state].letter}${node === store.selected ? ' selected' : ''}${index % 2 ? ' odd' : ''}`);
    row.setAttribute('aria-selected', node === store.selected);
    row.setAttribute('aria-rowindex', index + 2);
    row.setAttribute('aria-level', rows.depths[index] + 1);
    if (counts) row.setAttribute('aria-expanded', isOpen);
    else row.removeAttribute('aria-expanded');
    toggle.hidden = !counts;
    setText(toggle, isOpen ? '▾' : '▸');
    toggle.setAttribute('aria-label', isOpen ? 'Close the group' : 'Open the group');
    cells[0].style.paddingInlineStart = `${8 + Math.min(8, rows.depths[index]) * 14}px`;
    setText(sign, STATES[state].sign);
    setText(name, visible(rows.depths[index] > 0 ? model.shortName(node) : model.names[node], 160));
    cells[0].title = visible(model.names[node], 2000);
    setText(badge, counts ? count(counts.reduce((sum, number) => sum + number, 0)) : '');
    badge.title = counts ? countsText(counts) : '';
    setText(cells[1], stateText(model, node, state));
    cells[1].title = stateText(model, node, state);
    setText(cells[2], visible(model.type(node), 80));
    const attempts = model.attempts.countOf(node);
    setText(cells[3], attempts > 1 ? count(attempts) : '');
    const { start, end } = snapshot.span(node);
    setText(cells[4], start === null ? '' : moment(start, 1e5));
    setText(cells[5], start === null ? '' : end === null ? ticking(store.shownTime - start) : duration(end - start));
    const reason = counts ? failuresText(counts) : reasonOf(model, node, state);
    setText(cells[6], visible(reason, 200));
    cells[6].title = prose(reason, 1000);
  }
}

// A reason belongs to the last state of a task only.
function reasonOf(model, node, state) {
  return state === model.state[node] ? model.reasons.get(node) ?? '' : '';
}

function failuresText(counts) {
  return COUNTED.slice(0, 2).filter((state) => counts[state] > 0).map(
    (state) => `${counted(counts[state], 'task')} ${STATES[state].word}`
  ).join(', ');
}
