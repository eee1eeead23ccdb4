// The whole graph, small, with a frame around what is in view.

import { el } from './dom.js';
import { palette } from './palette.js';
import { FAILED, STATES } from './states.js';

const largest = { width: 168, height: 120 };

export class Minimap {
  #picture = document.createElement('canvas');
  #made = 0;
  #timer = 0;
  #isCurrent = false;

  /** `goTo(x, y)` has the view move its middle to a point of the graph. */
  constructor(goTo) {
    this.canvas = el('canvas', { class: 'minimap', 'aria-hidden': 'true', hidden: true });
    this.scale = 1;
    const move = (event) => {
      const box = this.canvas.getBoundingClientRect();
      goTo((event.clientX - box.left) / this.scale, (event.clientY - box.top) / this.scale);
    };
    this.canvas.addEventListener('pointerdown', (event) => {
      this.canvas.setPointerCapture(event.pointerId);
      event.stopPropagation();
      move(event);
    });
    this.canvas.addEventListener('pointermove', (event) => { if (event.buttons !== 0) move(event); });
  }

  /** The states or the graph changed. */
  forget() { this.#isCurrent = false; }

  draw(scene, store, camera, width, height, again) {
    const { bounds } = scene;
    const isNeeded = (bounds.width * camera.scale > width * 1.05 || bounds.height * camera.scale > height * 1.05)
      && width > 480;
    this.canvas.hidden = !isNeeded;
    if (!isNeeded) return;
    this.scale = Math.min(largest.width / bounds.width, largest.height / bounds.height);
    const [ownWidth, ownHeight] = [Math.max(24, bounds.width * this.scale), Math.max(16, bounds.height * this.scale)];
    this.#refresh(scene, store, ownWidth, ownHeight, again);
    const density = Math.min(2, devicePixelRatio || 1);
    if (
      this.canvas.width !== Math.round(ownWidth * density)
      || this.canvas.height !== Math.round(ownHeight * density)
    ) {
      this.canvas.width = Math.round(ownWidth * density);
      this.canvas.height = Math.round(ownHeight * density);
      this.canvas.style.width = `${ownWidth}px`;
      this.canvas.style.height = `${ownHeight}px`;
    }
    const context = this.canvas.getContext('2d');
    context.setTransform(density, 0, 0, density, 0, 0);
    context.clearRect(0, 0, ownWidth, ownHeight);
    context.drawImage(this.#picture, 0, 0, ownWidth, ownHeight);
    context.strokeStyle = palette().select;
    context.lineWidth = 1.5;
    const left = Math.max(0.75, camera.x * this.scale);
    const top = Math.max(0.75, camera.y * this.scale);
    const right = Math.min(ownWidth - 0.75, (camera.x + width / camera.scale) * this.scale);
    const bottom = Math.min(ownHeight - 0.75, (camera.y + height / camera.scale) * this.scale);
    context.strokeRect(left, top, Math.max(2, right - left), Math.max(2, bottom - top));
  }

  // The nodes are painted at most four times a second.
  #refresh(scene, store, width, height, again) {
    if (this.#isCurrent && this.#picture.width === Math.round(width * 2)) return;
    const now = performance.now();
    if (now - this.#made < 250 && this.#picture.width === Math.round(width * 2)) {
      clearTimeout(this.#timer);
      this.#timer = setTimeout(again, 260);
      return;
    }
    [this.#made, this.#isCurrent] = [now, true];
    this.#picture.width = Math.round(width * 2);
    this.#picture.height = Math.round(height * 2);
    const context = this.#picture.getContext('2d');
    context.scale(2 * this.scale, 2 * this.scale);
    const { shapes } = scene;
    const { state } = store.snapshot;
    // Failures last: nothing may cover them.
    const order = [...STATES.keys()].filter((kind) => kind !== FAILED).concat(FAILED);
    for (const kind of order) {
      context.fillStyle = palette().states[kind].line;
      const least = (kind === FAILED ? 3 : 1) / this.scale;
      for (let index = 0; index < shapes.node.length; index += 1) {
        if (state[shapes.node[index]] !== kind) continue;
        context.fillRect(
          shapes.x[index], shapes.y[index], Math.max(least, shapes.width[index]), Math.max(least, shapes.height[index]),
        );
      }
    }
  }
}
