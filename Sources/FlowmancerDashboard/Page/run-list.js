// The list of runs, newest first.

import { Polled, runPage } from './api.js';
import { announce } from './announcer.js';
import { button, el, link, setText } from './dom.js';
import { JobList } from './job-list.js';
import { RunFilters } from './run-filters.js';
import { serverNow } from './api.js';
import { COUNTED, runState, STATES } from './states.js';
import { count, counted, duration, prose, ticking, visible, when, whenExactly } from './text.js';

const wait = 2000;
const perPage = 50;

export class RunList {
  #page;
  #polled = new Polled();
  #filters;
  #jobs = null;
  #timer = 0;
  #ticker;
  #stopping = new AbortController();
  #answer = null;
  #states = new Map();
  #onVisible = () => { if (!document.hidden) this.#ask(); };

  constructor(page, parameters) {
    this.#page = page;
    this.before = parameters.get('before');
    this.#filters = new RunFilters(parameters, () => { this.before = null; this.#changed(); });
    this.body = el('div', { class: 'list', role: 'list', 'aria-label': 'Runs' });
    this.message = el('div', { class: 'empty', role: 'status' });
    this.problems = el('p', { class: 'warning', role: 'status', hidden: true });
    this.newest = button('Newest runs', () => this.#turn(null), { hidden: true });
    this.older = button('Older runs', () => this.#turn(this.#answer?.next ?? null), { hidden: true });
    const main = el('section', {
      class: 'runs', 'aria-labelledby': 'runs-title',
    }, el('h1', { id: 'runs-title', text: 'Runs' }), this.#filters.element, this.problems,
      this.body, this.message, el('div', { class: 'pages' }, this.newest, this.older));
    if (page.session.can_start) this.#jobs = new JobList(page);
    page.view.replaceChildren(
      el('div', { class: `overview${this.#jobs ? ' with-jobs' : ''}` }, main, this.#jobs?.element ?? '')
    );
    page.crumbs.replaceChildren();
    document.title = 'Runs – Flowmancer';
    document.addEventListener('visibilitychange', this.#onVisible);
    this.#ticker = setInterval(() => this.#tick(), 1000);
    setText(this.message, 'Loading…');
    this.#ask();
  }

  close() {
    this.#stopping.abort();
    clearTimeout(this.#timer);
    clearInterval(this.#ticker);
    document.removeEventListener('visibilitychange', this.#onVisible);
    this.#jobs?.close();
    setText(this.#page.connection, '');
    this.#page.connection.className = '';
  }

  get #parameters() {
    const parameters = this.#filters.parameters;
    if (this.before) parameters.set('before', this.before);
    return parameters;
  }

  #changed() {
    this.#page.replaceAddress(this.#filters.address(this.before));
    this.#ask();
  }

  #turn(before) {
    this.before = before;
    this.#page.pushAddress(this.#filters.address(before));
    scrollTo(0, 0);
    this.#ask();
  }

  async #ask() {
    clearTimeout(this.#timer);
    this.#stopping.abort();
    const stopping = new AbortController();
    this.#stopping = stopping;
    try {
      const parameters = this.#parameters;
      parameters.set('limit', String(perPage));
      const { value, isNew } = await this.#polled.get(`/v1/runs?${parameters}`, stopping.signal);
      if (stopping.signal.aborted) return;
      this.#connected(true);
      if (isNew || this.#answer === null) this.#show(value);
    } catch (error) {
      if (stopping.signal.aborted || error.name === 'AbortError') return;
      this.#connected(error.status !== 0);
      if (this.#answer === null || error.status !== 0) this.#fail(error);
    }
    if (!stopping.signal.aborted) this.#timer = setTimeout(() => { if (!document.hidden) this.#ask(); }, wait);
  }

  #connected(isConnected) {
    const { connection } = this.#page;
    setText(connection, isConnected ? '' : 'Connection lost. Trying again…');
    connection.className = isConnected ? '' : 'lost';
  }

  #fail(error) {
    this.#answer = null;
    this.body.replaceChildren();
    this.message.replaceChildren(
      el('h2', { text: visible(error.title ?? 'The runs cannot be read', 200) }),
      el('p', { text: prose(error.detail || error.message, 1000) }),
    );
    this.message.hidden = false;
  }

  #show(answer) {
    this.#answer = answer;
    const known = this.#states;
    this.#states = new Map(answer.runs.map((run) => [run.id, run.state]));
    const ended = answer.runs.filter((run) => known.get(run.id) === 'under_way' && run.state !== 'under_way');
    if (ended.length > 0) {
      announce(ended.map((run) => `${visible(run.job, 60)} ${runState(run.state).word}`).join(', '));
    }
    const focused = document.activeElement?.closest?.('.run-row')?.dataset.id;
    this.body.replaceChildren(...answer.runs.map((run) => this.#row(run)));
    if (focused) {
      [...this.body.children].find(
        (row) => row.dataset.id === focused
      )?.querySelector('a')?.focus({ preventScroll: true });
    }
    this.problems.hidden = !(answer.problems?.length > 0);
    setText(this.problems, prose((answer.problems ?? []).join('\n'), 2000));
    this.older.hidden = !answer.next;
    this.newest.hidden = !this.before;
    this.message.hidden = answer.runs.length > 0;
    if (answer.runs.length === 0) this.#showEmpty();
    this.#filters.suggest(answer.runs.map((run) => run.job));
    this.#tick();
  }

  #showEmpty() {
    if (this.#filters.isEmpty && !this.before) {
      this.message.replaceChildren(
        el('h2', { text: 'No runs yet' }),
        el('p', {
          text: this.#jobs
            ? 'Start one of the jobs, and it appears here.'
            : 'Runs appear here once one was started in this directory.',
        }),
      );
    } else {
      this.message.replaceChildren(
        el('h2', { text: 'No run fits' }),
        el(
          'p',
          { text: 'Change the filters, or ' },
          button('show all runs', () => this.#filters.clear(), { class: 'inline' }),
          '.',
        ),
      );
    }
  }

  #row(run) {
    const state = runState(run.state);
    const sign = STATES.find(({ letter }) => letter === state.letter).sign;
    const started = new Date(run.started_at);
    const time = el('span', { class: 'took number' });
    if (run.state === 'under_way') time.dataset.since = run.started_at;
    else setText(time, run.duration_seconds !== undefined ? duration(run.duration_seconds * 1e6) : '');
    return el('article', { class: `run-row ${state.letter}`, role: 'listitem', data: { id: run.id } },
      el('span', { class: `badge ${state.letter}`, text: `${sign} ${state.word}` }),
      el('span', { class: 'what' }, link(visible(run.job, 200), runPage(run.id), {
        class: 'job-name', title: visible(run.job, 1000),
      }),
        run.restart
          ? el('span', {
            class: 'small',
            text: ' restart',
            title: run.continues ? `continues ${visible(run.continues, 80)}` : undefined,
          })
          : null),
      el('span', { class: 'started', text: when(started), title: whenExactly(started) }),
      time, outcome(run), el('code', { class: 'id', text: shortId(run.id), title: visible(run.id, 200) }));
  }

  // The times of runs under way go on between two answers.
  #tick() {
    if (document.hidden) return;
    for (const time of this.body.querySelectorAll('[data-since]')) {
      setText(time, ticking((serverNow() - Date.parse(time.dataset.since)) * 1000));
    }
  }
}

// Runs that began one after the other differ at the end of their ids.
function shortId(id) {
  const last = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-([0-9a-f]{12})$/.exec(id);
  return last ? `…${last[1]}` : visible(id, 60);
}

function outcome(run) {
  const counts = run.tasks ?? {};
  const parts = COUNTED.filter((state) => counts[STATES[state].key] > 0);
  const total = parts.reduce((sum, state) => sum + counts[STATES[state].key], 0);
  if (run.reason) {
    return el('span', { class: 'outcome', text: visible(run.reason, 200), title: prose(run.reason, 1000) });
  }
  if (total === 0) {
    return el('span', { class: 'outcome small', text: run.state === 'interrupted' ? 'its process is gone' : '' });
  }
  return el('span', { class: 'outcome', title: counted(total, 'task') },
    el('span', { class: 'shares', 'aria-hidden': 'true' }, parts.map((state) => {
      const share = el('i', { class: STATES[state].letter });
      share.style.flexGrow = String(counts[STATES[state].key] / total);
      return share;
    })),
    el(
      'span',
      { class: 'counts-line' },
      parts.map(
        (state) => el(
          'span',
          { class: `count ${STATES[state].letter}`, title: STATES[state].word },
          el('span', { 'aria-hidden': 'true', text: `${STATES[state].sign} ` }),
          count(counts[STATES[state].key]),
          el('span', { class: 'unseen', text: ` ${STATES[state].word}` }),
        ),
      ),
    ));
}
