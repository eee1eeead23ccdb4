// A task or group in a few words: for titles, and for those who listen.

import { COUNTED, FAILED, STATES } from './states.js';
import { count, counted, duration, visible } from './text.js';

/** `load, failed after 2 s, 2 dependencies`. */
export function describe(store, node) {
  const { model, snapshot } = store;
  const state = snapshot.state[node];
  const parts = [visible(model.names[node], 200), stateText(model, node, state)];
  const counts = snapshot.countsOf(node);
  if (counts) parts.push(countsText(counts));
  const { start, end } = snapshot.span(node);
  if (start !== null && end !== null) parts.push(duration(end - start));
  const waits = model.dependencies(node).length;
  if (waits > 0) parts.push(`${count(waits)} ${waits === 1 ? 'dependency' : 'dependencies'}`);
  return parts.join(', ');
}

export function stateText(model, node, state) {
  return STATES[state].word + (state === FAILED && model.allowed[node] ? ' (allowed)' : '');
}

/** `2 failed, 998 completed`. */
export function countsText(counts) {
  const parts = COUNTED.filter((state) => counts[state] > 0).map(
    (state) => `${count(counts[state])} ${STATES[state].word}`
  );
  return parts.length === 0 ? counted(0, 'task') : parts.join(', ');
}
