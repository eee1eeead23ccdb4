// A canvas that is as large as its place and as sharp as the screen.

import { atNextFrame } from './dom.js';
import { watchPalette } from './palette.js';

const signText = (context, text, width) => context.measureText(text).width <= width;

export class Surface {
  #observer;
  #unwatch;
  #draw;
  #work = () => {
    if (this.width > 0 && this.height > 0) this.#draw(this.context, this.width, this.height);
  };

  /** `draw(context, width, height)` paints all of it; `resized` is called first when the size changed. */
  constructor(canvas, draw, resized = () => {}) {
    this.canvas = canvas;
    this.context = canvas.getContext('2d');
    this.width = 0;
    this.height = 0;
    this.density = 1;
    this.#draw = draw;
    this.#observer = new ResizeObserver(() => {
      const { width, height } = canvas.parentElement.getBoundingClientRect();
      const before = [this.width, this.height];
      [this.width, this.height] = [Math.floor(width), Math.floor(height)];
      this.density = Math.min(2, devicePixelRatio || 1);
      canvas.width = Math.round(this.width * this.density);
      canvas.height = Math.round(this.height * this.density);
      canvas.style.width = `${this.width}px`;
      canvas.style.height = `${this.height}px`;
      resized(this.width, this.height, before);
      // Setting the size cleared it: it must not flash.
      this.#work();
    });
    this.#observer.observe(canvas.parentElement);
    this.#unwatch = watchPalette(() => this.invalidate());
  }

  invalidate() { atNextFrame(this.#work); }

  close() {
    this.#observer.disconnect();
    this.#unwatch();
  }
}

const widths = new Map();

/** The text, shortened with an ellipsis to a width. */
export function fitted(context, text, width) {
  if (width <= 0) return '';
  const key = `${context.font}|${text}`;
  let whole = widths.get(key);
  if (whole === undefined) {
    if (widths.size > 20000) widths.clear();
    whole = context.measureText(text).width;
    widths.set(key, whole);
  }
  if (whole <= width) return text;
  let end = Math.max(0, Math.floor(text.length * (width / whole)));
  while (end > 0 && !signText(context, `${text.slice(0, end)}…`, width)) end -= 1;
  return end === 0 ? '' : `${text.slice(0, end)}…`;
}
