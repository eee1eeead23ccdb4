// The rows of the table and of the timeline: the tasks, and the members of open groups below their groups.

import { FAILED } from './states.js';

const collator = new Intl.Collator('en', { numeric: true });

export class Rows {
  #store;
  #nodes = null;
  #depths = null;
  #places = null;

  constructor(store) {
    this.#store = store;
    /** What the rows are sorted by: order, name, type, state, attempts, start, duration. */
    this.key = 'order';
    this.isDescending = false;
  }

  /** The nodes of the rows. */
  get nodes() {
    if (this.#nodes === null) this.#make();
    return this.#nodes;
  }

  /** How many groups are around each row. */
  get depths() {
    if (this.#nodes === null) this.#make();
    return this.#depths;
  }

  /** The row of a node; -1 if it has none. */
  placeOf(node) {
    if (this.#places === null) {
      this.#places = new Int32Array(this.#store.model.count).fill(-1);
      this.nodes.forEach((shown, place) => { this.#places[shown] = place; });
    }
    return node < 0 ? -1 : this.#places[node];
  }

  sort(key) {
    if (this.key !== key) [this.key, this.isDescending] = [key, false];
    else if (!this.isDescending) this.isDescending = true;
    else [this.key, this.isDescending] = ['order', false];
    this.#store.note('rows');
  }

  /** Makes the rows anew when they are asked for, where a change can have moved them. */
  forget(changed) {
    const movesWithStates = this.#store.states.size > 0 || !['order', 'name', 'type'].includes(this.key);
    const moved = changed.has('structure') || changed.has('search') || changed.has('rows')
      || (movesWithStates && (changed.has('state') || changed.has('instant')));
    if (moved) [this.#nodes, this.#depths, this.#places] = [null, null, null];
  }

  #make() {
    const { model, open, match } = this.#store;
    const compare = this.#comparison();
    const nodes = [];
    const depths = [];
    // What a search found is shown below its groups, though they are closed.
    const isShown = (node) => match === null || match[node] !== 0;
    const isOpen = (node) => open.has(node) || (match !== null && match[node] === 2 && this.#store.search !== '');
    const add = (list, depth) => {
      if (compare) list.sort(compare);
      for (const node of list) {
        if (!isShown(node)) continue;
        nodes.push(node);
        depths.push(depth);
        if (model.hasMembers(node) && isOpen(node)) add([...model.members(node)], depth + 1);
      }
    };
    add([...model.tops], 0);
    this.#nodes = Int32Array.from(nodes);
    this.#depths = Uint8Array.from(depths);
    this.#places = null;
  }

  #comparison() {
    const { model, snapshot, shownTime } = this.#store;
    const sign = this.isDescending ? -1 : 1;
    const byNumber = (value) => (a, b) => sign * (value(a) - value(b)) || a - b;
    const byText = (value) => (a, b) => sign * collator.compare(value(a), value(b)) || a - b;
    switch (this.key) {
      case 'name': return byText((node) => model.names[node]);
      case 'type': return byText((node) => model.type(node));
      case 'state': return byNumber((node) => (snapshot.state[node] === FAILED ? -1 : snapshot.state[node]));
      case 'attempts': return byNumber((node) => model.attempts.countOf(node));
      case 'start': return byNumber((node) => snapshot.span(node).start ?? Number.MAX_VALUE);
      case 'duration': return byNumber((node) => {
        const { start, end } = snapshot.span(node);
        return start === null ? -1 : (end ?? shownTime) - start;
      });
      default: return this.isDescending ? (a, b) => b - a : null;
    }
  }
}
