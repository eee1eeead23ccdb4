// The colours of the style sheet, for the canvases.

import { STATES } from './states.js';

let colours = null;
const watchers = new Set();

/** The colours as they are now: for each state `text`, `back` and `line`, and those of the page. */
export function palette() {
  colours ??= read();
  return colours;
}

/** Calls the function when light became dark, or the other way round. */
export function watchPalette(listener) {
  watchers.add(listener);
  return () => watchers.delete(listener);
}

export function paletteChanged() {
  colours = null;
  for (const listener of watchers) listener();
}

matchMedia('(prefers-color-scheme: dark)').addEventListener('change', paletteChanged);

function read() {
  // The computed colour of an element: a variable alone would be the text of its rule.
  const probe = document.createElement('span');
  probe.hidden = true;
  document.body.append(probe);
  const of = (name) => {
    probe.style.color = `var(--${name})`;
    return getComputedStyle(probe).color;
  };
  const result = {
    states: STATES.map(({ letter }) => ({ text: of(letter), back: of(`${letter}b`), line: of(`${letter}s`) })),
    page: of('bg'),
    text: of('fg'),
    muted: of('muted'),
    line: of('line'),
    strong: of('strong'),
    panel: of('panel'),
    accent: of('link'),
    edge: of('edge'),
    select: of('select'),
  };
  probe.remove();
  return result;
}
