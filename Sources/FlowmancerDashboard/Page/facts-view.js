// What is known about the selected task; about the run if none is selected.

import { getJSON, taskPath } from './api.js';
import { button, debounced, el } from './dom.js';
import { groupFacts, runFacts, taskFacts } from './facts.js';
import { describe } from './describe.js';
import { RUNNING, STATES } from './states.js';
import { visible } from './text.js';

export class FactsView {
  #store;
  #actions;
  #unwatch;
  #asking = null;
  #shown = null;
  #answer = null;
  #timer = 0;
  #isPressed = false;
  #release = () => { this.#isPressed = false; };
  #askSoon = debounced(() => this.#ask(), 120);

  constructor(store, actions) {
    this.#store = store;
    this.#actions = actions;
    this.element = el('div', { class: 'facts-view', tabindex: '0' });
    this.element.addEventListener('pointerdown', () => { this.#isPressed = true; });
    document.addEventListener('pointerup', this.#release);
    this.#unwatch = store.watch((changed) => this.#update(changed));
  }

  close() {
    this.#asking?.abort();
    clearTimeout(this.#timer);
    document.removeEventListener('pointerup', this.#release);
    this.#unwatch();
  }

  #update(changed) {
    const store = this.#store;
    if (!store.model) return;
    const node = store.selected;
    const isTask = node >= 0 && !store.model.hasMembers(node);
    const key = isTask ? `${node}/${store.model.state[node]}/${store.model.attempts.last[node]}` : '';
    if (isTask && (key !== this.#shown?.key || changed.has('structure'))) {
      if (this.#shown?.node !== node) this.#answer = null;
      this.#shown = { node, key };
      if (this.#answer === null) this.#ask();
      else this.#askSoon();
    } else if (!isTask) this.#shown = { node, key };
    if (['selection', 'structure', 'rows'].some((kind) => changed.has(kind))) this.#draw(changed.has('selection'));
    else if (changed.has('state') || changed.has('instant') || changed.has('run')) this.#drawLater();
  }

  // What a reader presses or marks just now is not replaced under the hand.
  #drawLater() {
    if (this.#timer !== 0) return;
    this.#timer = setTimeout(() => {
      this.#timer = 0;
      const selection = getSelection();
      const isMarked = selection !== null && !selection.isCollapsed && this.element.contains(selection.anchorNode);
      if (this.#isPressed || isMarked) this.#drawLater();
      else if (this.#store.model) this.#draw(false);
    }, 150);
  }

  async #ask() {
    const { node } = this.#shown ?? {};
    const { model, id } = this.#store;
    if (node === undefined || node < 0) return;
    this.#asking?.abort();
    const asking = new AbortController();
    this.#asking = asking;
    try {
      this.#answer = { node, task: await getJSON(taskPath(id, model.names[node]), asking.signal) };
    } catch (error) {
      if (error.name === 'AbortError') return;
      this.#answer = { node, problem: error.message };
    }
    this.#draw(false);
  }

  #draw(isOther) {
    const store = this.#store;
    const { model, selected: node } = store;
    const top = isOther ? 0 : this.element.scrollTop;
    const focused = isOther || !this.element.contains(document.activeElement)
      ? undefined
      : document.activeElement.dataset.node;
    const open = new Set([...this.element.querySelectorAll('details[open]')].map((element) => element.dataset.key));
    if (node < 0) this.element.replaceChildren(...runFacts(store, this.#actions));
    else {
      const state = store.snapshot.state[node];
      const isGroup = model.hasMembers(node);
      const head = el('div', { class: 'name-line' }, el('h2', { text: visible(model.names[node], 3000) }),
        isGroup
          ? button(store.open.has(node) ? 'Close' : 'Open', () => store.toggle(node), {
            'aria-label': store.open.has(node) ? 'Close the group' : 'Open the group',
          })
          : button('Log', () => this.#actions.enter(node), { 'aria-label': 'Read the log' }));
      const known = this.#answer?.node === node ? this.#answer : null;
      this.element.replaceChildren(
        head, ...(isGroup ? groupFacts(store, node, this.#actions) : taskFacts(store, node, known, this.#actions)),
      );
      this.element.dataset.state = STATES[state].key;
      this.element.setAttribute('aria-label', describe(store, node));
      this.element.setAttribute('aria-busy', !isGroup && known === null && state !== RUNNING);
    }
    for (const element of this.element.querySelectorAll('details')) {
      if (open.has(element.dataset.key)) element.open = true;
    }
    this.element.scrollTop = top;
    if (focused !== undefined) {
      this.element.querySelector(`button[data-node="${focused}"]`)?.focus({ preventScroll: true });
    }
  }
}
