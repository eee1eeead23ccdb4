// The panels of a run. On a wide screen graph and timeline stand left, tasks right, and below them facts or log; on a
// narrow one each stands alone behind its tab.

import { button, el } from './dom.js';
import { divider } from './divider.js';

export class Panels {
  #panels = new Map();
  #lists = [];
  #onShow;
  #narrow = matchMedia('(max-width: 899px)');
  #work = () => this.#layOut();
  #below = 'facts';

  /**
   * `panels` holds `{ title, element }` for graph, timeline, tasks, facts and log; `onShow(name)` is told which tab was
   * chosen.
   */
  constructor(panels, { shown, onShow }) {
    this.#onShow = onShow;
    for (const [name, { title, element }] of Object.entries(panels)) {
      this.#panels.set(name, {
        title, panel: el('section', { class: `panel ${name}`, id: `panel-${name}`, 'aria-label': title }, element),
      });
    }
    this.shown = this.#panels.has(shown) ? shown : 'graph';
    const of = (name) => this.#panels.get(name).panel;
    this.grid = el('div', { class: 'panels' });
    this.grid.append(
      el('div', { class: 'side left' }, of('graph'), divider(this.grid, 'left', 'Height of the graph'), of('timeline')),
      divider(this.grid, 'column', 'Width of the left panels'),
      el('div', { class: 'side right' }, of('tasks'), divider(this.grid, 'right', 'Height of the tasks'),
        el('div', { class: 'below' }, this.#tabs(['facts', 'log'], 'pair'), of('facts'), of('log'))),
    );
    this.element = el('div', { class: 'views' }, this.#tabs([...this.#panels.keys()], 'all'), this.grid);
    this.#narrow.addEventListener('change', this.#work);
    this.#layOut();
  }

  close() { this.#narrow.removeEventListener('change', this.#work); }

  get isNarrow() { return this.#narrow.matches; }

  /** Shows a panel, if it is not seen. */
  choose(name) {
    if (!this.#panels.has(name) || name === this.shown) return;
    this.shown = name;
    this.#layOut();
    this.#onShow(name);
  }

  #tabs(names, kind) {
    const tabs = names.map((name) => button(this.#panels.get(name).title, () => this.choose(name), {
      role: 'tab', id: `${kind}-${name}`, 'aria-controls': `panel-${name}`, data: { name },
    }));
    const list = el(
      'div',
      { class: `tabs ${kind}`, role: 'tablist', 'aria-label': kind === 'all' ? 'Views of the run' : 'Facts or log' },
      tabs,
    );
    list.addEventListener('keydown', (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (!step) return;
      const here = names.indexOf(event.target.dataset.name);
      const next = (here + step + names.length) % names.length;
      this.choose(names[next]);
      tabs[next].focus();
      event.preventDefault();
      event.stopPropagation();
    });
    this.#lists.push(tabs);
    return list;
  }

  #layOut() {
    if (this.shown === 'facts' || this.shown === 'log') this.#below = this.shown;
    const { isNarrow } = this;
    for (const [name, { panel }] of this.#panels) {
      const isPaired = name === 'facts' || name === 'log';
      const isHidden = isNarrow ? name !== this.shown : isPaired && name !== this.#below;
      panel.hidden = isHidden;
      if (isNarrow || isPaired) panel.setAttribute('role', 'tabpanel');
      else panel.removeAttribute('role');
    }
    const [pair, all] = this.#lists;
    for (const [tabs, shown] of [[pair, this.#below], [all, this.shown]]) {
      for (const tab of tabs) {
        const isShown = tab.dataset.name === shown;
        tab.setAttribute('aria-selected', isShown);
        tab.tabIndex = isShown ? 0 : -1;
      }
    }
  }
}
