// The attempts of all tasks of a run, in the order of their beginnings.

import { RUNNING, stateOfLetter } from './states.js';

export class Attempts {
  #room;

  constructor(nodeCount, { node, number, start, end, state }) {
    this.count = 0;
    this.lastMoment = 0;
    /** For each node its first and last attempt; -1 if it has none. */
    this.first = new Int32Array(nodeCount).fill(-1);
    this.last = new Int32Array(nodeCount).fill(-1);
    this.#room = 0;
    this.#grow(Math.max(64, node.length));
    for (let index = 0; index < node.length; index += 1) {
      this.#add(node[index], number[index], start[index], end[index], stateOfLetter(state, index));
    }
  }

  #grow(room) {
    const enlarge = (Kind, old) => {
      const array = new Kind(room);
      if (old) array.set(old);
      return array;
    };
    this.node = enlarge(Int32Array, this.node);
    this.number = enlarge(Int32Array, this.number);
    /** In microseconds since the start of the run; -1 if that is not known. */
    this.start = enlarge(Float64Array, this.start);
    /** The same; -1 also while it runs. */
    this.stop = enlarge(Float64Array, this.stop);
    this.state = enlarge(Uint8Array, this.state);
    /** The next attempt of the same task. */
    this.next = enlarge(Int32Array, this.next);
    this.#room = room;
  }

  #add(node, number, start, end, state) {
    if (this.count === this.#room) this.#grow(this.#room * 2);
    const index = this.count;
    this.count += 1;
    this.node[index] = node;
    this.number[index] = number;
    this.start[index] = start;
    this.stop[index] = end;
    this.state[index] = state;
    this.next[index] = -1;
    if (this.first[node] < 0) this.first[node] = index;
    else this.next[this.last[node]] = index;
    this.last[node] = index;
    this.lastMoment = Math.max(this.lastMoment, start, end);
    return index;
  }

  begin(node, number, time) {
    const last = this.last[node];
    if (last >= 0 && this.number[last] === number && this.stop[last] < 0) return;
    this.#add(node, number, time, -1, RUNNING);
  }

  end(node, number, time, state) {
    let last = this.last[node];
    if (last < 0 || this.number[last] !== number || this.state[last] !== RUNNING) {
      // Its beginning is not on record.
      last = this.#add(node, number, -1, time, state);
    }
    this.stop[last] = time;
    this.state[last] = state;
    this.lastMoment = Math.max(this.lastMoment, time);
  }

  * of(node) {
    for (let index = this.first[node]; index >= 0; index = this.next[index]) yield index;
  }

  countOf(node) {
    let count = 0;
    for (let index = this.first[node]; index >= 0; index = this.next[index]) count += 1;
    return count;
  }

  isRunning(node, time) {
    for (let index = this.first[node]; index >= 0; index = this.next[index]) {
      if (this.#runsAt(index, time)) return true;
    }
    return false;
  }

  #runsAt(index, time) {
    if (this.start[index] < 0 || this.start[index] > time) return false;
    return this.stop[index] > time || (this.stop[index] < 0 && this.state[index] === RUNNING);
  }

  /** Marks what runs, and what has begun, at an instant. */
  mark(time, running, begun) {
    for (let index = 0; index < this.count; index += 1) {
      const { [index]: node } = this.node;
      if (this.start[index] <= time) begun[node] = 1;
      if (this.#runsAt(index, time)) running[node] = 1;
    }
  }
}
