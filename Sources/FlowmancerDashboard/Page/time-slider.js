// The slider over the time of a run. At its right end it shows the last that is known, live.

import { button, el, setText } from './dom.js';
import { Surface } from './canvas.js';
import { countsText } from './describe.js';
import { palette } from './palette.js';
import { FAILED, RUNNING } from './states.js';
import { duration, ticking, when } from './text.js';

const steps = 2000;

export class TimeSlider {
  #store;
  #surface;
  #unwatch;
  #ticker;
  #isHeld = false;

  constructor(store) {
    this.#store = store;
    this.input = el('input', {
      type: 'range', min: '0', max: String(steps), step: '1', value: String(steps), 'aria-label': 'Time of the run',
    });
    this.canvas = el('canvas', { 'aria-hidden': 'true' });
    this.label = el('output', { class: 'time' });
    this.end = button('', () => store.setTime(null), { class: 'live' });
    const step = (text, name, direction) => button(text, () => this.step(direction), {
      class: 'tool', 'aria-label': name, title: name,
    });
    this.element = el('div', { class: 'slider', role: 'group', 'aria-label': 'Instant that is shown' },
      step('◂', 'Back to the last change ([)', -1),
      el('div', { class: 'track' }, el('div', { class: 'profile' }, this.canvas), this.input),
      step('▸', 'On to the next change (])', 1), this.label, this.end);
    this.input.addEventListener('input', () => {
      const share = Number(this.input.value) / steps;
      store.setTime(share >= 1 ? null : share * store.horizon);
    });
    this.input.addEventListener('pointerdown', () => { this.#isHeld = true; });
    for (const end of ['pointerup', 'pointercancel']) this.input.addEventListener(end, () => { this.#isHeld = false; });
    this.#surface = new Surface(this.canvas, (context, width, height) => this.#draw(context, width, height));
    this.#unwatch = store.watch(() => this.#show());
    this.#ticker = setInterval(() => { if (store.isUnderWay && store.model && !document.hidden) this.#show(); }, 250);
  }

  close() {
    clearInterval(this.#ticker);
    this.#surface.close();
    this.#unwatch();
  }

  /** Goes to the next change, or back to the last one. */
  step(direction) {
    const { model, shownTime, time } = this.#store;
    if (direction > 0 && time === null) return;
    let best = null;
    const take = (moment) => {
      if (moment < 0) return;
      if (direction > 0 ? moment > shownTime + 0.5 : moment < shownTime - 0.5) {
        if (best === null || (direction > 0 ? moment < best : moment > best)) best = moment;
      }
    };
    const { attempts } = model;
    for (let index = 0; index < attempts.count; index += 1) {
      take(attempts.start[index]);
      take(attempts.stop[index]);
    }
    for (let node = 0; node < model.count; node += 1) take(model.since[node]);
    this.#store.setTime(best ?? (direction > 0 ? null : 0));
  }

  #show() {
    const store = this.#store;
    if (!store.model) return;
    const { horizon, time, shownTime } = store;
    if (!this.#isHeld) {
      this.input.value = String(time === null ? steps : Math.round((time / Math.max(1, horizon)) * steps));
    }
    const whole = store.isUnderWay ? ticking(horizon) : duration(horizon);
    const text = time === null ? whole : `${duration(shownTime)} of ${whole}`;
    setText(this.label, text);
    this.label.title = when(new Date(store.startedAt + shownTime / 1000));
    const point = time !== null ? '' : store.isUnderWay ? 'now, ' : 'end, ';
    const counts = countsText(store.snapshot.counts);
    this.input.setAttribute('aria-valuetext', `${point}${duration(shownTime)}: ${counts}`);
    setText(this.end, store.isUnderWay ? '● Live' : 'End');
    this.end.setAttribute('aria-pressed', time === null);
    this.end.title = store.isUnderWay ? 'Follow the run (.)' : 'Show the end of the run (.)';
    this.#surface.invalidate();
  }

  // How many tasks ran at each time, and where some failed.
  #draw(context, width, height) {
    const store = this.#store;
    const { density } = this.#surface;
    context.setTransform(density, 0, 0, density, 0, 0);
    context.clearRect(0, 0, width, height);
    if (!store.model) return;
    const profile = store.profileOf(-1);
    const colours = palette();
    const shown = store.time === null ? width : (store.time / store.horizon) * width;
    const timeOf = (x) => (x / width) * store.horizon;
    context.fillStyle = colours.states[RUNNING].line;
    for (let x = 0; x < width; x += 1) {
      const share = profile.at(timeOf(x), timeOf(x + 1));
      if (share === 0) continue;
      const bar = Math.max(1, share * (height - 4));
      context.globalAlpha = x <= shown ? 0.55 : 0.2;
      context.fillRect(x, height - bar, 1, bar);
    }
    context.globalAlpha = 1;
    context.fillStyle = colours.states[FAILED].line;
    for (const time of profile.failures) context.fillRect((time / store.horizon) * width - 1, 0, 2, 4);
  }
}
