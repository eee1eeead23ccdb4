// A line between panels that is moved with the mouse or the arrow keys. Its place is remembered.

import { el } from './dom.js';
import { recall, remember } from './memory.js';

const smallest = 0.15;
const usual = { column: 0.56, left: 0.58, right: 0.46 };
const steps = { ArrowLeft: -0.02, ArrowUp: -0.02, ArrowRight: 0.02, ArrowDown: 0.02 };

/** Makes a line. The share before it becomes the property `--NAME` of the grid, the rest `--NAME-rest`. */
export function divider(grid, name, label) {
  const isColumn = name === 'column';
  const line = el('div', {
    class: `divider ${isColumn ? 'upright' : 'level'}`,
    role: 'separator',
    tabindex: '0',
    'aria-label': label,
    'aria-orientation': isColumn ? 'vertical' : 'horizontal',
    'aria-valuemin': smallest * 100,
    'aria-valuemax': 100 - smallest * 100,
  });
  let share = usual[name];
  const apply = (value) => {
    share = Math.min(1 - smallest, Math.max(smallest, value));
    grid.style.setProperty(`--${name}`, String(share));
    grid.style.setProperty(`--${name}-rest`, String(1 - share));
    line.setAttribute('aria-valuenow', Math.round(share * 100));
  };
  apply(Number(recall(`split-${name}`)) || usual[name]);
  line.addEventListener('pointerdown', (event) => line.setPointerCapture(event.pointerId));
  line.addEventListener('pointermove', (event) => {
    if (!line.hasPointerCapture(event.pointerId)) return;
    const box = line.parentElement.getBoundingClientRect();
    apply(isColumn ? (event.clientX - box.left) / box.width : (event.clientY - box.top) / box.height);
  });
  line.addEventListener('pointerup', () => remember(`split-${name}`, String(share)));
  line.addEventListener('dblclick', () => {
    apply(usual[name]);
    remember(`split-${name}`, null);
  });
  line.addEventListener('keydown', (event) => {
    const step = steps[event.key];
    if (!step) return;
    apply(share + step);
    remember(`split-${name}`, String(share));
    event.preventDefault();
    event.stopPropagation();
  });
  return line;
}
