// Which runs are listed. The choices stand in the address of the page.

import { button, debounced, el } from './dom.js';
import { RUN_STATES, STATES } from './states.js';
import { visible } from './text.js';

const periods = {
  hour: ['the last hour', 3600],
  day: ['the last 24 hours', 86400],
  week: ['the last 7 days', 604800],
  month: ['the last 30 days', 2592000],
};

export class RunFilters {
  #onChange;
  #states;
  #chips = [];
  #known = new Set();

  constructor(parameters, onChange) {
    this.#onChange = onChange;
    this.#states = new Set(parameters.getAll('state').filter((state) => RUN_STATES[state]));
    const soon = debounced(() => this.#changed(), 250);
    const field = (label, input) => {
      // Without it, a list of choices would be part of its own name.
      input.setAttribute('aria-label', label);
      return el('label', { class: 'field' }, el('span', { text: label }), input);
    };
    this.suggestions = el('datalist', { id: 'known-jobs' });
    this.job = el('input', {
      type: 'search',
      name: 'job',
      list: 'known-jobs',
      autocomplete: 'off',
      placeholder: 'all jobs',
      on: { input: soon },
    });
    this.id = el('input', {
      type: 'search',
      name: 'id',
      autocomplete: 'off',
      spellcheck: 'false',
      placeholder: 'any part',
      on: { input: soon },
    });
    this.period = el('select', {
      name: 'period', on: { change: () => this.#choosePeriod() },
    }, el('option', { value: '', text: 'any time' }),
      Object.entries(periods).map(
        ([value, [text]]) => el('option', { value, text })
      ), el('option', { value: 'between', text: 'between…' }));
    this.since = el('input', { type: 'datetime-local', name: 'since', on: { change: () => this.#changed() } });
    this.until = el('input', { type: 'datetime-local', name: 'until', on: { change: () => this.#changed() } });
    this.between = el('div', { class: 'between', hidden: true }, field('From', this.since), field('To', this.until));
    this.job.value = parameters.get('job') ?? '';
    this.id.value = parameters.get('id') ?? '';
    this.#readPeriod(parameters);
    for (const [state, { word, letter }] of Object.entries(RUN_STATES)) {
      const chip = button('', () => this.#toggle(state), {
        class: `chip ${letter}`, 'aria-pressed': this.#states.has(state),
      });
      chip.append(
        el('span', {
          class: 'sign', 'aria-hidden': 'true', text: STATES.find((known) => known.letter === letter).sign,
        }),
        word,
      );
      this.#chips.push([state, chip]);
    }
    this.reset = button('Clear', () => this.clear(), { class: 'quiet', hidden: this.isEmpty, title: 'Show all runs' });
    this.element = el('form', {
      class: 'filters',
      role: 'search',
      'aria-label': 'Filter the runs',
      on: { submit: (event) => event.preventDefault() },
    },
      field('Job', this.job), field('Run', this.id), field('Started', this.period), this.between,
      el(
        'div', { class: 'states', role: 'group', 'aria-label': 'States' }, this.#chips.map(([, chip]) => chip),
      ), this.reset, this.suggestions);
  }

  get isEmpty() {
    return this.job.value.trim() === ''
      && this.id.value.trim() === ''
      && this.period.value === ''
      && this.#states.size === 0;
  }

  clear() {
    this.job.value = '';
    this.id.value = '';
    this.period.value = '';
    this.#states.clear();
    this.#choosePeriod();
  }

  /** Offers the names of jobs that are known. */
  suggest(jobs) {
    const before = this.#known.size;
    for (const job of jobs) this.#known.add(job);
    if (this.#known.size !== before) {
      this.suggestions.replaceChildren(
        ...[...this.#known].sort().slice(0, 200).map((job) => el('option', { value: job }))
      );
    }
  }

  /** What the server is asked for. */
  get parameters() {
    const parameters = new URLSearchParams();
    if (this.job.value.trim() !== '') parameters.set('job', this.job.value.trim());
    if (this.id.value.trim() !== '') parameters.set('id', this.id.value.trim());
    for (const state of this.#states) parameters.append('state', state);
    const known = periods[this.period.value];
    // In whole minutes: the same question gets the same answer for a while.
    if (known) {
      parameters.set('since', new Date(Math.floor(Date.now() / 60000) * 60000 - known[1] * 1000).toISOString());
    }
    if (this.period.value === 'between') {
      for (const [name, input] of [['since', this.since], ['until', this.until]]) {
        const date = new Date(input.value);
        if (input.value !== '' && !Number.isNaN(date.getTime())) parameters.set(name, date.toISOString());
      }
    }
    return parameters;
  }

  /** What stands in the address: periods stay periods. */
  address(before) {
    const parameters = this.parameters;
    if (periods[this.period.value]) {
      parameters.delete('since');
      parameters.set('period', this.period.value);
    }
    if (before) parameters.set('before', before);
    return parameters;
  }

  #readPeriod(parameters) {
    const period = parameters.get('period') ?? '';
    if (periods[period]) this.period.value = period;
    if (!parameters.has('since') && !parameters.has('until')) return;
    this.period.value = 'between';
    this.between.hidden = false;
    for (const [name, input] of [['since', this.since], ['until', this.until]]) {
      const date = new Date(parameters.get(name) ?? '');
      if (!Number.isNaN(date.getTime())) {
        input.value = new Date(date.getTime() - date.getTimezoneOffset() * 60000).toISOString().slice(0, 19);
      }
    }
  }

  #choosePeriod() {
    this.between.hidden = this.period.value !== 'between';
    this.#changed();
  }

  #toggle(state) {
    if (!this.#states.delete(state)) this.#states.add(state);
    this.#changed();
  }

  #changed() {
    for (const [state, chip] of this.#chips) chip.setAttribute('aria-pressed', this.#states.has(state));
    this.reset.hidden = this.isEmpty;
    this.job.title = visible(this.job.value);
    this.#onChange();
  }
}
