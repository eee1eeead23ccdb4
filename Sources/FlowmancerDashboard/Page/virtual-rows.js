// A list of any length of which only the rows in view are elements.

import { atNextFrame, el } from './dom.js';

// Browsers do not lay out elements of any height: longer lists are scrolled in proportion.
const tallest = 8_000_000;

export class VirtualRows {
  #make;
  #fill;
  #pool = [];
  #work = () => this.#draw();
  #observer;

  /** `make()` returns the element of a row, `fill(element, index)` shows a row in it. */
  constructor({ rowHeight, make, fill, ...attributes }) {
    this.rowHeight = rowHeight;
    this.count = 0;
    this.#make = make;
    this.#fill = fill;
    this.body = el('div', { class: 'rows', role: 'presentation' });
    this.scroller = el('div', { class: 'scroller', ...attributes }, this.body);
    this.scroller.addEventListener('scroll', () => this.#draw(), { passive: true });
    this.#observer = new ResizeObserver(() => this.refresh());
    this.#observer.observe(this.scroller);
  }

  close() { this.#observer.disconnect(); }

  get #height() { return Math.min(tallest, this.count * this.rowHeight); }

  /** How many rows fit. */
  get page() { return Math.max(1, Math.floor(this.scroller.clientHeight / this.rowHeight) - 1); }

  setCount(count) {
    if (count !== this.count) {
      this.count = count;
      this.body.style.height = `${this.#height}px`;
    }
    this.refresh();
  }

  /** Shows the rows anew at the next frame. */
  refresh() { atNextFrame(this.#work); }

  /** The pixel of the whole list that is at the upper edge. */
  get offset() {
    const { scrollTop, clientHeight } = this.scroller;
    const whole = this.count * this.rowHeight;
    if (whole <= tallest) return scrollTop;
    return (scrollTop / Math.max(1, tallest - clientHeight)) * (whole - clientHeight);
  }

  set offset(offset) {
    const { clientHeight } = this.scroller;
    const whole = this.count * this.rowHeight;
    this.scroller.scrollTop = whole <= tallest
      ? offset
      : (offset / Math.max(1, whole - clientHeight)) * (tallest - clientHeight);
  }

  /** Scrolls just so far that a row is seen. */
  show(index) {
    if (index < 0) return;
    const top = index * this.rowHeight;
    const { clientHeight } = this.scroller;
    if (clientHeight === 0) return;
    if (top < this.offset) this.offset = Math.max(0, top - this.rowHeight);
    else if (top + this.rowHeight > this.offset + clientHeight) this.offset = top + 2 * this.rowHeight - clientHeight;
    this.refresh();
  }

  #draw() {
    const { offset } = this;
    const { scrollTop, clientHeight } = this.scroller;
    const first = Math.max(0, Math.floor(offset / this.rowHeight) - 4);
    const last = Math.min(this.count, Math.ceil((offset + clientHeight) / this.rowHeight) + 4);
    const needed = Math.max(0, last - first);
    while (this.#pool.length < needed) {
      const row = this.#make();
      this.#pool.push(row);
      this.body.append(row);
    }
    this.#pool.forEach((row, place) => {
      const isUsed = place < needed;
      if (row.hidden === isUsed) row.hidden = !isUsed;
      if (!isUsed) return;
      const index = first + place;
      row.style.transform = `translateY(${index * this.rowHeight - offset + scrollTop}px)`;
      this.#fill(row, index);
    });
  }
}
