// The states of all nodes at an instant. A pure value.

import { ABORTED, COMPLETED, DEFAULTED, FAILED, isFinal, PENDING, RUNNING, SKIPPED, STATES } from './states.js';

const KINDS = STATES.length;
// What a group is called of whose members all have ended.
const WORST = [FAILED, ABORTED, DEFAULTED, COMPLETED, SKIPPED];

export class Snapshot {
  /** `time` is in microseconds since the start of the run; `null` is the last that is known. */
  constructor(model, time = null) {
    this.model = model;
    this.time = time;
    this.state = time === null ? model.state.slice() : new Uint8Array(model.count);
    const begun = new Uint8Array(model.count);
    if (time !== null) this.#goBack(begun);
    else for (let node = 0; node < model.count; node += 1) begun[node] = this.state[node] !== PENDING
      || model.attempts.first[node] >= 0
      ? 1
      : 0;
    /** For each group the number of its tasks in each state. */
    this.countsOfGroups = new Uint32Array(model.groups.length * KINDS);
    /** How many tasks are in each state. Groups count only if they have no members. */
    this.counts = new Uint32Array(KINDS);
    this.#sumUp(begun);
  }

  #goBack(begun) {
    const { model, time, state } = this;
    const running = new Uint8Array(model.count);
    model.attempts.mark(time, running, begun);
    for (let node = 0; node < model.count; node += 1) {
      const last = model.state[node];
      if (isFinal(last) && model.since[node] <= time) state[node] = last;
      else state[node] = running[node] ? RUNNING : PENDING;
      if (state[node] !== PENDING) begun[node] = 1;
    }
  }

  #sumUp(begun) {
    const { model, state, counts, countsOfGroups } = this;
    const started = new Uint8Array(model.groups.length);
    for (let node = 0; node < model.count; node += 1) {
      if (model.firstMember[node] >= 0) continue;
      counts[state[node]] += 1;
      const group = model.group[node];
      if (group < 0) continue;
      const slot = model.slot[group];
      countsOfGroups[slot * KINDS + state[node]] += 1;
      if (begun[node]) started[slot] = 1;
    }
    // Inner groups come first: their sums are whole when the outer ones take them.
    model.groups.forEach((node, slot) => {
      state[node] = this.#stateOfGroup(slot, started[slot]);
      const outer = model.group[node];
      if (outer < 0) return;
      const place = model.slot[outer];
      for (let kind = 0; kind < KINDS; kind += 1) {
        countsOfGroups[place * KINDS + kind] += countsOfGroups[slot * KINDS + kind];
      }
      if (started[slot]) started[place] = 1;
    });
  }

  #stateOfGroup(slot, hasBegun) {
    const { countsOfGroups } = this;
    const first = slot * KINDS;
    if (countsOfGroups[first + PENDING] + countsOfGroups[first + RUNNING] > 0) return hasBegun ? RUNNING : PENDING;
    return WORST.find((kind) => countsOfGroups[first + kind] > 0) ?? PENDING;
  }

  /** How many tasks of a group are in each state. */
  countsOf(group) {
    const slot = this.model.slot[group];
    return slot < 0 ? null : this.countsOfGroups.subarray(slot * KINDS, (slot + 1) * KINDS);
  }

  /**
   * From the first beginning to the last end of a task, or of all members of a group. The start is `null` if it did not
   * begin, the end is `null` if it runs.
   */
  span(node) {
    if (this.model.firstMember[node] < 0) return this.#spanOfTask(node);
    this.#spans ??= this.#findSpans();
    const slot = this.model.slot[node];
    const [start, end] = [this.#spans.starts[slot], this.#spans.ends[slot]];
    return { start: start === Infinity ? null : start, end: end === Infinity || start === Infinity ? null : end };
  }

  #spans = null;

  #findSpans() {
    const { model } = this;
    const starts = new Float64Array(model.groups.length).fill(Infinity);
    const ends = new Float64Array(model.groups.length).fill(-1);
    const take = (slot, start, end) => {
      if (start === Infinity) return;
      if (start < starts[slot]) starts[slot] = start;
      if (end > ends[slot]) ends[slot] = end;
    };
    const { attempts } = model;
    const time = this.time ?? Infinity;
    for (let index = 0; index < attempts.count; index += 1) {
      const group = model.group[attempts.node[index]];
      const start = attempts.start[index];
      if (group < 0 || start < 0 || start > time) continue;
      const stop = attempts.stop[index];
      take(model.slot[group], start, stop < 0 || stop > time ? Infinity : stop);
    }
    model.groups.forEach((node, slot) => {
      const outer = model.group[node];
      if (outer >= 0) take(model.slot[outer], starts[slot], ends[slot]);
    });
    return { starts, ends };
  }

  #spanOfTask(node) {
    const { attempts } = this.model;
    const time = this.time ?? Infinity;
    let [start, end] = [null, null];
    for (let index = attempts.first[node]; index >= 0; index = attempts.next[index]) {
      const begin = attempts.start[index];
      if (begin < 0 || begin > time) continue;
      start ??= begin;
      const stop = attempts.stop[index];
      end = stop < 0 || stop > time ? null : stop;
    }
    return { start, end };
  }
}
