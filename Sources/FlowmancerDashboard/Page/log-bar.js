// The bar above a log: whose log it is, which attempt, how it is shown, and the place in it.

import { button, el, setText } from './dom.js';
import { recall, remember } from './memory.js';
import { STATES } from './states.js';
import { bytes, visible } from './text.js';

export class LogBar {
  /** `actions`: `choose(attempt)`, `changed()` (how lines are shown), `jump(share)`, `goToStart()`, `goToEnd()`. */
  constructor(actions) {
    this.wraps = recall('log-wrap') !== 'no';
    this.hidesTimes = recall('log-times') === 'no';
    this.title = el('span', { class: 'title' });
    this.attempts = el('select', { 'aria-label': 'Attempt', hidden: true });
    this.attempts.addEventListener('change', () => actions.choose(Number(this.attempts.value)));
    this.size = el('span', { class: 'small size' });
    this.where = el('input', {
      type: 'range', min: '0', max: '1000', step: '1', value: '1000', class: 'where', 'aria-label': 'Place in the log',
    });
    this.where.addEventListener('change', () => actions.jump(Number(this.where.value) / 1000));
    const times = button('Times', () => {
      this.hidesTimes = !this.hidesTimes;
      remember('log-times', this.hidesTimes ? 'no' : 'yes');
      times.setAttribute('aria-pressed', !this.hidesTimes);
      actions.changed();
    }, { class: 'quiet', 'aria-pressed': !this.hidesTimes, title: 'Show the time of each line' });
    const wrap = button('Wrap', () => {
      this.wraps = !this.wraps;
      remember('log-wrap', this.wraps ? 'yes' : 'no');
      wrap.setAttribute('aria-pressed', this.wraps);
      actions.changed();
    }, { class: 'quiet', 'aria-pressed': this.wraps, title: 'Break long lines' });
    const start = button('⤒', () => actions.goToStart(), {
      class: 'quiet', 'aria-label': 'Go to the beginning of the log', title: 'Beginning',
    });
    const end = button('⤓', () => actions.goToEnd(), {
      class: 'quiet', 'aria-label': 'Go to the end of the log, and follow it', title: 'End',
    });
    this.element = el('div', { class: 'bar' }, this.title, this.attempts, el('span', { class: 'room' }), this.size,
      times, wrap, start, this.where, end);
  }

  /** Shows whose log it is. `chosen` is the number of the attempt; without it, the last one is meant. */
  showTask(model, node, chosen) {
    setText(this.title, node < 0 ? '' : visible(model.names[node], 120));
    this.title.title = node < 0 ? '' : visible(model.names[node], 2000);
    const indices = node < 0 ? [] : [...model.attempts.of(node)];
    const numbers = indices.map((index) => model.attempts.number[index]);
    const texts = indices.map((index, place) => {
      const { sign, word } = STATES[model.attempts.state[index]];
      return `Attempt ${numbers[place]} ${sign} ${word}`;
    });
    this.attempts.hidden = indices.length < 2;
    if (texts.join('|') !== [...this.attempts.options].map((option) => option.text).join('|')) {
      this.attempts.replaceChildren(...texts.map((text, place) => el('option', { value: numbers[place], text })));
    }
    if (indices.length > 0) this.attempts.value = String(chosen ?? numbers.at(-1));
  }

  showSize(total) { setText(this.size, bytes(total)); }

  /** Shows the place in the log, in bytes. */
  showPlace(offset, total) {
    if (document.activeElement !== this.where) this.where.value = String(Math.round((offset / total) * 1000));
    this.where.setAttribute('aria-valuetext', `${bytes(offset)} of ${bytes(total)}`);
  }
}
