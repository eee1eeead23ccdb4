// The selected node of a graph, the one below the pointer, and their edges.

import { traceHead, traceLine } from './graph-edges.js';
import { palette } from './palette.js';

/** Paints the edges of the selected node and of the one below the pointer. They lie under the nodes. */
export function paintLinks(context, camera, { scene, store, hovered }) {
  const colour = palette().select;
  for (const [node, strength] of [[hovered, 0.55], [store.selected, 1]]) {
    const bounds = node < 0 ? null : scene.boundsOf(node, store.model);
    if (bounds === null) continue;
    const lines = linesOf(scene, store.model, bounds);
    context.globalAlpha = strength;
    context.beginPath();
    for (const [from, to] of lines) {
      traceLine(context, from.x + from.width / 2, from.y + from.height, to.x + to.width / 2, to.y);
    }
    context.strokeStyle = colour;
    context.lineWidth = Math.max(1.8, 1.6 / camera.scale);
    context.stroke();
    if (camera.scale > 0.3) {
      context.beginPath();
      for (const [, to] of lines) traceHead(context, to.x + to.width / 2, to.y);
      context.fillStyle = colour;
      context.fill();
    }
    context.globalAlpha = 1;
  }
}

/** Paints the outline of the selected node, or of the closed group that holds it. */
export function paintOutline(context, camera, { scene, store }) {
  const bounds = store.selected < 0 ? null : scene.boundsOf(store.selected, store.model);
  if (bounds === null) return;
  const room = 3 / Math.min(1, camera.scale * 1.5);
  context.beginPath();
  context.roundRect(bounds.x - room, bounds.y - room, bounds.width + 2 * room, bounds.height + 2 * room, 9);
  context.strokeStyle = palette().select;
  context.lineWidth = Math.max(2.5, 2.2 / camera.scale);
  context.stroke();
}

// From what a node depends on to it, and from it to what needs it, as far as they are drawn.
function linesOf(scene, model, bounds) {
  const drawn = (node) => {
    const there = scene.boundsOf(node, model);
    return there?.node === node ? there : null;
  };
  const before = [...model.dependencies(bounds.node).subarray(0, 1000)].map((node) => [drawn(node), bounds]);
  const after = [...model.dependents(bounds.node).subarray(0, 1000)].map((node) => [bounds, drawn(node)]);
  return [...before, ...after].filter(([from, to]) => from !== null && to !== null);
}
