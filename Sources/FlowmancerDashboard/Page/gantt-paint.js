// Paints the timeline.

import { fitted } from './canvas.js';
import { groupText } from './graph-paint.js';
import { palette } from './palette.js';
import { ABORTED, COMPLETED, FAILED, RUNNING, STATES } from './states.js';
import { duration, moment, ticking, visible } from './text.js';
import { niceStep } from './time-window.js';

export const axisHeight = 24;
export const rowHeight = 24;
const font = 'system-ui, -apple-system, "Segoe UI", Roboto, Arial, sans-serif';

/** The names at the left take this much. */
export const labelWidth = (width) => Math.round(Math.min(240, Math.max(90, width * 0.3)));

export function paintGantt(context, view) {
  const { store, width, height, top, window } = view;
  const left = labelWidth(width);
  const colours = palette();
  const place = (time) => left + ((time - window.start) / window.length) * (width - left - 12);
  const { nodes } = store.rows;
  const first = Math.max(0, Math.floor(top / rowHeight));
  const last = Math.min(nodes.length, Math.ceil((top + height - axisHeight) / rowHeight));
  const full = { ...view, left, place, colours };

  context.save();
  context.beginPath();
  context.rect(0, axisHeight, width, height - axisHeight);
  context.clip();
  for (let row = first; row < last; row += 1) {
    paintBack(context, full, nodes[row], row, axisHeight + row * rowHeight - top);
  }
  paintGrid(context, full);
  for (let row = first; row < last; row += 1) {
    paintRow(context, full, nodes[row], row, axisHeight + row * rowHeight - top);
  }
  context.restore();
  paintAxis(context, full);
  paintInstant(context, full);
}

function paintBack(context, { store, width, colours }, node, row, y) {
  if (node === store.selected) {
    context.fillStyle = colours.states[RUNNING].back;
    context.fillRect(0, y, width, rowHeight);
    context.fillStyle = colours.select;
    context.fillRect(0, y, 3, rowHeight);
  } else if (row % 2 === 1) {
    context.fillStyle = colours.panel;
    context.fillRect(0, y, width, rowHeight);
  }
}

function ticks({ window, width, left }) {
  const step = niceStep(window.length, (width - left) / 90);
  const times = [];
  for (let time = Math.ceil(window.start / step) * step; time <= window.end && times.length < 200; time += step) {
    times.push(time);
  }
  return { step, times };
}

function paintGrid(context, view) {
  const { height, place, colours } = view;
  context.fillStyle = colours.line;
  for (const time of ticks(view).times) context.fillRect(Math.round(place(time)), axisHeight, 1, height);
}

function paintAxis(context, view) {
  const { width, left, place, colours } = view;
  const { step, times } = ticks(view);
  context.fillStyle = colours.line;
  context.fillRect(0, axisHeight - 1, width, 1);
  context.font = `11px ${font}`;
  context.textBaseline = 'middle';
  context.textAlign = 'left';
  context.fillStyle = colours.muted;
  for (const time of times) {
    const x = Math.round(place(time));
    context.fillRect(x, axisHeight - 6, 1, 5);
    const text = moment(time, step);
    // The buttons for zooming stand at the right end.
    if (x + 4 + context.measureText(text).width <= width - 96) context.fillText(text, x + 4, axisHeight / 2);
  }
  context.fillStyle = colours.line;
  context.fillRect(left - 6, 0, 1, axisHeight);
}

function paintInstant(context, { store, height, place, colours, left, width }) {
  if (store.time === null && !store.isUnderWay) return;
  const x = Math.round(place(store.shownTime));
  if (x < left || x > width) return;
  context.fillStyle = colours.select;
  context.fillRect(x, 0, store.time === null ? 1 : 2, height);
}

function paintRow(context, view, node, row, y) {
  const { store } = view;
  paintLabel(context, view, node, row, y);
  context.save();
  context.beginPath();
  context.rect(view.left - 4, y, view.width, rowHeight);
  context.clip();
  if (store.model.hasMembers(node)) paintGroup(context, view, node, y);
  else paintTask(context, view, node, y);
  context.restore();
}

function paintLabel(context, { store, left, colours }, node, row, y) {
  const { model, snapshot, rows } = store;
  const state = snapshot.state[node];
  const depth = rows.depths[row];
  const isOpen = rows.nodes[row + 1] !== undefined && model.group[rows.nodes[row + 1]] === node;
  let x = 6 + Math.min(8, depth) * 12;
  const middle = y + rowHeight / 2 + 0.5;
  context.textAlign = 'left';
  context.textBaseline = 'middle';
  context.font = `11px ${font}`;
  context.fillStyle = colours.muted;
  if (model.hasMembers(node)) context.fillText(isOpen ? '▾' : '▸', x, middle);
  x += 14;
  context.fillStyle = colours.states[state].text;
  context.fillText(STATES[state].sign, x, middle);
  x += 15;
  context.font = `${model.isOnLongestWay[node] ? 600 : 400} 12.5px ${font}`;
  context.fillStyle = colours.text;
  context.fillText(
    fitted(context, visible(depth > 0 ? model.shortName(node) : model.names[node], 80), left - 12 - x), x, middle,
  );
}

function paintTask(context, view, node, y) {
  const { store, place, colours, window, width } = view;
  const { model, time, shownTime } = store;
  const { attempts } = model;
  let end = -1;
  for (let index = attempts.first[node]; index >= 0; index = attempts.next[index]) {
    const start = attempts.start[index];
    if (start < 0) continue;
    const isOpenEnd = attempts.stop[index] < 0;
    const stop = isOpenEnd ? store.horizon : attempts.stop[index];
    end = Math.max(end, place(stop));
    if (start > window.end || stop < window.start) continue;
    const isRunning = start <= shownTime
      && (isOpenEnd ? attempts.state[index] === RUNNING : time !== null && stop > time);
    // What comes after the instant that is shown is only hinted at.
    if (time !== null && stop > time) {
      paintBar(context, colours.line, place(Math.max(start, time)), place(stop), y, 0.7);
    }
    if (start > shownTime) continue;
    const state = isRunning ? RUNNING : attempts.state[index];
    const [x, right] = [place(start), place(Math.min(stop, shownTime))];
    paintBar(context, hatched(context, colours, state), x, right, y, 1);
    if (model.isOnLongestWay[node]) outline(context, colours.strong, x, right, y);
  }
  const { start, end: stop } = store.snapshot.span(node);
  if (start === null) return;
  const text = stop === null ? ticking(shownTime - start) : duration(stop - start);
  context.font = `11px ${font}`;
  const room = context.measureText(text).width;
  if (end + 6 + room > width - 4) return;
  context.textAlign = 'left';
  context.textBaseline = 'middle';
  context.fillStyle = colours.muted;
  context.fillText(text, Math.max(end, place(start)) + 6, y + rowHeight / 2 + 0.5);
}

// A group is a bar from its first beginning to its last end, in which the profile says how many of its tasks ran at
// each time.
function paintGroup(context, view, node, y) {
  const { store, place, colours, width } = view;
  const { start, end } = store.snapshot.span(node);
  if (start === null) return;
  const state = store.snapshot.state[node];
  const { line, back } = colours.states[state];
  const [x, right] = [place(start), Math.max(place(start) + 2, place(end ?? store.shownTime))];
  context.fillStyle = back;
  context.strokeStyle = line;
  context.lineWidth = 1;
  context.beginPath();
  context.roundRect(x + 0.5, y + 4.5, right - x - 1, rowHeight - 9, 3);
  context.fill();
  context.stroke();
  const profile = store.profileOf(node);
  const [from, to] = [Math.max(view.left, Math.ceil(x) + 1), Math.min(width, Math.floor(right) - 1)];
  const timeOf = (pixel) => view.window.start + ((pixel - view.left) / (width - view.left - 12)) * view.window.length;
  // Few failures among many tasks do not colour all of them.
  context.fillStyle = state === FAILED && profile.isMixed ? colours.states[COMPLETED].line : line;
  for (let pixel = from; pixel < to; pixel += 1) {
    const share = profile.at(timeOf(pixel), timeOf(pixel + 1));
    if (share > 0) context.fillRect(pixel, y + rowHeight - 6 - share * (rowHeight - 12), 1, share * (rowHeight - 12));
  }
  context.fillStyle = colours.states[FAILED].line;
  for (const time of profile.failures) {
    if (time <= store.shownTime && profile.isMixed) context.fillRect(place(time) - 1, y + 2, 2, 4);
  }
  context.font = `11px ${font}`;
  context.textAlign = 'left';
  context.textBaseline = 'middle';
  context.fillStyle = colours.muted;
  const text = groupText(store.snapshot.countsOf(node));
  if (right + 6 + context.measureText(text).width < width - 4) {
    context.fillText(text, right + 6, y + rowHeight / 2 + 0.5);
  }
}

function paintBar(context, fill, x, right, y, alpha) {
  context.globalAlpha = alpha;
  context.fillStyle = fill;
  const wide = Math.max(2, right - x);
  if (wide < 6) context.fillRect(x, y + 5, wide, rowHeight - 10);
  else {
    context.beginPath();
    context.roundRect(x, y + 5, wide, rowHeight - 10, 2.5);
    context.fill();
  }
  context.globalAlpha = 1;
}

function outline(context, colour, x, right, y) {
  context.strokeStyle = colour;
  context.lineWidth = 1;
  context.strokeRect(Math.round(x) + 0.5, y + 4.5, Math.max(2, Math.round(right - x)) - 1, rowHeight - 9);
}

const patterns = new Map();

// Failures and aborts are hatched: they are told apart without colours too.
function hatched(context, colours, state) {
  const { line, back } = colours.states[state];
  if (state !== FAILED && state !== ABORTED) return line;
  const key = `${state}${line}${back}`;
  if (!patterns.has(key)) {
    const tile = document.createElement('canvas');
    [tile.width, tile.height] = [8, 8];
    const pen = tile.getContext('2d');
    pen.fillStyle = line;
    pen.fillRect(0, 0, 8, 8);
    pen.strokeStyle = back;
    pen.lineWidth = 1.6;
    pen.beginPath();
    const lines = state === FAILED ? [[-2, 2, 2, -2], [-2, 10, 10, -2], [6, 10, 10, 6]] : [[2, 0, 2, 8]];
    for (const [fromX, fromY, toX, toY] of lines) {
      pen.moveTo(fromX, fromY);
      pen.lineTo(toX, toY);
    }
    pen.stroke();
    patterns.set(key, context.createPattern(tile, 'repeat'));
  }
  return patterns.get(key);
}
