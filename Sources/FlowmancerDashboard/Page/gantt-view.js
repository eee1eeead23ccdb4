// The attempts of tasks over time, on a canvas: one row for each row of the table.

import { Surface } from './canvas.js';
import { button, el } from './dom.js';
import { listenToGestures } from './gestures.js';
import { axisHeight, labelWidth, paintGantt, rowHeight } from './gantt-paint.js';
import { describe } from './describe.js';
import { followRowKey } from './row-keys.js';
import { TimeWindow } from './time-window.js';

export class GanttView {
  #store;
  #surface;
  #window = new TimeWindow();
  #actions;
  #unwatch;
  #ticker;

  constructor(store, actions) {
    this.#store = store;
    this.#actions = actions;
    this.canvas = el('canvas', { 'aria-hidden': 'true' });
    this.spacer = el('div');
    this.stage = el('div', {
      class: 'stage scroller', tabindex: '0', role: 'application', 'aria-roledescription': 'timeline',
      'aria-label': 'Timeline of the attempts. The arrow keys go from row to row. The table has the same rows.',
    }, this.spacer);
    const tool = (text, name, work) => button(text, work, { class: 'tool', 'aria-label': name, title: name });
    const tools = el('div', { class: 'tools', role: 'group', 'aria-label': 'Zoom of the timeline' },
      tool('+', 'Zoom in (+)', () => this.#zoom(1.5)),
      tool('−', 'Zoom out (-)', () => this.#zoom(1 / 1.5)),
      tool('⤢', 'Show all (0)', () => this.#showAll()));
    this.element = el('div', { class: 'gantt' }, this.canvas, this.stage, tools);
    const draw = (context, width, height) => this.#draw(context, width, height);
    this.#surface = new Surface(this.canvas, draw, (width, height, before) => {
      if (before[1] === 0 && store.model) this.#show(store.rows.placeOf(store.selected));
    });
    this.stage.addEventListener('scroll', () => this.#surface.invalidate(), { passive: true });
    this.#listen();
    this.#unwatch = store.watch((changed) => this.#update(changed));
    this.#ticker = setInterval(
      () => { if (store.isUnderWay && store.time === null && !document.hidden) this.#surface.invalidate(); }, 100,
    );
  }

  close() {
    clearInterval(this.#ticker);
    this.#surface.close();
    this.#unwatch();
  }

  get #rowsHeight() { return Math.max(1, this.#surface.height - axisHeight); }

  // The whole list in pixels can be longer than an element may be high.
  get #factor() {
    const whole = this.#store.rows.nodes.length * rowHeight;
    return whole > 8e6 ? whole / 8e6 : 1;
  }

  get #top() { return this.stage.scrollTop * this.#factor; }

  #update(changed) {
    const { rows, selected } = this.#store;
    const height = Math.round((rows.nodes.length * rowHeight) / this.#factor) + axisHeight;
    this.spacer.style.height = `${height}px`;
    if (changed.has('selection') || changed.has('structure')) this.#show(rows.placeOf(selected));
    this.#surface.invalidate();
  }

  #show(place) {
    if (place < 0 || this.#surface.height === 0) return;
    const top = place * rowHeight;
    const reach = this.#rowsHeight;
    if (top < this.#top) this.stage.scrollTop = (top - rowHeight) / this.#factor;
    else if (top + rowHeight > this.#top + reach) this.stage.scrollTop = (top + 2 * rowHeight - reach) / this.#factor;
  }

  #draw(context, width, height) {
    const { density } = this.#surface;
    context.setTransform(density, 0, 0, density, 0, 0);
    context.clearRect(0, 0, width, height);
    if (!this.#store.model) return;
    this.#window.horizon = this.#store.horizon;
    paintGantt(context, { store: this.#store, width, height, top: this.#top, window: this.#window });
  }

  // MARK: Moving

  #timeAt(x) {
    const left = labelWidth(this.#surface.width);
    return this.#window.start + ((x - left) / Math.max(1, this.#surface.width - left - 12)) * this.#window.length;
  }

  #zoom(factor, x = this.#surface.width / 2) {
    this.#window.zoom(factor, this.#timeAt(x));
    this.#surface.invalidate();
  }

  #showAll() {
    this.#window.showAll();
    this.#surface.invalidate();
  }

  #listen() {
    const isOnAxis = (y) => y < axisHeight;
    const rowAt = (y) => (
      isOnAxis(y) ? -1 : this.#store.rows.nodes[Math.floor((y - axisHeight + this.#top) / rowHeight)] ?? -1
    );
    listenToGestures(this.stage, {
      pan: (dx, dy, event) => {
        const left = labelWidth(this.#surface.width);
        this.#window.pan((-dx / Math.max(1, this.#surface.width - left)) * this.#window.length);
        if (event.pointerType === 'mouse') this.stage.scrollTop -= dy;
        this.#surface.invalidate();
      },
      wheel: (event, x) => {
        if (event.shiftKey && !event.ctrlKey) {
          this.#window.pan(((event.deltaY || event.deltaX) / Math.max(1, this.#surface.width)) * this.#window.length);
          this.#surface.invalidate();
          event.preventDefault();
          return false;
        }
        return event.ctrlKey || event.metaKey || x === null;
      },
      zoom: (factor, x) => this.#zoom(factor, x),
      hover: (x, y) => {
        const node = y === null ? -1 : rowAt(y);
        this.stage.title = node < 0 ? '' : describe(this.#store, node);
      },
      click: (x, y) => {
        const node = rowAt(y);
        if (isOnAxis(y) && x > labelWidth(this.#surface.width)) this.#store.setTime(this.#timeAt(x));
        else if (node >= 0 && this.#isOnToggle(x, node)) this.#store.toggle(node);
        else this.#store.select(node);
      },
      double: (x, y) => { if (rowAt(y) >= 0) this.#actions.enter(rowAt(y)); },
    });
    this.stage.addEventListener('keydown', (event) => this.#key(event));
  }

  #isOnToggle(x, node) {
    const { rows, model } = this.#store;
    const left = 4 + Math.min(8, rows.depths[rows.placeOf(node)]) * 12;
    return model.hasMembers(node) && x >= left - 4 && x < left + 18;
  }

  #key(event) {
    if (event.shiftKey && (event.key === 'ArrowLeft' || event.key === 'ArrowRight')) {
      this.#window.pan((event.key === 'ArrowLeft' ? -0.1 : 0.1) * this.#window.length);
      this.#surface.invalidate();
    } else if (event.key === '+' || event.key === '=') this.#zoom(1.25);
    else if (event.key === '-') this.#zoom(1 / 1.25);
    else if (event.key === '0') this.#showAll();
    else {
      followRowKey(event, this.#store, {
        page: Math.floor(this.#rowsHeight / rowHeight) - 1, enter: this.#actions.enter, say: this.#actions.say,
      });
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  }
}
