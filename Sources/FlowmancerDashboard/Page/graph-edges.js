// The edges of a graph. Few are drawn directly; many are drawn in portions into a picture, while the one before is
// still shown: thousands of curves take longer than a frame.

import { palette } from './palette.js';
import { beginPicture, covers, drawPicture, isSharp, place } from './view-picture.js';

const fewSegments = 250;
/** How long one portion takes, in milliseconds. */
const portion = 6;

/**
 * Adds a line from one point down to another to the current path. It begins and ends upright, so that parts of an edge
 * meet smoothly.
 */
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
      drawPicture(context, made, camera);
      if (isSharp(made, camera) && covers(made, camera, width, height, scene.bounds)) return;
    }
    this.#make(camera, width, height, density, isMoving);
  }

  #make(camera, width, height, density, isMoving) {
    let making = this.#making;
    const fits = making
      && making.camera.scale === camera.scale
      && covers(making, camera, width, height, this.#scene.bounds);
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
    const picture = beginPicture(camera, width, height, density);
    const [right, bottom] = picture.camera.toPicture(picture.width, picture.height);
    return {
      ...picture, segments: this.#scene.segmentsIn(picture.camera.x, picture.camera.y, right, bottom).slice(), done: 0,
    };
  }

  #paint(context, camera, chosen, first, last, density) {
    const { segments, arrows } = this.#scene;
    const { scale } = camera;
    const colour = palette().edge;
    context.save();
    place(context, camera, density);
    context.beginPath();
    const isCurved = scale > 0.12;
    for (let index = first; index < last; index += 1) {
      const at = 4 * chosen[index];
      traceLine(context, segments[at], segments[at + 1], segments[at + 2], segments[at + 3], isCurved);
    }
    context.strokeStyle = colour;
    // Where lines lie as close as pixels, they would make one grey area.
    context.globalAlpha = scale > 0.5 ? 0.9 : 0.25 + scale * 1.3;
    context.lineWidth = Math.max(1.2, 0.7 / scale);
    context.stroke();
    if (scale > 0.35) {
      context.beginPath();
      for (let index = first; index < last; index += 1) {
        if (arrows[chosen[index]] === 1) {
          traceHead(context, segments[4 * chosen[index] + 2], segments[4 * chosen[index] + 3]);
        }
      }
      context.fillStyle = colour;
      context.fill();
    }
    context.restore();
  }
}
