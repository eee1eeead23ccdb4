// The edges of a graph. Few are drawn directly; many are drawn in portions into a bitmap that is larger than the view, which is moved
// and stretched until a new one is ready. Thousands of curves take longer than a frame.

import { palette } from './palette.js';

const fewSegments = 1200;
const margin = 0.35;
const portion = 6;

/** Adds a line from one point down to another to the current path. It begins and ends upright, so that parts of an edge meet smoothly. */
export function traceLine(context, startX, startY, endX, endY, isCurved = true) {
  context.moveTo(startX, startY);
  if (isCurved && Math.abs(endX - startX) > 0.5) {
    const middle = (startY + endY) / 2;
    context.bezierCurveTo(startX, middle, endX, middle, endX, endY);
  } else {
    context.lineTo(endX, endY);
  }
}

/** Adds the head of an edge to the current path. */
export function traceHead(context, x, y) {
  context.moveTo(x, y);
  context.lineTo(x - 3.5, y - 7);
  context.lineTo(x + 3.5, y - 7);
  context.closePath();
}

export class EdgeLayer {
  #scene = null;
  #ready = null;
  #making = null;
  #onReady;

  /** `onReady` is called when a better picture of the edges is there, or has to be made further. */
  constructor(onReady) { this.#onReady = onReady; }

  setScene(scene) {
    this.#scene = scene;
    this.forget();
  }

  /** The pictures were made for other colours, or another graph. */
  forget() { [this.#ready, this.#making] = [null, null]; }

  /** Draws what is in view. While the view moves, nothing new is begun. */
  draw(context, camera, { width, height, density, isMoving }) {
    const scene = this.#scene;
    const [right, bottom] = camera.toPicture(width, height);
    const segments = scene.segmentsIn(camera.x, camera.y, right, bottom);
    if (segments.length <= fewSegments) {
      this.#making = null;
      this.#paint(context, camera, segments, 0, segments.length, density);
      return;
    }
    const made = this.#ready;
    if (made) {
      const scale = camera.scale / made.camera.scale;
      const [x, y] = camera.toScreen(made.camera.x, made.camera.y);
      context.drawImage(made.canvas, x, y, made.width * scale, made.height * scale);
      const isSharp = Math.abs(scale - 1) < 0.001;
      const isCovered = x <= 0.5 && y <= 0.5 && x + made.width * scale >= width - 0.5 && y + made.height * scale >= height - 0.5;
      if (isSharp && (isCovered || this.#coversScene(made, camera, width, height))) return;
    }
    this.#make(camera, width, height, density, isMoving);
  }

  #coversScene(made, camera, width, height) {
    const { bounds } = this.#scene;
    const reach = (of, w, h) => [of.x, of.y, of.x + w / of.scale, of.y + h / of.scale];
    const [left, top, right, bottom] = reach(camera, width, height);
    const [madeLeft, madeTop, madeRight, madeBottom] = reach(made.camera, made.width, made.height);
    return madeLeft <= Math.max(left, bounds.x) && madeTop <= Math.max(top, bounds.y)
      && madeRight >= Math.min(right, bounds.x + bounds.width) && madeBottom >= Math.min(bottom, bounds.y + bounds.height);
  }

  #make(camera, width, height, density, isMoving) {
    let making = this.#making;
    const fits = making && making.camera.scale === camera.scale && this.#coversScene(making, camera, width, height);
    if (!fits) {
      if (isMoving && this.#ready) {
        this.#making = null;
        return;
      }
      making = this.#begin(camera, width, height, density);
      this.#making = making;
    }
    const until = performance.now() + portion;
    do {
      const next = Math.min(making.segments.length, making.done + 200);
      this.#paint(making.canvas.getContext('2d'), making.camera, making.segments, making.done, next, density);
      making.done = next;
    } while (making.done < making.segments.length && performance.now() < until);
    if (making.done === making.segments.length) [this.#ready, this.#making] = [making, null];
    this.#onReady();
  }

  #begin(camera, width, height, density) {
    const own = camera.copy();
    own.pan(width * margin, height * margin);
    const made = { width: Math.ceil(width * (1 + 2 * margin)), height: Math.ceil(height * (1 + 2 * margin)) };
    const canvas = document.createElement('canvas');
    canvas.width = made.width * density;
    canvas.height = made.height * density;
    const [right, bottom] = own.toPicture(made.width, made.height);
    return { ...made, canvas, camera: own, segments: this.#scene.segmentsIn(own.x, own.y, right, bottom).slice(), done: 0 };
  }

  #paint(context, camera, chosen, first, last, density) {
    const { segments, arrows } = this.#scene;
    const { scale } = camera;
    const colour = palette().edge;
    context.save();
    context.setTransform(density * scale, 0, 0, density * scale, -camera.x * density * scale, -camera.y * density * scale);
    context.beginPath();
    const isCurved = scale > 0.12;
    for (let index = first; index < last; index += 1) {
      const at = 4 * chosen[index];
      traceLine(context, segments[at], segments[at + 1], segments[at + 2], segments[at + 3], isCurved);
    }
    context.strokeStyle = colour;
    // Where lines lie as close as pixels, they would make one grey area.
    context.globalAlpha = scale > 0.3 ? 0.9 : Math.max(0.25, Math.min(0.9, 0.25 + scale * 2));
    context.lineWidth = Math.max(1.2, 0.7 / scale);
    context.stroke();
    if (scale > 0.35) {
      context.beginPath();
      for (let index = first; index < last; index += 1) {
        if (arrows[chosen[index]] === 1) traceHead(context, segments[4 * chosen[index] + 2], segments[4 * chosen[index] + 3]);
      }
      context.fillStyle = colour;
      context.fill();
    }
    context.restore();
  }
}
