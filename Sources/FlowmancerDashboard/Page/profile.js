// How many tasks ran at each time: of a group, or of a run.

import { FAILED } from './states.js';

const parts = 1024;
const mostFailures = 400;

export class Profile {
  /** The attempts for which `isMeant(node)` holds, between the beginning of the run and `horizon`. */
  constructor(attempts, horizon, isMeant) {
    this.horizon = Math.max(1, horizon);
    /** How many ran in each part of the time. */
    this.running = new Float32Array(parts);
    /** When some failed. */
    this.failures = [];
    /** Whether not all of them failed. */
    this.isMixed = false;
    const change = new Float64Array(parts + 1);
    const place = (time) => Math.min(parts - 1, Math.max(0, Math.floor((time / this.horizon) * parts)));
    for (let index = 0; index < attempts.count; index += 1) {
      const start = attempts.start[index];
      if (start < 0 || !isMeant(attempts.node[index])) continue;
      const stop = attempts.stop[index] < 0 ? this.horizon : attempts.stop[index];
      change[place(start)] += 1;
      change[place(stop) + 1] -= 1;
      if (attempts.state[index] !== FAILED) this.isMixed = true;
      else if (this.failures.length < mostFailures) this.failures.push(stop);
    }
    let sum = 0;
    this.most = 1;
    for (let part = 0; part < parts; part += 1) {
      sum += change[part];
      this.running[part] = sum;
      if (sum > this.most) this.most = sum;
    }
  }

  /** The share of the most that ran in a time, from 0 to 1. */
  at(start, end) {
    const first = Math.min(parts - 1, Math.max(0, Math.floor((start / this.horizon) * parts)));
    const last = Math.min(parts - 1, Math.max(first, Math.ceil((end / this.horizon) * parts) - 1));
    let most = 0;
    for (let part = first; part <= last; part += 1) if (this.running[part] > most) most = this.running[part];
    return most / this.most;
  }
}
