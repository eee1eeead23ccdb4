// The lines of a log as rows of the screen: long lines are broken where the screen ends, as a terminal does it. A pure
// value.

// Signs that take the room of two.
const wide = new RegExp('[\\u1100-\\u115f\\u2e80-\\ua4cf\\uac00-\\ud7a3\\uf900-\\ufaff\\ufe30-\\ufe6f\\uff00-\\uff60]'
  + '|[\\uffe0-\\uffe6]|[\\ud83c-\\ud83e][\\udc00-\\udfff]');
const simple = /^[\u0020-\u007e]*$/;
/** A row is never longer than this, also if lines are not broken. */
const longestRow = 8192;

// The time and the severity that FileLogger writes before each line.
const stamp = new RegExp('^\\[\\d{4}-\\d\\d-\\d\\d (\\d\\d:\\d\\d:\\d\\d)(?:\\.(\\d{1,6}))?[^\\]]{0,12}\\] ?'
  + '(?:(DEBUG|INFO|WARNING|ERROR|CRITICAL) - )?');
/** How long a time is that is shown: `04:30:00.123 `. */
const timeWidth = 13;

export class LogRows {
  /** `width` is the number of signs in a row; 0 does not break lines. */
  constructor(lines, { width, hidesTimes }) {
    this.lines = lines;
    this.width = width === 0 ? longestRow : Math.max(10, width);
    this.hidesTimes = hidesTimes;
    this.longest = 0;
    /** The first row of each line, and the number of all rows. */
    this.first = new Uint32Array(lines.length + 1);
    lines.forEach((line, index) => { this.first[index + 1] = this.first[index] + this.#breaks(line).length; });
    this.count = this.first[lines.length];
  }

  // Where the rows of a line begin. They are kept with the line.
  #breaks(line) {
    const key = `${this.width}${this.hidesTimes}`;
    if (line.key !== key) {
      line.key = key;
      line.stamp = stampOf(line.text);
      const { length = 0, severity = '' } = line.stamp ?? {};
      const taken = (line.stamp && !this.hidesTimes ? timeWidth : 0) + (severity === '' ? 0 : severity.length + 1);
      line.breaks = breaks(line.text, length, Math.max(8, this.width - taken), this.width);
    }
    const [last] = line.breaks.slice(-1);
    this.longest = Math.max(
      this.longest, line.breaks.length > 1 ? this.width : line.text.length - last + timeWidth + 9,
    );
    return line.breaks;
  }

  /** The line of a row, and which of its rows that is. */
  at(row) {
    let [low, high] = [0, this.lines.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.first[middle] <= row) low = middle;
      else high = middle - 1;
    }
    return { index: low, part: row - this.first[low] };
  }

  /** The pieces of a row, each of one look: `{ text, look }`. */
  pieces(row) {
    const { index, part } = this.at(row);
    const line = this.lines[index];
    const from = line.breaks[part];
    const to = line.breaks[part + 1] ?? line.text.length;
    const pieces = [];
    line.looks.forEach(([start, look], place) => {
      const end = line.looks[place + 1]?.[0] ?? line.text.length;
      const [first, last] = [Math.max(start, from), Math.min(end, to)];
      if (first < last) pieces.push({ text: line.text.slice(first, last), look });
    });
    return { pieces, line, isFirst: part === 0 };
  }
}

// Most lines are ordinary output: only another severity is shown.
function stampOf(text) {
  const found = stamp.exec(text);
  if (found === null) return null;
  const [whole, time, fraction, severity] = found;
  return {
    length: whole.length,
    time: fraction ? `${time}.${fraction.slice(0, 3).padEnd(3, '0')}` : time,
    severity: severity === 'INFO' ? '' : severity ?? '',
    whole: whole.trim(),
  };
}

function breaks(text, from, firstWidth, width) {
  if (text.length - from <= firstWidth && simple.test(text)) return [from];
  const starts = [from];
  if (simple.test(text)) {
    for (let place = from + firstWidth; place < text.length; place += width) starts.push(place);
    return starts;
  }
  let room = firstWidth;
  let place = from;
  while (place < text.length) {
    const code = text.charCodeAt(place);
    const length = code >= 0xd800 && code < 0xdc00 && place + 1 < text.length ? 2 : 1;
    const needed = code < 0x1100 ? 1 : wide.test(text.slice(place, place + length)) ? 2 : 1;
    if (room < needed) {
      starts.push(place);
      room = width;
    }
    room -= needed;
    place += length;
  }
  return starts;
}
