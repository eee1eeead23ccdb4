// How values are written.

// Control characters, those that change the direction or the look of what stands around them, those that show nothing,
// and halves of characters.
const unseenSigns = [
  '[\\u0000-\\u001f\\u007f-\\u009f\\u00ad\\u061c\\u115f\\u1160\\u180e\\u200b\\u200e\\u200f\\u2028-\\u202e]',
  '[\\u2060-\\u206f\\u3164\\ufeff\\ufff9-\\ufffb]',
  '[\\ud800-\\udbff](?![\\udc00-\\udfff])',
  '(?<![\\ud800-\\udbff])[\\udc00-\\udfff]',
].join('|');
const unseen = new RegExp(unseenSigns, 'g');
const unseenInProse = new RegExp(`(?![\\n\\t])(?:${unseenSigns})`, 'g');

// As in the messages of the program: `\u{1B}`.
const escape = (character) => `\\u{${character.charCodeAt(0).toString(16).toUpperCase()}}`;

/** A name as it is shown: what cannot be seen, or would turn the text around, is written as an escape. */
export function visible(text, limit = 400) {
  const shown = cut(String(text).replace(unseen, escape), limit);
  return shown.trim() === '' && shown !== '' ? `“${shown}”` : shown;
}

/** Text of several lines, such as a reason: line breaks and tabs stay. */
export function prose(text, limit = 20000) {
  return cut(String(text).replace(unseenInProse, escape), limit);
}

export function cut(text, limit) {
  if (text.length <= limit) return text;
  const end = text.charCodeAt(limit - 1);
  return text.slice(0, end >= 0xd800 && end < 0xdc00 ? limit - 1 : limit) + '…';
}

const numbers = new Intl.NumberFormat('en-US');
export const count = (number) => numbers.format(number);
export const counted = (number, one, many = `${one}s`) => `${count(number)} ${number === 1 ? one : many}`;

/** A duration: to the millisecond below ten seconds, as reports show it. */
export function duration(microseconds) {
  const milliseconds = Math.round(Math.max(0, microseconds) / 1000);
  if (milliseconds < 1000) return `${milliseconds} ms`;
  if (milliseconds < 10000) return `${(milliseconds / 1000).toFixed(3).replace(/\.?0+$/, '')} s`;
  const seconds = Math.round(milliseconds / 1000);
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return join(Math.floor(seconds / 60), 'min', seconds % 60, 's');
  const minutes = Math.round(seconds / 60);
  if (minutes < 1440) return join(Math.floor(minutes / 60), 'h', minutes % 60, 'min');
  return join(Math.floor(minutes / 1440), 'd', Math.round((minutes % 1440) / 60), 'h');
}

function join(large, largeUnit, small, smallUnit) {
  return small === 0 ? `${large} ${largeUnit}` : `${large} ${largeUnit} ${small} ${smallUnit}`;
}

/** A duration that counts up or down: whole seconds do not flicker. */
export function ticking(microseconds) {
  return duration(microseconds < 10e6 ? Math.floor(Math.max(0, microseconds) / 1e5) * 1e5 : microseconds);
}

/** A moment of a run, as precise as the ticks beside it are apart. */
export function moment(microseconds, step) {
  if (step >= 60e6) return duration(Math.round(microseconds / 60e6) * 60e6).replace(/^0 ms$/, '0');
  if (microseconds === 0) return '0';
  const seconds = microseconds / 1e6;
  const digits = step >= 1e6 ? 0 : Math.min(6, Math.ceil(-Math.log10(step / 1e6)));
  if (Math.abs(seconds) < 60) {
    return step < 1e3 ? `${(microseconds / 1e3).toFixed(Math.max(0, digits - 3))} ms` : `${seconds.toFixed(digits)} s`;
  }
  const minutes = Math.floor(seconds / 60);
  const rest = (seconds - minutes * 60).toFixed(digits);
  return Number(rest) === 0 ? `${minutes} min` : `${minutes} min ${rest} s`;
}

const pad = (number) => String(number).padStart(2, '0');

/** The time on the clock of the reader. */
export function clock(date) {
  return `${pad(date.getHours())}:${pad(date.getMinutes())}:${pad(date.getSeconds())}`;
}

export function day(date) {
  return `${date.getFullYear()}-${pad(date.getMonth() + 1)}-${pad(date.getDate())}`;
}

/** A moment, short: the day is left out today. */
export function when(date, now = new Date()) {
  return day(date) === day(now) ? clock(date) : `${day(date)} ${clock(date)}`;
}

export const whenExactly = (date) => `${day(date)} ${clock(date)}`;

export function bytes(number) {
  if (number < 1024) return counted(number, 'byte');
  const units = ['KiB', 'MiB', 'GiB', 'TiB'];
  let unit = -1;
  let value = number;
  do {
    value /= 1024;
    unit += 1;
  } while (value >= 1023.5 && unit < units.length - 1);
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} ${units[unit]}`;
}
