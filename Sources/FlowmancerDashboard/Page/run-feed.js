// Keeps a run up to date: reads it, listens to its events, and finds the way back after the connection was lost.

import { ApiError, getJSON, runPath } from './api.js';

const shortestWait = 500;
const longestWait = 8000;
const factsEvery = 5000;
const patienceWhenHidden = 10000;

export class RunFeed {
  #store;
  #source = null;
  #sequence = 0;
  #wait = shortestWait;
  #timer = 0;
  #factsTimer = 0;
  #hiddenTimer = 0;
  #grownTimer = 0;
  #lastRead = 0;
  #onVisibility = () => this.#visibilityChanged();
  #isStopped = false;
  #stopping = new AbortController();
  #onProblem;
  #onChanges;

  /** `onChanges` is told which nodes changed, `onProblem` what went wrong. */
  constructor(store, { onChanges, onProblem }) {
    this.#store = store;
    this.#onChanges = onChanges;
    this.#onProblem = onProblem;
  }

  /** Reads the run. One that was started just now may not be on record yet: then it is asked for again. */
  async start({ patience = 0 } = {}) {
    const until = Date.now() + patience;
    for (;;) {
      try {
        await this.#read();
        break;
      } catch (error) {
        if (this.#isStopped) return;
        if (error.status !== 404 || Date.now() > until) throw error;
        await new Promise((resolve) => setTimeout(resolve, 300));
      }
    }
    this.#readFacts();
    this.#listen();
    this.#factsTimer = setInterval(() => { if (this.#store.isUnderWay) this.#readFacts(); }, factsEvery);
    document.addEventListener('visibilitychange', this.#onVisibility);
  }

  stop() {
    this.#isStopped = true;
    this.#stopping.abort();
    clearTimeout(this.#timer);
    clearInterval(this.#factsTimer);
    clearTimeout(this.#hiddenTimer);
    clearTimeout(this.#grownTimer);
    document.removeEventListener('visibilitychange', this.#onVisibility);
    this.#source?.close();
    this.#source = null;
  }

  async #read() {
    const begin = performance.now();
    const view = await getJSON(`${runPath(this.#store.id)}/view`, this.#stopping.signal);
    if (this.#isStopped) return;
    this.#lastRead = performance.now() - begin;
    this.#sequence = view.sequence;
    this.#store.setView(view);
  }

  // What the events do not tell: when the run is expected to end, what of it could not be read, and that its process is
  // gone.
  async #readFacts() {
    try {
      const facts = await getJSON(runPath(this.#store.id), this.#stopping.signal);
      if (this.#isStopped) return;
      const wasUnderWay = this.#store.isUnderWay;
      this.#store.setRun(facts);
      if (wasUnderWay && !this.#store.isUnderWay) this.#readAgain();
    } catch {
      // The page is of use without them.
    }
  }

  #listen() {
    this.#source?.close();
    this.#source = null;
    if (this.#isStopped) return;
    if (!this.#store.isUnderWay) {
      this.#store.setConnection('closed');
      return;
    }
    const source = new EventSource(`${runPath(this.#store.id)}/events?after=${this.#sequence}`);
    this.#source = source;
    source.addEventListener('open', () => {
      this.#wait = shortestWait;
      this.#store.setConnection('live');
    });
    source.addEventListener('changes', (event) => {
      this.#note(event);
      const changes = JSON.parse(event.data);
      this.#onChanges(this.#store.apply(changes), changes);
    });
    source.addEventListener('grown', (event) => {
      this.#note(event);
      this.#grown();
    });
    source.addEventListener('ended', (event) => {
      source.close();
      this.#store.setRun(JSON.parse(event.data).run);
      this.#store.setConnection('closed');
      this.#readAgain();
    });
    source.addEventListener('error', () => {
      this.#store.setConnection('lost');
      // While it is connecting, the browser tries again by itself; it gives up when the server answered with an error.
      if (source.readyState === EventSource.CLOSED) this.#tryLater();
    });
  }

  // A run that grows and grows is not read without end: there is time between, the more the longer it takes.
  #grown() {
    if (this.#grownTimer !== 0) return;
    this.#grownTimer = setTimeout(() => {
      this.#grownTimer = 0;
      this.#readAgain();
    }, Math.max(150, 3 * this.#lastRead));
  }

  // A browser has few connections to one server. A page that nobody sees leaves its own to others.
  #visibilityChanged() {
    clearTimeout(this.#hiddenTimer);
    if (!document.hidden) {
      if (this.#source === null && this.#store.isUnderWay) this.#listen();
      return;
    }
    this.#hiddenTimer = setTimeout(() => {
      this.#source?.close();
      this.#source = null;
    }, patienceWhenHidden);
  }

  #note(event) {
    const number = Number(event.lastEventId);
    if (number > this.#sequence) this.#sequence = number;
  }

  // Everything is read anew: the events since then could be of nodes that the page does not know.
  async #readAgain() {
    this.#source?.close();
    this.#source = null;
    try {
      await this.#read();
      this.#readFacts();
      this.#listen();
    } catch (error) {
      if (this.#isStopped) return;
      this.#store.setConnection('lost');
      if (error instanceof ApiError && error.status >= 400) this.#onProblem(error);
      this.#tryLater();
    }
  }

  #tryLater() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#readAgain(), this.#wait);
    this.#wait = Math.min(longestWait, this.#wait * 2);
  }
}
