// A run as typed arrays: its nodes, their edges, and what happened to them. Nodes are known by their numbers.

import { FAILED, isFinal, PENDING, RUNNING, stateOfLetter } from './states.js';
import { Attempts } from './attempts.js';

export class RunModel {
  /** Takes an answer of `/v1/runs/{id}/view`. */
  constructor(view) {
    const { nodes, edges } = view;
    this.count = nodes.name.length;
    this.names = nodes.name;
    this.definitions = view.definitions;
    this.group = Int32Array.from(nodes.group);
    this.definition = Int32Array.from(nodes.definition);
    this.isGroup = Uint8Array.from(nodes.is_group, Number);
    this.state = new Uint8Array(this.count);
    for (let node = 0; node < this.count; node += 1) this.state[node] = stateOfLetter(view.state, node);
    /** When a node entered its state, in microseconds since the start of the run; -1 if that is not known. */
    this.since = Float64Array.from(view.since);
    this.allowed = new Uint8Array(this.count);
    for (const node of view.allowed ?? []) this.allowed[node] = 1;
    this.reasons = new Map(Object.entries(view.reasons ?? {}).map(([node, text]) => [Number(node), text]));
    this.longestWay = view.longest_way ?? [];
    this.isOnLongestWay = new Uint8Array(this.count);
    for (const node of this.longestWay) this.isOnLongestWay[node] = 1;
    this.attempts = new Attempts(this.count, view.attempts);
    this.#readGroups();
    this.#readEdges(edges);
    this.#numbers = null;
    this.#lowered = null;
  }

  #numbers;
  #lowered;

  // The members of a group are a chain: first, then the next of each.
  #readGroups() {
    this.firstMember = new Int32Array(this.count).fill(-1);
    this.nextMember = new Int32Array(this.count).fill(-1);
    this.tops = [];
    const last = new Int32Array(this.count).fill(-1);
    for (let node = 0; node < this.count; node += 1) {
      const group = this.group[node];
      if (group < 0) this.tops.push(node);
      else if (last[group] < 0) this.firstMember[group] = node;
      else this.nextMember[last[group]] = node;
      if (group >= 0) last[group] = node;
    }
    /** All groups that have members, inner ones before outer ones. */
    this.groups = [];
    const open = [...this.tops];
    while (open.length > 0) {
      const node = open.pop();
      if (this.firstMember[node] < 0) continue;
      this.groups.push(node);
      for (const member of this.members(node)) if (this.firstMember[member] >= 0) open.push(member);
    }
    this.groups.reverse();
    /** The place of a group in `groups`. */
    this.slot = new Int32Array(this.count).fill(-1);
    this.groups.forEach((node, slot) => { this.slot[node] = slot; });
  }

  #readEdges({ from, to }) {
    const index = (of, other) => {
      const start = new Int32Array(this.count + 1);
      for (const node of of) start[node + 1] += 1;
      for (let node = 0; node < this.count; node += 1) start[node + 1] += start[node];
      const place = start.slice();
      const ends = new Int32Array(of.length);
      of.forEach((node, edge) => { ends[place[node]++] = other[edge]; });
      return { start, ends };
    };
    this.edgesInto = index(to, from);
    this.edgesOutOf = index(from, to);
  }

  /** What a node waits for. */
  dependencies(node) {
    return this.edgesInto.ends.subarray(this.edgesInto.start[node], this.edgesInto.start[node + 1]);
  }

  /** What waits for a node. */
  dependents(node) {
    return this.edgesOutOf.ends.subarray(this.edgesOutOf.start[node], this.edgesOutOf.start[node + 1]);
  }

  * members(group) {
    for (let node = this.firstMember[group]; node >= 0; node = this.nextMember[node]) yield node;
  }

  hasMembers(node) { return this.firstMember[node] >= 0; }

  /** The groups around a node, from the inside. */
  * around(node) {
    for (let group = this.group[node]; group >= 0; group = this.group[group]) yield group;
  }

  type(node) { return this.definitions[this.definition[node]]?.type ?? ''; }

  /** The number of the node with a name; -1 if there is none. */
  numberOf(name) {
    this.#numbers ??= new Map(this.names.map((known, node) => [known, node]));
    return this.#numbers.get(name) ?? -1;
  }

  /** The name without that of the group around it. */
  shortName(node) {
    const group = this.group[node];
    const name = this.names[node];
    if (group < 0) return name;
    const outer = this.names[group];
    return name.length > outer.length && name.startsWith(outer) ? name.slice(outer.length).replace(/^\//, '') : name;
  }

  /** Marks the nodes whose name, type or reason holds the text. */
  search(text) {
    const found = new Uint8Array(this.count);
    const wanted = text.toLowerCase();
    this.#lowered ??= this.names.map((name) => name.toLowerCase());
    const types = this.definitions.map(({ type }) => (type ?? '').toLowerCase().includes(wanted));
    for (let node = 0; node < this.count; node += 1) {
      if (this.#lowered[node].includes(wanted) || types[this.definition[node]]) found[node] = 1;
    }
    for (const [node, reason] of this.reasons) if (reason.toLowerCase().includes(wanted)) found[node] = 1;
    return found;
  }

  /** Takes in a message of changes. Returns the nodes that changed. */
  apply(changes) {
    const allowed = new Set(changes.allowed ?? []);
    changes.node.forEach((node, index) => {
      if (node >= this.count) return;
      const from = stateOfLetter(changes.from, index);
      const to = stateOfLetter(changes.to, index);
      const at = changes.at[index];
      // An attempt that failed leaves its task waiting for the next one.
      if (from === RUNNING) this.attempts.end(node, changes.attempt[index], at, isFinal(to) ? to : FAILED);
      if (to === RUNNING) this.attempts.begin(node, changes.attempt[index], at);
      this.state[node] = to;
      this.since[node] = at;
      this.allowed[node] = allowed.has(index) ? 1 : 0;
      const reason = changes.reasons?.[index];
      if (reason === undefined) this.reasons.delete(node);
      else this.reasons.set(node, reason);
    });
    return changes.node;
  }

  /** The last moment at which something is known to have happened. */
  get lastMoment() {
    let last = this.attempts.lastMoment;
    for (let node = 0; node < this.count; node += 1) if (this.since[node] > last) last = this.since[node];
    return last;
  }

  /** The state of a task at an instant. */
  taskStateAt(node, time) {
    const state = this.state[node];
    if (isFinal(state) && this.since[node] <= time) return state;
    return this.attempts.isRunning(node, time) ? RUNNING : PENDING;
  }
}
