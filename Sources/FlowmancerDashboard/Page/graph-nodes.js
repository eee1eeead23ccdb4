// The nodes of a graph. Few are drawn directly; of many a picture is kept, until a state or the view changes.

import { paintNodes } from './graph-paint.js';
import { beginPicture, covers, drawPicture, isSharp, place } from './view-picture.js';

const fewNodes = 50;

export class NodeLayer {
  #picture = null;
  #snapshot = null;
  #match = null;

  /** The picture was made for other colours, or another graph. */
  forget() { this.#picture = null; }

  /** Draws what is in view, in the coordinates of the screen. */
  draw(context, camera, view) {
    const { scene, store, width, height, density, isMoving } = view;
    const [right, bottom] = camera.toPicture(width, height);
    if (scene.countIn(camera.x, camera.y, right, bottom) <= fewNodes) {
      this.#picture = null;
      context.save();
      place(context, camera, density);
      paintNodes(context, camera, view);
      context.restore();
      return;
    }
    const { snapshot, match } = store;
    const picture = this.#picture;
    const isCurrent = picture !== null
      && this.#snapshot === snapshot
      && this.#match === match
      && picture.density === density
      && covers(picture, camera, width, height, scene.bounds) && (isMoving || isSharp(picture, camera));
    if (!isCurrent) this.#make(camera, view);
    drawPicture(context, this.#picture, camera);
  }

  #make(camera, view) {
    const { store, width, height, density } = view;
    const picture = beginPicture(camera, width, height, density);
    const context = picture.canvas.getContext('2d');
    place(context, picture.camera, density);
    paintNodes(context, picture.camera, { ...view, width: picture.width, height: picture.height });
    [this.#picture, this.#snapshot, this.#match] = [picture, store.snapshot, store.match];
  }
}
