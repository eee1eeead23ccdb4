// The head of a run: what it is, how it stands, and what can be done with it.

import { post, runPage, runPath } from './api.js';
import { confirm } from './dialogs.js';
import { button, el, setClass, setText } from './dom.js';
import { COUNTED, runState, STATES } from './states.js';
import { count, counted, duration, prose, ticking, visible, when, whenExactly } from './text.js';

export class RunHeader {
  #store;
  #session;
  #goTo;
  #unwatch;
  #ticker;
  #chips = new Map();
  #shares = new Map();

  constructor(store, session, goTo) {
    this.#store = store;
    this.#session = session;
    this.#goTo = goTo;
    this.badge = el('span', { class: 'badge' });
    this.job = el('h1');
    this.id = el('code', { class: 'id' });
    this.facts = el('p', { class: 'facts' });
    this.reason = el('p', { class: 'why', hidden: true });
    this.warning = el('p', { class: 'warning', role: 'status', hidden: true });
    this.abort = button('Abort', () => this.#askToAbort(), { class: 'danger' });
    this.restart = button('Restart', () => this.#askToRestart());
    this.report = el('a', {
      class: 'button',
      text: 'Report',
      href: `${runPath(store.id)}/report`,
      download: '',
      title: 'One file with everything about this run, to keep or to send',
    });
    this.actions = el('div', { class: 'actions' }, this.report, this.restart, this.abort);
    this.counts = el('div', { class: 'counts', role: 'group', 'aria-label': 'Show only tasks that are' });
    this.bar = el('div', { class: 'shares', 'aria-hidden': 'true' });
    for (const state of COUNTED) {
      const number = el('b');
      const chip = button('', () => store.toggleState(state), { class: `chip ${STATES[state].letter}` });
      chip.append(
        el('span', { class: 'sign', text: STATES[state].sign, 'aria-hidden': 'true' }),
        number,
        ` ${STATES[state].word}`,
      );
      this.#chips.set(state, { chip, number });
      this.counts.append(chip);
      const share = el('i', { class: STATES[state].letter });
      this.#shares.set(state, share);
      this.bar.append(share);
    }
    this.element = el('header', { class: 'run-head' },
      el('div', { class: 'line' }, this.badge, this.job, this.id, el('span', { class: 'room' }), this.actions),
      el(
        'div', { class: 'line' }, this.facts, el('span', { class: 'room' }), this.counts,
      ), this.reason, this.warning, this.bar);
    this.#unwatch = store.watch((changed) => this.#update(changed));
    this.#ticker = setInterval(
      () => { if (store.isUnderWay && store.run && !document.hidden) this.#showFacts(); }, 500,
    );
  }

  close() {
    clearInterval(this.#ticker);
    this.#unwatch();
  }

  #update(changed) {
    if (!this.#store.run) return;
    if (changed.has('run') || changed.has('structure')) this.#showRun();
    if (['state', 'instant', 'structure', 'search'].some((kind) => changed.has(kind))) this.#showCounts();
    this.#showFacts();
  }

  #showRun() {
    const { run, problems = [] } = this.#store;
    const state = runState(run.state);
    const sign = STATES.find(({ letter }) => letter === state.letter).sign;
    setClass(this.badge, `badge ${state.letter}`);
    setText(this.badge, `${sign} ${state.word}`);
    setClass(this.element, `run-head ${state.letter}`);
    setText(this.job, visible(run.job, 200));
    this.job.title = visible(run.job, 2000);
    setText(this.id, visible(run.id, 80));
    document.title = `${sign} ${visible(run.job, 60)} – Flowmancer`;
    this.reason.hidden = !run.reason;
    setText(this.reason, prose(run.reason ?? '', 600));
    const warnings = [...problems];
    if (run.missing_events > 0) {
      warnings.push(
        `${counted(run.missing_events, 'event')} of this run cannot be read. What is shown is less complete, but holds.`
      );
    }
    if (run.unknown_events > 0) {
      warnings.push(`A newer version wrote ${counted(run.unknown_events, 'event')} that this one does not know.`);
    }
    this.warning.hidden = warnings.length === 0;
    setText(this.warning, prose(warnings.join('\n'), 2000));
    const canStart = this.#session.can_start;
    this.abort.hidden = !canStart || run.state !== 'under_way';
    this.restart.hidden = !canStart || run.state === 'under_way' || run.state === 'succeeded';
  }

  #showFacts() {
    const store = this.#store;
    const { run } = store;
    const started = new Date(run.started_at);
    const parts = [`Started ${when(started)}`];
    if (store.isUnderWay) {
      parts.push(`running for ${ticking(store.horizon)}`);
      const ends = run.expected?.ends_at
        ? (Date.parse(run.expected.ends_at) - store.startedAt) * 1000 - store.horizon
        : NaN;
      if (ends > 0) parts.push(`expected to end in about ${ticking(ends > 10e6 ? ends : Math.ceil(ends / 1e6) * 1e6)}`);
      else if (ends <= 0) parts.push(`expected to have ended ${ticking(-ends)} ago`);
    } else if (run.ended_at) parts.push(`took ${duration((Date.parse(run.ended_at) - started) * 1000)}`);
    else if (run.state === 'interrupted') parts.push(`last seen after ${duration(store.horizon)}`);
    if (run.restart && run.continues) parts.push('continues an earlier run');
    else if (run.restart) parts.push('a restart');
    setText(this.facts, parts.join(' · '));
    this.facts.title = `Started ${whenExactly(started)} on ${visible(run.host ?? 'this machine', 80)}`;
  }

  #showCounts() {
    const { snapshot, states } = this.#store;
    const total = snapshot.counts.reduce((sum, number) => sum + number, 0);
    for (const state of COUNTED) {
      const { chip, number } = this.#chips.get(state);
      const amount = snapshot.counts[state];
      setText(number, count(amount));
      chip.hidden = amount === 0 && !states.has(state);
      chip.setAttribute('aria-pressed', states.has(state));
      chip.title = states.has(state) ? 'Show all tasks' : `Show only the tasks that are ${STATES[state].word}`;
      this.#shares.get(state).style.flexGrow = String(total === 0 ? 0 : amount / total);
      this.#shares.get(state).hidden = amount === 0;
    }
  }

  // MARK: Actions

  #askToAbort() {
    const { id, run } = this.#store;
    confirm({
      title: 'Abort this run?',
      text: `The tasks of ${visible(run.job, 100)} that are running now are stopped, and no others begin. `
        + 'You can restart the run later.',
      yes: 'Abort the run',
      isDangerous: true,
    }, () => post(`${runPath(id)}/abort`));
  }

  #askToRestart() {
    const { id, run } = this.#store;
    confirm({
      title: 'Restart this run?',
      text: `${visible(run.job, 100)} runs again from where it stopped: tasks that completed are not run again.`,
      yes: 'Restart the run',
    }, async () => {
      const { run: next } = await post(`${runPath(id)}/restart`);
      this.#goTo(runPage(next));
    });
  }
}
