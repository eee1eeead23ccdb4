// The jobs that can be started.

import { Polled, runPage } from './api.js';
import { button, el, link } from './dom.js';
import { issues } from './issues.js';
import { openStart } from './start-dialog.js';
import { runState, STATES } from './states.js';
import { counted, prose, visible, when } from './text.js';

const wait = 5000;

export class JobList {
  #page;
  #polled = new Polled();
  #timer = 0;
  #stopping = new AbortController();

  constructor(page) {
    this.#page = page;
    this.body = el('div', { class: 'jobs-list' }, el('p', { class: 'small', text: 'Loading…' }));
    this.element = el(
      'aside',
      { class: 'jobs', 'aria-labelledby': 'jobs-title' },
      el('h2', { id: 'jobs-title', text: 'Jobs' }),
      this.body,
    );
    this.#ask();
  }

  close() {
    this.#stopping.abort();
    clearTimeout(this.#timer);
  }

  async #ask() {
    try {
      const { value, isNew } = await this.#polled.get('/v1/jobs', this.#stopping.signal);
      if (isNew) this.#show(value.jobs);
    } catch (error) {
      if (error.name === 'AbortError') return;
      if (error.status !== 0) {
        this.body.replaceChildren(el('p', { class: 'problem', text: prose(error.message, 1000) }));
      }
    }
    if (!this.#stopping.signal.aborted) {
      this.#timer = setTimeout(() => (document.hidden ? this.#wait() : this.#ask()), wait);
    }
  }

  #wait() { this.#timer = setTimeout(() => this.#ask(), wait); }

  #show(jobs) {
    const open = new Set([...this.body.querySelectorAll('details[open]')].map((element) => element.dataset.file));
    const focused = document.activeElement?.dataset?.action;
    if (jobs.length === 0) {
      this.body.replaceChildren(
        el('p', { class: 'small', text: 'There is no job file in the directory that the server was given.' })
      );
    } else this.body.replaceChildren(...jobs.map((job) => this.#job(job)));
    for (const element of this.body.querySelectorAll('details')) {
      if (open.has(element.dataset.file)) element.open = true;
    }
    if (focused) {
      [...this.body.querySelectorAll('button')].find(
        (element) => element.dataset.action === focused
      )?.focus({ preventScroll: true });
    }
  }

  #job(job) {
    const last = job.last_run;
    const errors = (job.problems ?? []).filter(({ severity }) => severity !== 'warning');
    const isUnderWay = last?.state === 'under_way';
    const canRestart = last && ['failed', 'aborted', 'interrupted'].includes(last.state);
    const name = visible(job.name ?? job.file, 120);
    const start = (restart) => () => openStart(this.#page, job, restart);
    return el('article', { class: 'job' },
      el('h3', {}, link(name, `/?job=${encodeURIComponent(job.name ?? '')}`, { title: 'Show its runs' })),
      el(
        'p', { class: 'small' }, el('code', { text: visible(job.file, 200) }), ` · ${counted(job.tasks ?? 0, 'task')}`,
      ),
      last
        ? el(
          'p',
          { class: 'small' },
          'Last run: ',
          link(`${sign(last.state)} ${runState(last.state).word}`, runPage(last.id), {
            class: `count ${runState(last.state).letter}`,
          }),
          ` ${when(new Date(last.started_at))}`,
        )
        : el('p', { class: 'small', text: 'It has not run yet.' }),
      (job.problems ?? []).length > 0
        ? el(
          'details',
          { data: { file: job.file } },
          el('summary', {
            class: errors.length > 0 ? 'F' : 'A',
            text: counted(job.problems.length, errors.length > 0 ? 'problem' : 'warning'),
          }),
          issues(job.problems, job.file),
        )
        : null,
      el('div', { class: 'choices' },
        button('Start', start(false), {
          class: 'primary',
          'aria-label': `Start ${name}`,
          disabled: errors.length > 0,
          data: { action: `start ${job.file}` },
          title: errors.length > 0
            ? 'Correct the job file first'
            : isUnderWay
            ? 'A run of this job is under way'
            : undefined,
        }),
        canRestart
          ? button('Restart', start(true), {
            'aria-label': `Restart ${name}`,
            disabled: errors.length > 0,
            data: { action: `restart ${job.file}` },
            title: 'Continue the last run: tasks that completed are not run again',
          })
          : null));
  }
}

const sign = (state) => STATES.find(({ letter }) => letter === runState(state).letter).sign;
