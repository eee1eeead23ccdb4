// Paints the nodes of a graph: all of one state at once; with names only where they can be read.

import { fitted } from './canvas.js';
import { palette } from './palette.js';
import { COUNTED, DEFAULTED, FAILED, PENDING, STATES } from './states.js';
import { count, counted, visible } from './text.js';

const font = 'system-ui, -apple-system, "Segoe UI", Roboto, Arial, sans-serif';
/** From here on, all is written; from the second on, names; below the third, nodes are plain rectangles. */
const readable = 0.62;
const named = 0.3;
const shaped = 0.22;
const sheet = 4;

/** What is written in the nodes: cut and escaped once. */
const labels = new WeakMap();

function label(model, node) {
  let known = labels.get(model);
  if (!known) labels.set(model, known = new Map());
  let text = known.get(node);
  if (text === undefined) {
    known.set(node, text = visible(model.group[node] < 0 ? model.names[node] : model.shortName(node), 80));
  }
  return text;
}

/** Paints boxes, nodes and what is selected. `faded(node)` says which nodes the search leaves out. */
export function paintNodes(context, camera, view) {
  const { scene, store, width, height } = view;
  const { scale } = camera;
  const [right, bottom] = camera.toPicture(width, height);
  const { shapes } = scene;
  const { match, snapshot } = store;
  const byState = STATES.map(() => []);
  const faded = STATES.map(() => []);
  for (let index = 0; index < shapes.node.length; index += 1) {
    const [x, y] = [shapes.x[index], shapes.y[index]];
    if (x > right || y > bottom || x + shapes.width[index] < camera.x || y + shapes.height[index] < camera.y) continue;
    const node = shapes.node[index];
    (match === null || match[node] ? byState : faded)[snapshot.state[node]].push(index);
  }
  const paint = scale < shaped ? paintFar : paintNear;
  faded.forEach((indices, state) => {
    context.globalAlpha = 0.25;
    paint(context, camera, view, indices, state);
  });
  context.globalAlpha = 1;
  byState.forEach((indices, state) => paint(context, camera, view, indices, state));
}

function paintFar(context, { scale }, { scene: { shapes } }, indices, state) {
  if (indices.length === 0) return;
  const colours = palette().states[state];
  context.fillStyle = colours.line;
  // At least a pixel and a half: a single failure among thousands must be seen.
  const least = (state === FAILED ? 3 : 1.5) / scale;
  for (const index of indices) {
    context.fillRect(
      shapes.x[index], shapes.y[index], Math.max(least, shapes.width[index]), Math.max(least, shapes.height[index]),
    );
  }
}

function paintNear(context, camera, view, indices, state) {
  if (indices.length === 0) return;
  const { scene: { shapes }, store: { model } } = view;
  const colours = palette().states[state];
  context.fillStyle = colours.back;
  context.strokeStyle = colours.line;
  context.lineWidth = state === FAILED ? 2.5 : 1.3;
  context.setLineDash(state === DEFAULTED || state === PENDING ? [3, 3] : []);
  const trace = (index, offset, depth) => context.roundRect(
    shapes.x[index] + offset, shapes.y[index] + depth - offset, shapes.width[index] - depth,
    shapes.height[index] - depth, 7,
  );
  // The sheets of a stack lie below: a closed group holds more than is seen.
  const stacks = indices.filter((index) => model.hasMembers(shapes.node[index]));
  for (const offset of [2 * sheet, sheet]) {
    if (stacks.length === 0) break;
    context.beginPath();
    for (const index of stacks) trace(index, offset, 2 * sheet);
    context.fill();
    context.stroke();
  }
  context.beginPath();
  for (const index of indices) trace(index, 0, model.hasMembers(shapes.node[index]) ? 2 * sheet : 0);
  context.fill();
  context.stroke();
  context.setLineDash([]);
  if (camera.scale >= readable) paintTexts(context, view, indices, state);
  else if (camera.scale >= named) paintNames(context, camera, view, indices, state);
  else paintSigns(context, view, indices, state);
}

function paintSigns(context, { scene: { shapes } }, indices, state) {
  if (indices.length > 1500) return;
  context.fillStyle = palette().states[state].text;
  context.font = `20px ${font}`;
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  for (const index of indices) {
    context.fillText(
      STATES[state].sign, shapes.x[index] + shapes.width[index] / 2, shapes.y[index] + shapes.height[index] / 2,
    );
  }
}

// Names as large as they can still be read, cut to the width of their nodes.
function paintNames(context, camera, { scene: { shapes }, store: { model } }, indices, state) {
  const colours = palette();
  context.font = `${Math.min(22, 8.6 / camera.scale)}px ${font}`;
  context.textAlign = 'left';
  context.textBaseline = 'middle';
  for (const index of indices) {
    const node = shapes.node[index];
    const depth = model.hasMembers(node) ? 2 * sheet : 0;
    const width = shapes.width[index] - depth;
    const y = shapes.y[index] + depth + (shapes.height[index] - depth) / 2 + 1;
    const sign = `${STATES[state].sign} `;
    const taken = context.measureText(sign).width;
    const name = fitted(context, label(model, node), width - taken - 8);
    const x = shapes.x[index] + (width - taken - context.measureText(name).width) / 2;
    context.fillStyle = colours.states[state].text;
    context.fillText(sign, x, y);
    context.fillStyle = colours.text;
    context.fillText(name, x + taken, y);
  }
}

function paintTexts(context, { scene: { shapes }, store }, indices, state) {
  const { model, snapshot } = store;
  const colours = palette();
  context.textAlign = 'center';
  context.textBaseline = 'alphabetic';
  for (const index of indices) {
    const node = shapes.node[index];
    const isStack = model.hasMembers(node);
    const depth = isStack ? 2 * sheet : 0;
    const room = shapes.width[index] - depth - 14;
    const x = shapes.x[index] + (shapes.width[index] - depth) / 2;
    const y = shapes.y[index] + depth;
    const allowed = model.allowed[node] && state === FAILED ? ' (allowed)' : '';
    context.font = `500 13px ${font}`;
    const sign = `${STATES[state].sign} `;
    const name = fitted(context, label(model, node), room - 16);
    const half = (context.measureText(sign).width + context.measureText(name).width) / 2;
    context.textAlign = 'left';
    context.fillStyle = colours.states[state].text;
    context.fillText(sign, x - half, y + 18);
    context.fillStyle = colours.text;
    context.fillText(name, x + half - context.measureText(name).width, y + 18);
    context.textAlign = 'center';
    context.font = `10.5px ${font}`;
    context.fillStyle = colours.muted;
    const detail = isStack ? groupText(snapshot.countsOf(node)) : visible(model.type(node), 60) + allowed;
    context.fillText(fitted(context, detail, room), x, y + 32.5);
    if (isStack) {
      paintShares(
        context,
        snapshot.countsOf(node),
        shapes.x[index] + 9,
        shapes.y[index] + shapes.height[index] - 8,
        shapes.width[index] - depth - 18,
      );
    }
  }
}

/** The counts of a group, short: `✗ 2  ► 4  ✓ 994`. */
export function groupText(counts) {
  const parts = COUNTED.filter((state) => counts[state] > 0).map(
    (state) => `${STATES[state].sign} ${count(counts[state])}`
  );
  return parts.length === 0 ? counted(0, 'task') : parts.join('  ');
}

/** A bar of the shares of states. */
export function paintShares(context, counts, x, y, width, height = 3) {
  const total = counts.reduce((sum, number) => sum + number, 0);
  if (total === 0) return;
  let left = x;
  for (const state of COUNTED) {
    if (counts[state] === 0) continue;
    const share = (counts[state] / total) * width;
    context.fillStyle = palette().states[state].line;
    context.fillRect(left, y, Math.max(share, 1), height);
    left += share;
  }
}

/** The boxes of open groups, with their names. They lie under their edges and nodes. */
export function paintBoxes(context, camera, { scene: { boxes }, store }) {
  const colours = palette();
  const { model, snapshot } = store;
  for (let index = 0; index < boxes.node.length; index += 1) {
    const node = boxes.node[index];
    const state = snapshot.state[node];
    context.beginPath();
    context.roundRect(boxes.x[index], boxes.y[index], boxes.width[index], boxes.height[index], 9);
    context.fillStyle = colours.panel;
    context.fill();
    context.setLineDash([5, 3]);
    context.lineWidth = 1.3;
    context.strokeStyle = colours.states[state].line;
    context.stroke();
    context.setLineDash([]);
    if (camera.scale < 0.3) continue;
    const room = boxes.width[index] - 24;
    context.textAlign = 'left';
    context.textBaseline = 'alphabetic';
    context.font = `600 13px ${font}`;
    context.fillStyle = colours.states[state].text;
    const name = fitted(context, `${STATES[state].sign} ${label(model, node)}`, room);
    context.fillText(name, boxes.x[index] + 12, boxes.y[index] + 19);
    const taken = context.measureText(name).width + 12;
    context.font = `11px ${font}`;
    context.fillStyle = colours.muted;
    const counts = snapshot.countsOf(node);
    if (counts) {
      context.fillText(
        fitted(context, groupText(counts), room - taken), boxes.x[index] + 12 + taken, boxes.y[index] + 19,
      );
    }
  }
}
