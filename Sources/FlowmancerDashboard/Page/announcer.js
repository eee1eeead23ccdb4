// What screen readers say. Short, and never faster than one can listen.

import { setText } from './dom.js';

const pause = 1500;
let last = 0;
let timer = 0;

/** Reads out a text at once: the reader asked for it. */
export function say(text) {
  clearTimeout(timer);
  last = performance.now();
  setText(document.getElementById('announcer'), text);
}

/** Reads out what happened. Of several texts in a short time only the last one is read. */
export function announce(text) {
  clearTimeout(timer);
  timer = setTimeout(() => say(text), Math.max(0, last + pause - performance.now()));
}
