// The page of one run.

import { button, debounced, el, isTyping, link, setText } from './dom.js';
import { announce, say } from './announcer.js';
import { describe, stateText } from './describe.js';
import { FactsView } from './facts-view.js';
import { GanttView } from './gantt-view.js';
import { GraphView } from './graph-view.js';
import { LogView } from './log-view.js';
import { Panels } from './panels.js';
import { RunFeed } from './run-feed.js';
import { RunHeader } from './run-header.js';
import { RunStore } from './run-store.js';
import { isFinal, runState, STATES, stateOfKey } from './states.js';
import { TaskTable } from './task-table.js';
import { TimeSlider } from './time-slider.js';
import { count, counted, visible } from './text.js';

const panelNames = ['graph', 'timeline', 'tasks', 'facts', 'log'];

export class RunPage {
  #store;
  #feed;
  #views = [];
  #page;
  #wanted;
  #writeSoon = debounced(() => this.#writeAddress(), 150);
  #isClosed = false;
  #lastState = null;

  /** `page` is what the page is in: { view, crumbs, connection, session, goTo, replaceAddress }. */
  constructor(page, id, parameters) {
    this.#page = page;
    this.#store = new RunStore(id);
    this.#wanted = { task: parameters.get('task'), at: parameters.get('at'), tab: parameters.get('view') };
    this.#store.search = parameters.get('search') ?? '';
    this.#store.states = new Set(parameters.getAll('state').map(stateOfKey).filter((state) => state >= 0));
    this.#feed = new RunFeed(this.#store, {
      onChanges: (nodes, changes) => this.#announceChanges(nodes, changes),
      onProblem: (error) => this.#showProblem(error),
    });
    this.#build();
    this.#views.push({ close: this.#store.watch((changed) => this.#update(changed)) });
    this.#start(parameters.has('new') ? 15000 : 0);
  }

  close() {
    this.#isClosed = true;
    this.#feed.stop();
    for (const view of this.#views) view.close();
    setText(this.#page.connection, '');
    this.#page.connection.className = '';
  }

  #build() {
    const store = this.#store;
    const { session, goTo, view } = this.#page;
    const actions = { enter: (node) => this.#enter(node), select: (node) => store.select(node), say };
    const make = (created) => {
      this.#views.push(created);
      return created;
    };
    const header = make(new RunHeader(store, session, goTo));
    const slider = make(new TimeSlider(store));
    this.#slider = slider;
    this.#graph = make(new GraphView(store, actions));
    this.#gantt = make(new GanttView(store, actions));
    this.#table = make(new TaskTable(store, actions));
    const facts = make(new FactsView(store, actions));
    this.#facts = facts;
    this.#log = make(new LogView(store));
    this.#panels = make(new Panels({
      graph: { title: 'Graph', element: this.#graph.element },
      timeline: { title: 'Timeline', element: this.#gantt.element },
      tasks: { title: 'Tasks', element: this.#table.element },
      facts: { title: 'Facts', element: facts.element },
      log: { title: 'Log', element: this.#log.element },
    }, { shown: this.#wanted.tab, onShow: () => this.#writeSoon() }));
    this.search = el('input', {
      type: 'search', class: 'search', placeholder: 'Search tasks  ( / )',
      'aria-label': 'Search for tasks by name, type or reason', autocomplete: 'off', spellcheck: 'false',
      on: { input: () => store.setSearch(this.search.value.trim()), keydown: (event) => this.#searchKey(event) },
    });
    this.search.value = store.search;
    this.found = el('span', { class: 'small found', role: 'status' });
    this.waiting = el('p', { class: 'waiting', text: 'Loading…' });
    this.content = el('div', { class: 'run', hidden: true }, header.element,
      el(
        'div', { class: 'strip' }, slider.element, el('div', { class: 'finder' }, this.search, this.found),
      ), this.#panels.element);
    view.replaceChildren(this.waiting, this.content);
    this.#keyListener = (event) => this.#key(event);
    document.addEventListener('keydown', this.#keyListener);
    this.#views.push({ close: () => document.removeEventListener('keydown', this.#keyListener) });
  }

  #slider;
  #graph;
  #gantt;
  #table;
  #facts;
  #log;
  #panels;
  #keyListener;

  async #start(patience) {
    if (patience > 0) this.waiting.textContent = 'Waiting for the run to begin…';
    try {
      await this.#feed.start({ patience });
    } catch (error) {
      if (!this.#isClosed) this.#showProblem(error);
      return;
    }
    if (this.#isClosed) return;
    const store = this.#store;
    const node = this.#wanted.task === null ? -1 : store.model.numberOf(this.#wanted.task);
    if (node >= 0) store.select(node);
    else if (this.#wanted.task !== null) say('There is no task of that name in this run.');
    if (this.#wanted.at !== null && this.#wanted.at !== '') store.setTime(Number(this.#wanted.at) || 0);
    this.waiting.hidden = true;
    this.content.hidden = false;
  }

  #showProblem(error) {
    if (this.#store.model !== null) {
      setText(this.#page.connection, visible(error.message, 200));
      return;
    }
    const isUnknown = error.status === 404;
    const text = isUnknown && error.detail === ''
      ? 'It may have been removed: only the last runs are kept.'
      : error.message;
    const again = button('Try again', () => this.#page.reload(), { class: 'primary' });
    const all = this.#page.session.only_run ? null : link('All runs', '/', { class: 'button' });
    this.#page.view.replaceChildren(el('section', { class: 'sorry' },
      el('h1', { text: isUnknown ? 'There is no such run' : 'The run cannot be shown' }),
      el('p', { text: visible(text, 1000) }), el('p', {}, again, ' ', all)));
  }

  // MARK: Changes

  #update(changed) {
    const store = this.#store;
    if (!store.run) return;
    if (changed.has('run') || changed.has('structure')) this.#showPlace();
    if (changed.has('connection') || changed.has('run')) this.#showConnection();
    if (['search', 'structure', 'state', 'instant'].some((kind) => changed.has(kind))) this.#showFound();
    if (changed.has('search') && this.search.value.trim() !== store.search) this.search.value = store.search;
    this.content.classList.toggle('past', store.time !== null);
    if (['selection', 'instant', 'search'].some((kind) => changed.has(kind))) this.#writeSoon();
    if (changed.has('run') && store.run.state !== this.#lastState) {
      if (this.#lastState !== null) {
        announce(`The run ${store.run.state === 'under_way' ? 'is' : 'has'} ${runState(store.run.state).word}.`);
      }
      this.#lastState = store.run.state;
    }
  }

  #showPlace() {
    const { run } = this.#store;
    const { crumbs, session } = this.#page;
    if (session.only_run) return;
    const all = link('Runs', '/');
    const ofJob = link(visible(run.job, 60), `/?job=${encodeURIComponent(run.job)}`);
    crumbs.replaceChildren(all, el('span', { text: '›', 'aria-hidden': 'true' }), ofJob);
  }

  #showConnection() {
    const { connection: shown } = this.#page;
    const { connection } = this.#store;
    const text = { live: '', lost: 'Connection lost. Trying again…', closed: '' }[connection];
    setText(shown, text);
    shown.className = connection;
  }

  #showFound() {
    const store = this.#store;
    const { match } = store;
    setText(this.found, match === null ? '' : `${counted(store.matchCount, 'task')} found`);
  }

  #announceChanges(nodes, changes) {
    const { model } = this.#store;
    if (nodes.length === 1 && isFinal(model.state[nodes[0]])) {
      announce(`${visible(model.names[nodes[0]], 60)} ${stateText(model, nodes[0], model.state[nodes[0]])}`);
      return;
    }
    const ended = [...changes.to].filter((letter) => !'PR'.includes(letter));
    const failed = ended.filter((letter) => letter === 'F').length;
    if (ended.length > 0) {
      announce(`${counted(ended.length, 'task')} ended${failed > 0 ? `, ${count(failed)} ${STATES[3].word}` : ''}`);
    }
  }

  // MARK: The address

  #writeAddress() {
    if (this.#isClosed || !this.#store.model) return;
    const { model, selected, time, search, states } = this.#store;
    const parameters = new URLSearchParams();
    if (selected >= 0) parameters.set('task', model.names[selected]);
    if (time !== null) parameters.set('at', String(Math.round(time)));
    if (search !== '') parameters.set('search', search);
    for (const state of states) parameters.append('state', STATES[state].key);
    if (this.#panels.shown !== 'graph') parameters.set('view', this.#panels.shown);
    this.#page.replaceAddress(parameters);
  }

  // MARK: Keys

  #enter(node) {
    const store = this.#store;
    store.select(node);
    if (store.model.hasMembers(node)) {
      store.toggle(node);
      return;
    }
    this.#panels.choose('log');
    requestAnimationFrame(() => this.#log.focus());
  }

  #focus(name) {
    this.#panels.choose(name);
    const targets = {
      graph: this.#graph.stage, timeline: this.#gantt.stage, tasks: this.#table.grid, facts: this.#facts.element,
    };
    if (name === 'log') this.#log.focus();
    else targets[name].focus();
  }

  #searchKey(event) {
    if (event.key === 'Escape' && this.search.value !== '') {
      this.search.value = '';
      this.#store.setSearch('');
      event.stopPropagation();
    } else if (event.key === 'Escape') this.search.blur();
    else if (event.key === 'Enter') {
      const { model, match, rows } = this.#store;
      const node = match === null
        ? undefined
        : rows.nodes.find((shown) => match[shown] === 1 && !model.hasMembers(shown)) ?? rows.nodes[0];
      if (node === undefined) return;
      this.#store.select(node);
      say(describe(this.#store, node));
      this.#focus(
        this.#panels.isNarrow && this.#panels.shown !== 'graph' ? 'tasks' : this.#panels.isNarrow ? 'graph' : 'tasks'
      );
    } else return;
    event.preventDefault();
  }

  #key(event) {
    if (
      event.defaultPrevented
      || event.ctrlKey
      || event.metaKey
      || event.altKey
      || isTyping(event)
      || document.querySelector('dialog[open]')
    ) {
      return;
    }
    const store = this.#store;
    if (!store.model) return;
    const number = Number(event.key);
    if (event.key === '/') {
      this.search.focus();
      this.search.select();
    } else if (number >= 1 && number <= panelNames.length) this.#focus(panelNames[number - 1]);
    else if (event.key === '[') this.#slider.step(-1);
    else if (event.key === ']') this.#slider.step(1);
    else if (event.key === '.') store.setTime(null);
    else if (event.key === 'Escape') this.#leave();
    else return;
    event.preventDefault();
  }

  #leave() {
    const store = this.#store;
    if (store.search !== '' || store.states.size > 0) {
      store.states.clear();
      store.search = '';
      store.note('search');
    } else if (store.time !== null) store.setTime(null);
    else store.select(-1);
  }
}
