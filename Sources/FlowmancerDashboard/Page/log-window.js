// A part of a log: its bytes as lines. Bytes are added at both ends, and dropped at the end that is far from what is
// read. A pure value.

import { plain, readLine } from './ansi.js';

/** A line that is longer is shown in pieces: a page that lays out megabytes as one line hangs. */
const longestLine = 32768;
/** No more bytes than this are held. */
export const mostBytes = 3 * 1024 * 1024;

const decoder = new TextDecoder('utf-8');
const newline = 10;

export class LogWindow {
  /** A window that begins at a place of the log. Its first line may have begun before it. */
  constructor(start = 0) {
    this.start = start;
    this.end = start;
    /** The lines: { bytes, offset, isWhole (whether it ends with a line break), text, looks, endLook }. */
    this.lines = [];
  }

  get isAtStart() { return this.start === 0; }

  /** Adds what follows. */
  append(bytes) {
    if (bytes.length === 0) return;
    const last = this.lines.at(-1);
    const isContinued = last !== undefined && !last.isWhole && last.bytes.length < longestLine;
    const joined = isContinued ? concatenated(last.bytes, bytes) : bytes;
    const offset = isContinued ? last.offset : this.end;
    if (isContinued) this.lines.pop();
    const look = this.lines.at(-1)?.endLook ?? plain;
    this.lines.push(...split(joined, offset, look));
    this.end += bytes.length;
    if (this.end - this.start > mostBytes) this.#dropFirst();
  }

  /** Adds what comes before. */
  prepend(bytes) {
    if (bytes.length === 0) return;
    const offset = this.start - bytes.length;
    const first = this.lines[0];
    const isContinued = first !== undefined && bytes[bytes.length - 1] !== newline && first.bytes.length < longestLine;
    const joined = isContinued
      ? concatenated(bytes, first.bytes, first.isWhole ? Uint8Array.of(newline) : new Uint8Array(0))
      : bytes;
    const added = split(joined, offset, plain);
    const rest = isContinued ? this.lines.slice(1) : this.lines;
    carryLook(added.at(-1)?.endLook ?? plain, rest);
    this.lines = added.concat(rest);
    this.start = offset;
    if (this.end - this.start > mostBytes) this.#dropLast();
  }

  #dropFirst() {
    const limit = this.end - mostBytes * 0.75;
    const keep = this.lines.findIndex((line) => line.offset >= limit);
    if (keep <= 0) return;
    this.lines.splice(0, keep);
    this.start = this.lines[0].offset;
  }

  #dropLast() {
    const limit = this.start + mostBytes * 0.75;
    const keep = this.lines.findIndex((line) => line.offset >= limit);
    if (keep <= 0) return;
    this.end = this.lines[keep].offset;
    this.lines.length = keep;
  }

  /** The line at a place of the log, or the last one before it. */
  indexAt(offset) {
    let [low, high] = [0, this.lines.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.lines[middle].offset <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}

function concatenated(...parts) {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let place = 0;
  for (const part of parts) {
    bytes.set(part, place);
    place += part.length;
  }
  return bytes;
}

function split(bytes, offset, firstLook) {
  const lines = [];
  let look = firstLook;
  let start = 0;
  while (start < bytes.length) {
    const found = bytes.indexOf(newline, start);
    const end = found < 0 ? bytes.length : found;
    const cut = end - start > longestLine ? boundary(bytes, start + longestLine, start) : end;
    const line = lineOf(bytes.subarray(start, cut), offset + start, cut === found, look);
    lines.push(line);
    look = line.endLook;
    start = cut === found ? cut + 1 : cut;
  }
  return lines;
}

// A piece does not end in the middle of a character.
function boundary(bytes, wanted, start) {
  let cut = wanted;
  while (cut > wanted - 4 && cut > start + 1 && (bytes[cut] & 0xc0) === 0x80) cut -= 1;
  return cut;
}

function lineOf(bytes, offset, isWhole, look) {
  const hasReturn = isWhole && bytes[bytes.length - 1] === 13;
  const raw = decoder.decode(hasReturn ? bytes.subarray(0, -1) : bytes);
  const { text, looks, end } = readLine(raw, look);
  return { bytes, offset, isWhole, raw, text: expanded(text, looks), looks, startLook: look, endLook: end };
}

// Tabs reach to the next multiple of eight. The looks move with the text.
function expanded(text, looks) {
  if (!text.includes('\t')) return text;
  let result = '';
  let piece = 0;
  for (let index = 0; index <= text.length; index += 1) {
    while (piece < looks.length && looks[piece][0] === index) {
      looks[piece][0] = result.length;
      piece += 1;
      if (piece < looks.length && looks[piece][0] < index) break;
    }
    if (index === text.length) break;
    result += text[index] === '\t' ? ' '.repeat(8 - (result.length % 8)) : text[index];
  }
  return result;
}

// A colour that was set before holds until another one is set.
function carryLook(look, lines) {
  let current = look;
  for (const line of lines) {
    if (same(line.startLook, current)) return;
    const { text, looks, end } = readLine(line.raw, current);
    Object.assign(line, { text: expanded(text, looks), looks, startLook: current, endLook: end });
    current = end;
  }
}

const same = (a, b) => a.colour === b.colour
  && a.bold === b.bold
  && a.dim === b.dim
  && a.italic === b.italic
  && a.underlined === b.underlined;
