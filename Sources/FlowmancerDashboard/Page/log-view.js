// The log of an attempt: opened at its end at once, read further where it is scrolled to.

import { logPath } from './api.js';
import { classesOf } from './ansi.js';
import { atNextFrame, el, setText } from './dom.js';
import { LogBar } from './log-bar.js';
import { LogRows } from './log-rows.js';
import { LogSource } from './log-source.js';
import { RUNNING } from './states.js';
import { visible } from './text.js';
import { VirtualRows } from './virtual-rows.js';

const lineHeight = 19;

export class LogView {
  #store;
  #source = null;
  #rows = null;
  #list;
  #shown = '';
  #isAtEnd = true;
  #letter = 7.2;
  #unwatch;
  #observer;
  #attempt = null;
  #ranAt = -Infinity;
  #wantsFocus = false;

  constructor(store) {
    this.#store = store;
    this.bar = new LogBar({
      choose: (attempt) => this.#choose(attempt),
      changed: () => this.#layOut(),
      jump: (share) => this.#jump(share),
      goToStart: () => this.#goTo(0),
      goToEnd: () => this.#goToEnd(),
    });
    this.#list = new VirtualRows({
      rowHeight: lineHeight, tabindex: '0', role: 'log', 'aria-live': 'off', 'aria-label': 'Log',
      make: () => el('div', { class: 'logline' }),
      fill: (element, row) => this.#fill(element, row),
    });
    this.message = el('p', { class: 'empty', role: 'status' });
    this.element = el('div', { class: 'log' }, this.bar.element, this.#list.scroller, this.message);
    this.#list.scroller.addEventListener('scroll', () => this.#scrolled(), { passive: true });
    this.#observer = new ResizeObserver(() => this.#layOut());
    this.#observer.observe(this.#list.scroller);
    this.#unwatch = store.watch((changed) => this.#update(changed));
  }

  close() {
    this.#source?.stop();
    this.#list.close();
    this.#observer.disconnect();
    this.#unwatch();
  }

  /** Gives it the focus, once there is something to read. */
  focus() {
    this.#wantsFocus = this.#list.scroller.hidden;
    this.#list.scroller.focus();
  }

  // MARK: Which log

  #update(changed) {
    if (!changed.has('selection') && !changed.has('structure') && !changed.has('state')) return;
    const { model, selected } = this.#store;
    const node = model ? selected : -1;
    if (changed.has('selection')) [this.#attempt, this.#wantsFocus] = [null, false];
    this.bar.showTask(model, node, this.#attempt);
    const isRunnable = node >= 0 && !model.hasMembers(node);
    const attempt = this.#attempt ?? (isRunnable ? this.#lastAttempt(node) : 0);
    const key = isRunnable ? `${node}/${attempt}` : `${node}`;
    if (key === this.#shown) return;
    this.#shown = key;
    this.#source?.stop();
    this.#source = null;
    this.#setRows([]);
    this.bar.element.hidden = !isRunnable || attempt === 0;
    if (node < 0) this.#say('Select a task to read its log.');
    else if (!isRunnable) this.#say('A group has no log of its own. Open it, and select one of its tasks.');
    else if (attempt === 0) this.#say('This task has not run, so there is no log.');
    else this.#open(node, attempt);
  }

  #lastAttempt(node) {
    const { attempts } = this.#store.model;
    const last = attempts.last[node];
    return last < 0 ? 0 : attempts.number[last];
  }

  #choose(attempt) {
    this.#attempt = attempt;
    this.#update(new Set(['structure']));
  }

  async #open(node, attempt) {
    const { model, id } = this.#store;
    const source = new LogSource(logPath(id, model.names[node], attempt), (change) => {
      if (source === this.#source) this.#changed(change);
    });
    this.#source = source;
    this.#isAtEnd = true;
    this.#ranAt = performance.now();
    this.#say('Reading the log…');
    try {
      await source.openEnd();
    } catch (error) {
      if (source !== this.#source || error.name === 'AbortError') return;
      this.#say(
        error.status === 404 ? visible(error.message, 300) : `The log cannot be read. ${visible(error.message, 300)}`
      );
      this.bar.element.hidden = true;
    }
    // The log of a task that has just begun may come into being later.
    source.follow(() => source === this.#source && this.#isFollowed());
  }

  // The last lines can come a little later than the end of the task.
  #isFollowed() {
    const { model, selected } = this.#store;
    const now = performance.now();
    if (selected >= 0 && model?.state[selected] === RUNNING) this.#ranAt = now;
    return this.#isAtEnd && now - this.#ranAt < 3000;
  }

  #say(text) {
    setText(this.message, text);
    this.message.hidden = text === '';
    this.#list.scroller.hidden = text !== '';
    if (text === '' && this.#wantsFocus) this.focus();
  }

  // MARK: Lines

  #changed(change) {
    const { window, total } = this.#source;
    this.bar.element.hidden = false;
    this.#say(total === 0 ? 'The log is empty.' : '');
    this.bar.showSize(total);
    if (change === 'size') return;
    const anchor = change === 'reset' ? null : this.#anchor();
    this.#setRows(window.lines);
    if (change === 'reset') this.#list.offset = window.end >= total ? this.#rows.count * lineHeight : 0;
    else if (change === 'after' && this.#isAtEnd) this.#list.offset = this.#rows.count * lineHeight;
    else this.#restore(anchor);
    this.#showPlace();
    this.#scrolled();
  }

  #setRows(lines) {
    const width = this.bar.wraps ? Math.floor((this.#list.scroller.clientWidth - 28) / this.#letter) : 0;
    this.#rows = new LogRows(lines, { width, hidesTimes: this.bar.hidesTimes });
    const needed = Math.min(this.#rows.longest, 9000) * this.#letter + 30;
    this.#list.body.style.minWidth = this.bar.wraps ? '' : `${needed}px`;
    this.#list.setCount(this.#rows.count);
  }

  // The place in the log that is at the upper edge: it stays there when lines come before it.
  #anchor() {
    if (!this.#rows || this.#rows.count === 0) return null;
    const row = Math.min(this.#rows.count - 1, Math.floor(this.#list.offset / lineHeight));
    const { index, part } = this.#rows.at(row);
    return { offset: this.#rows.lines[index]?.offset ?? 0, part, rest: this.#list.offset - row * lineHeight };
  }

  #restore(anchor) {
    if (anchor === null) return;
    const index = this.#source.window.indexAt(anchor.offset);
    this.#list.offset = (this.#rows.first[index] + anchor.part) * lineHeight + anchor.rest;
  }

  #fill(element, row) {
    const { pieces, line, isFirst } = this.#rows.pieces(row);
    element.className = isFirst ? 'logline' : 'logline more';
    const parts = pieces.map(({ text, look }) => {
      const classes = classesOf(look);
      if (classes === '' && look.colour === '') return text;
      const span = el('span', { class: classes, text });
      if (look.colour.startsWith('#')) span.style.color = look.colour;
      return span;
    });
    if (isFirst && line.stamp) {
      const { time, severity, whole } = line.stamp;
      if (severity !== '') {
        parts.unshift(el('span', { class: `severity ${severity.toLowerCase()}`, text: `${severity} ` }));
      }
      if (!this.bar.hidesTimes) parts.unshift(el('span', { class: 'stamp', text: `${time} `, title: whole }));
    }
    element.replaceChildren(...parts);
  }

  #layOut() {
    this.element.classList.toggle('wide', !this.bar.wraps);
    if (this.#list.scroller.clientWidth === 0 || !this.#rows) return;
    this.#letter = widthOfLetter(this.#list.scroller);
    if (!this.#source) return;
    const anchor = this.#anchor();
    this.#setRows(this.#source.window.lines);
    if (this.#isAtEnd) this.#list.offset = this.#rows.count * lineHeight;
    else this.#restore(anchor);
  }

  // MARK: Moving

  #scrolled() {
    const source = this.#source;
    if (!source || !this.#rows || this.#list.scroller.hidden) return;
    const { offset } = this.#list;
    const { clientHeight } = this.#list.scroller;
    // Behind a tab nothing can be said about where it is scrolled to.
    if (clientHeight === 0) return;
    const below = this.#rows.count * lineHeight - offset - clientHeight;
    this.#isAtEnd = below < lineHeight * 1.5 && source.isAtEnd;
    if (offset < clientHeight && !source.window.isAtStart) this.#quietly(source.readBefore());
    else if (below < clientHeight && !source.isAtEnd) this.#quietly(source.readAfter());
    atNextFrame(() => this.#showPlace());
  }

  async #quietly(reading) {
    try {
      await reading;
    } catch {
      // Scrolling asks again.
    }
  }

  #showPlace() {
    const source = this.#source;
    if (!source || source.total === 0) return;
    const offset = this.#isAtEnd ? source.total : this.#anchor()?.offset ?? 0;
    this.bar.showPlace(offset, source.total);
  }

  #jump(share) {
    if (share >= 1) this.#goToEnd();
    else if (this.#source) this.#goTo(share * this.#source.total);
  }

  #goTo(offset) {
    const source = this.#source;
    if (!source) return;
    this.#isAtEnd = false;
    const { window } = source;
    if (offset >= window.start && offset < window.end && !(offset === 0 && !window.isAtStart)) {
      this.#list.offset = this.#rows.first[window.indexAt(offset)] * lineHeight;
    } else this.#quietly(source.openAt(offset));
  }

  #goToEnd() {
    const source = this.#source;
    if (!source) return;
    this.#isAtEnd = true;
    if (source.isAtEnd) this.#list.offset = this.#rows.count * lineHeight;
    else this.#quietly(source.openEnd());
  }
}

function widthOfLetter(scroller) {
  const probe = el('span', { class: 'logline', text: '0'.repeat(100) });
  scroller.append(probe);
  const { width } = probe.getBoundingClientRect();
  probe.remove();
  return width / 100 || 7.2;
}
