// The graph of a run on a canvas.

import { getJSON, runPath } from './api.js';
import { Camera } from './camera.js';
import { Surface } from './canvas.js';
import { button, el, prefersStillness } from './dom.js';
import { listenToGestures } from './gestures.js';
import { EdgeLayer } from './graph-edges.js';
import { NodeLayer } from './graph-nodes.js';
import { paintBoxes } from './graph-paint.js';
import { GraphScene } from './graph-scene.js';
import { paintLinks, paintOutline } from './graph-selection.js';
import { Minimap } from './minimap.js';
import { watchPalette } from './palette.js';
import { describe } from './describe.js';
import { counted, visible } from './text.js';
import { place } from './view-picture.js';

const directions = { ArrowUp: 'up', ArrowDown: 'down', ArrowLeft: 'left', ArrowRight: 'right' };

export class GraphView {
  #store;
  #scene = null;
  #camera = new Camera();
  #surface;
  #edges = new EdgeLayer(() => this.#surface.invalidate());
  #nodes = new NodeLayer();
  #minimap = new Minimap((x, y) => this.#centreOn(x, y));
  #asking = null;
  #shownOpen = null;
  #hovered = -1;
  #movedAt = 0;
  #restTimer = 0;
  #hasMoved = false;
  #flight = null;
  #early;
  #actions;
  #closing = [];

  /** `actions.enter(node)` follows Enter and a double click, `actions.say(text)` reads out a text. */
  constructor(store, actions) {
    this.#store = store;
    this.#actions = actions;
    this.canvas = el('canvas', { 'aria-hidden': 'true' });
    this.note = el('p', { class: 'note over', role: 'status', hidden: true });
    this.stage = el('div', {
      class: 'stage', tabindex: '0', role: 'application', 'aria-roledescription': 'graph', 'aria-label': 'Graph',
      'aria-keyshortcuts': 'ArrowUp ArrowDown ArrowLeft ArrowRight Enter + - 0',
    }, this.canvas);
    const tool = (text, name, work) => button(text, work, { class: 'tool', 'aria-label': name, title: name });
    const tools = el('div', { class: 'tools', role: 'group', 'aria-label': 'Zoom' },
      tool('+', 'Zoom in (+)', () => this.#zoomMiddle(1.4)),
      tool('−', 'Zoom out (-)', () => this.#zoomMiddle(1 / 1.4)),
      tool('⤢', 'Show all (0)', () => this.fit()));
    this.element = el('div', { class: 'graph' }, this.stage, this.#minimap.canvas, this.note, tools);
    const draw = (context, width, height) => this.#draw(context, width, height);
    this.#surface = new Surface(this.canvas, draw, (width, height, before) => {
      if (!this.#hasMoved || before[0] === 0) this.#fitNow();
    });
    // Asked for along with the run itself: most often nothing is open.
    this.#early = { layout: getJSON(`${runPath(store.id)}/layout`).catch(() => null) };
    this.#closing.push(watchPalette(() => { this.#edges.forget(); this.#nodes.forget(); this.#minimap.forget(); }));
    this.#closing.push(store.watch((changed) => this.#update(changed)));
    this.#listen();
  }

  close() {
    this.#asking?.abort();
    this.#surface.close();
    for (const close of this.#closing) close();
  }

  #listen() {
    listenToGestures(this.stage, {
      pan: (dx, dy) => { this.#camera.pan(dx, dy); this.#moved(); },
      zoom: (factor, x, y) => { this.#camera.zoom(factor, x, y); this.#moved(); },
      hover: (x, y) => this.#hover(x, y),
      click: (x, y, event) => this.#click(x, y, event),
      double: (x, y) => {
        const node = this.#nodeAt(x, y);
        if (node >= 0 && !this.#store.model.hasMembers(node)) this.#actions.enter(node);
      },
    });
    this.stage.addEventListener('keydown', (event) => this.#key(event));
  }

  // MARK: What is shown

  #update(changed) {
    if (changed.has('structure')) this.#shownOpen = null;
    if (changed.has('structure') || changed.has('rows')) this.#askForLayout();
    if (changed.has('state') || changed.has('instant')) this.#minimap.forget();
    if (changed.has('selection') && this.#scene && this.#store.selected >= 0) this.#follow();
    this.#surface.invalidate();
  }

  async #askForLayout() {
    const { model, open, id } = this.#store;
    // A group inside of a closed one is not seen.
    const seen = [...open].filter((group) => [...model.around(group)].every((outer) => open.has(outer)));
    const key = seen.sort((a, b) => a - b).join(',');
    if (key === this.#shownOpen) return;
    const opened = this.#shownOpen === null
      ? []
      : seen.filter((group) => !this.#shownOpen.split(',').includes(String(group)));
    this.#shownOpen = key;
    this.#asking?.abort();
    const asking = new AbortController();
    this.#asking = asking;
    const slow = setTimeout(() => this.#tell('The graph is being laid out…'), 300);
    try {
      const early = key === '' ? await this.#takeEarly() : null;
      const layout = early ?? await getJSON(`${runPath(id)}/layout${key === '' ? '' : `?open=${key}`}`, asking.signal);
      if (asking.signal.aborted) return;
      this.#show(new GraphScene(layout, model.count), opened.length === 1 ? opened[0] : -1);
      this.#tell('');
    } catch (error) {
      if (error.name === 'AbortError') return;
      const hint = error.status === 422 ? ' The table and the timeline show all of them.' : '';
      this.#tell(`${visible(error.message, 300)}${hint}`);
      if (error.status !== 422) this.#shownOpen = null;
    } finally {
      clearTimeout(slow);
    }
  }

  async #takeEarly() {
    const layout = await this.#early?.layout;
    this.#early = null;
    return layout ?? null;
  }

  #tell(text) {
    this.note.textContent = text;
    this.note.hidden = text === '';
  }

  #show(scene, opened) {
    const before = this.#scene;
    const anchor = opened >= 0 && before && this.#hasMoved ? before.boundsOf(opened, this.#store.model) : null;
    this.#scene = scene;
    this.#edges.setScene(scene);
    this.#nodes.forget();
    this.#minimap.forget();
    const { model } = this.#store;
    const size = `${counted(scene.shapes.node.length, 'node')} for ${counted(model.count, 'task')}`;
    this.stage.setAttribute(
      'aria-label', `Graph of ${size}. The arrow keys go from task to task. The table has the same tasks.`,
    );
    if (before === null || !this.#hasMoved) this.#fitNow();
    else if (anchor) {
      // What was opened stays where it was clicked.
      const now = scene.boundsOf(opened, model);
      this.#camera.x += now.x - anchor.x;
      this.#camera.y += now.y - anchor.y;
    }
    this.#surface.invalidate();
  }

  #draw(context, width, height) {
    const { density } = this.#surface;
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, width * density, height * density);
    if (!this.#scene || !this.#store.model) return;
    const camera = this.#camera;
    const isMoving = performance.now() - this.#movedAt < 120;
    const view = { scene: this.#scene, store: this.#store, width, height, density, isMoving, hovered: this.#hovered };
    place(context, camera, density);
    paintBoxes(context, camera, view);
    context.setTransform(density, 0, 0, density, 0, 0);
    this.#edges.draw(context, camera, view);
    place(context, camera, density);
    paintLinks(context, camera, view);
    context.setTransform(density, 0, 0, density, 0, 0);
    this.#nodes.draw(context, camera, view);
    place(context, camera, density);
    paintOutline(context, camera, view);
    context.setTransform(1, 0, 0, 1, 0, 0);
    this.#minimap.draw(this.#scene, this.#store, camera, width, height, () => this.#surface.invalidate());
  }

  // MARK: Moving

  #moved() {
    this.#flight = null;
    this.#hasMoved = true;
    this.#movedAt = performance.now();
    if (this.#scene) this.#camera.hold(this.#scene.bounds, this.#surface.width, this.#surface.height);
    this.#surface.invalidate();
    clearTimeout(this.#restTimer);
    this.#restTimer = setTimeout(() => this.#surface.invalidate(), 140);
  }

  #zoomMiddle(factor) {
    this.#camera.zoom(factor, this.#surface.width / 2, this.#surface.height / 2);
    this.#moved();
  }

  #centreOn(x, y) {
    this.#camera.x = x - this.#surface.width / 2 / this.#camera.scale;
    this.#camera.y = y - this.#surface.height / 2 / this.#camera.scale;
    this.#moved();
  }

  fit() {
    this.#hasMoved = false;
    this.#fitNow();
    this.#surface.invalidate();
  }

  #fitNow() {
    if (!this.#scene || this.#surface.width === 0) return;
    this.#flight = null;
    this.#camera.fit(this.#scene.bounds, this.#surface.width, this.#surface.height);
  }

  // Moves the view so that the selected node is seen, and can be read.
  #follow() {
    const bounds = this.#scene.boundsOf(this.#store.selected, this.#store.model);
    if (bounds === null || this.#surface.width === 0) return;
    const target = this.#camera.copy();
    const { width, height } = this.#surface;
    if (bounds.height * target.scale > height) bounds.height = Math.min(bounds.height, 40);
    target.show(bounds, width, height);
    if (target.x === this.#camera.x && target.y === this.#camera.y) return;
    this.#hasMoved = true;
    if (prefersStillness()) Object.assign(this.#camera, { x: target.x, y: target.y });
    else this.#fly(target);
  }

  #fly(target) {
    const flight = { from: [this.#camera.x, this.#camera.y], start: performance.now() };
    this.#flight = flight;
    const step = () => {
      if (this.#flight !== flight) return;
      const share = Math.min(1, (performance.now() - flight.start) / 180);
      const eased = 1 - (1 - share) ** 3;
      this.#camera.x = flight.from[0] + (target.x - flight.from[0]) * eased;
      this.#camera.y = flight.from[1] + (target.y - flight.from[1]) * eased;
      this.#movedAt = performance.now();
      this.#surface.invalidate();
      if (share < 1) requestAnimationFrame(step);
      else this.#moved();
    };
    requestAnimationFrame(step);
  }

  // MARK: Pointing and keys

  #nodeAt(x, y) {
    if (!this.#scene || x === null) return -1;
    const [pictureX, pictureY] = this.#camera.toPicture(x, y);
    return this.#scene.nodeAt(pictureX, pictureY, 2 / this.#camera.scale);
  }

  #hover(x, y) {
    const node = this.#nodeAt(x, y);
    if (node === this.#hovered) return;
    this.#hovered = node;
    this.stage.title = node < 0 ? '' : describe(this.#store, node);
    this.stage.classList.toggle('pointing', node >= 0);
    this.#surface.invalidate();
  }

  #click(x, y) {
    const node = this.#nodeAt(x, y);
    if (node >= 0 && node === this.#store.selected && this.#store.model.hasMembers(node)) this.#store.toggle(node);
    else if (node >= 0 && this.#store.model.hasMembers(node)) {
      this.#store.select(node);
      this.#store.toggle(node);
    } else this.#store.select(node);
  }

  #key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const direction = directions[event.key];
    const { selected, model } = this.#store;
    if (direction && this.#scene) {
      const here = selected < 0 ? null : this.#scene.boundsOf(selected, model);
      const next = this.#scene.neighbour(here?.node ?? -1, direction, model);
      if (next >= 0) {
        this.#store.select(next);
        this.#actions.say(describe(this.#store, next));
      }
    } else if (event.key === 'Enter' && selected >= 0) this.#actions.enter(selected);
    else if (event.key === ' ' && selected >= 0) this.#store.toggle(selected);
    else if (event.key === '+' || event.key === '=') this.#zoomMiddle(1.25);
    else if (event.key === '-') this.#zoomMiddle(1 / 1.25);
    else if (event.key === '0') this.fit();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }
}
