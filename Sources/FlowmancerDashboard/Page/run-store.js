// What the views of a run share: the run, the instant that is shown, what is selected, open, searched and filtered.

import { atNextFrame } from './dom.js';
import { serverNow } from './api.js';
import { RunModel } from './run-model.js';
import { Profile } from './profile.js';
import { Snapshot } from './snapshot.js';
import { Rows } from './rows.js';

/**
 * Views listen with `watch` and are told at the next frame what changed, once, however much happened before it: run
 * (facts of the run), structure (other nodes), state (states, or the instant), selection, rows (what is open, sorted,
 * filtered), search (what is looked for), instant (where the slider stands), connection.
 */
export class RunStore {
  #watchers = new Set();
  #changed = new Set();
  #snapshot = null;
  #match = null;
  #profiles = new Map();
  #flush = () => this.#tell();

  constructor(id) {
    this.id = id;
    this.run = null;
    this.model = null;
    this.rows = new Rows(this);
    /** The groups that are open. */
    this.open = new Set();
    this.selected = -1;
    /** The instant that is shown, in microseconds since the start of the run; `null` at the end. */
    this.time = null;
    this.search = '';
    /** The states that are shown, as numbers; all if it is empty. */
    this.states = new Set();
    this.connection = 'closed';
  }

  watch(listener) {
    this.#watchers.add(listener);
    return () => this.#watchers.delete(listener);
  }

  note(...kinds) {
    for (const kind of kinds) this.#changed.add(kind);
    if (kinds.includes('state') || kinds.includes('instant') || kinds.includes('structure')) this.#snapshot = null;
    if (kinds.includes('structure') || kinds.includes('search')) this.#match = null;
    if (kinds.includes('structure')) this.#profiles.clear();
    atNextFrame(this.#flush);
  }

  #tell() {
    const changed = this.#changed;
    if (changed.size === 0) return;
    this.#changed = new Set();
    if (['state', 'instant', 'structure', 'search', 'rows'].some((kind) => changed.has(kind))) {
      this.rows.forget(changed);
    }
    for (const listener of [...this.#watchers]) {
      try {
        listener(changed);
      } catch (error) {
        reportError(error);
      }
    }
  }

  /** The states at the instant that is shown. */
  get snapshot() {
    this.#snapshot ??= new Snapshot(this.model, this.time);
    return this.#snapshot;
  }

  /**
   * How many tasks of a group ran at each time; of all of them for -1. While the run is under way, it is made anew from
   * time to time.
   */
  profileOf(group) {
    const known = this.#profiles.get(group);
    const now = performance.now();
    if (known && (!this.isUnderWay || now - known.made < 500)) return known.profile;
    const { model } = this;
    const isMember = new Uint8Array(model.groups.length);
    // Outer groups come last: from there inwards, all groups within this one are found.
    for (let slot = model.groups.length - 1; slot >= 0; slot -= 1) {
      const node = model.groups[slot];
      const outer = model.group[node];
      if (node === group || (outer >= 0 && isMember[model.slot[outer]])) isMember[slot] = 1;
    }
    const isMeant = group < 0
      ? () => true
      : (node) => model.group[node] >= 0 && isMember[model.slot[model.group[node]]] === 1;
    const profile = new Profile(model.attempts, this.horizon, isMeant);
    this.#profiles.set(group, { profile, made: now });
    return profile;
  }

  /**
   * Which nodes the search and the chosen states leave; `null` if that is all of them. Groups of such nodes are among
   * them.
   */
  get match() {
    if (this.search === '' && this.states.size === 0) return null;
    if (this.#match?.snapshot === this.snapshot || (this.states.size === 0 && this.#match)) return this.#match.nodes;
    const { model, states } = this;
    const found = this.search === '' ? new Uint8Array(model.count).fill(1) : model.search(this.search);
    const nodes = new Uint8Array(model.count);
    let count = 0;
    for (let node = 0; node < model.count; node += 1) {
      if (model.hasMembers(node)) {
        if (found[node] && states.size === 0) nodes[node] = 1;
        continue;
      }
      if (!found[node] || (states.size > 0 && !states.has(this.snapshot.state[node]))) continue;
      nodes[node] = 1;
      count += 1;
    }
    for (let node = 0; node < model.count; node += 1) {
      if (nodes[node] !== 1 || model.hasMembers(node)) continue;
      for (const group of model.around(node)) {
        if (nodes[group] === 2) break;
        nodes[group] = 2;
      }
    }
    this.#match = { nodes, count, snapshot: this.snapshot };
    return nodes;
  }

  get matchCount() { return this.match === null ? this.model.count : this.#match.count; }

  // MARK: Changes

  setView(view) {
    const selected = this.selected >= 0 ? this.model.names[this.selected] : null;
    const opened = this.model ? [...this.open].map((node) => this.model.names[node]) : [];
    this.run = { ...this.run, ...view.run };
    this.model = new RunModel(view);
    this.problems = view.problems ?? [];
    this.open = new Set(opened.map((name) => this.model.numberOf(name)).filter((node) => node >= 0));
    this.selected = selected === null ? -1 : this.model.numberOf(selected);
    this.note('structure', 'state', 'run', 'rows');
  }

  setRun(run) {
    this.run = { ...this.run, ...run };
    this.note('run');
  }

  apply(changes) {
    const nodes = this.model.apply(changes);
    if (changes.expected !== undefined) this.setRun({ expected: changes.expected });
    this.note('state');
    return nodes;
  }

  select(node, { reveal = true } = {}) {
    if (node === this.selected) return;
    this.selected = node;
    if (node >= 0 && reveal) this.reveal(node);
    this.note('selection');
  }

  /** Opens the groups around a node. */
  reveal(node) {
    for (const group of this.model.around(node)) this.setOpen(group, true);
  }

  setOpen(group, isOpen) {
    if (!this.model.hasMembers(group) || this.open.has(group) === isOpen) return;
    if (isOpen) this.open.add(group);
    else this.open.delete(group);
    this.note('rows');
  }

  toggle(group) { this.setOpen(group, !this.open.has(group)); }

  setTime(time) {
    const next = time === null || time >= this.horizon ? null : Math.max(0, time);
    if (next === this.time) return;
    this.time = next;
    this.note('instant');
  }

  setSearch(text) {
    if (text === this.search) return;
    this.search = text;
    this.note('search');
  }

  toggleState(state) {
    if (!this.states.delete(state)) this.states.add(state);
    this.note('search');
  }

  setConnection(connection) {
    if (connection === this.connection) return;
    this.connection = connection;
    this.note('connection');
  }

  // MARK: Time

  get isUnderWay() { return this.run?.state === 'under_way'; }

  get startedAt() { return Date.parse(this.run.started_at); }

  /** The last moment of the run: now, while it is under way. */
  get horizon() {
    if (this.run.ended_at) {
      return Math.max((Date.parse(this.run.ended_at) - this.startedAt) * 1000, this.model.attempts.lastMoment);
    }
    if (!this.isUnderWay) return this.model.lastMoment;
    return Math.max((serverNow() - this.startedAt) * 1000, this.model.attempts.lastMoment);
  }

  /** The instant that is shown, also at the end. */
  get shownTime() { return this.time ?? this.horizon; }
}
