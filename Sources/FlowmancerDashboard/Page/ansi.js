// Text that a program wrote for a terminal: its colours are kept, everything else that it would do to a terminal does
// nothing.

/** The look of text. It is never changed: a new one takes its place. */
export const plain = Object.freeze({ colour: '', bold: false, dim: false, italic: false, underlined: false });

// Control characters but the tab, and what turns the direction of text.
const control = '[\\u0000-\\u0008\\u000b-\\u001f\\u007f-\\u009f]';
const turning = '[\\u061c\\u200e\\u200f\\u202a-\\u202e\\u2066-\\u2069]';
const special = new RegExp(`${control}|${turning}`);
const sequence = new RegExp([
  // A control sequence: its parameters and the letter that says what it does.
  '(?:\\u001b\\[|\\u009b)([\\u0020-\\u003f]*)([\\u0040-\\u007e]?)',
  // A text for the terminal, such as a title or a link, up to its end.
  '(?:\\u001b[\\]PX^_]|[\\u0090\\u0098\\u009d-\\u009f])[^\\u0007\\u009c\\u001b]*(?:\\u0007|\\u009c|\\u001b\\\\?)?',
  // Another escape, and a control character alone.
  '\\u001b[\\u0020-\\u002f]*[\\u0030-\\u007e]?',
  control,
  `(${turning})`,
].join('|'), 'g');

/**
 * Reads a line. Returns its text without escapes, where its looks begin (`[[0, look], …]`), and the look at its end.
 * Signs that would turn the direction of text are shown as escapes.
 */
export function readLine(line, look = plain) {
  if (!special.test(line)) return { text: line, looks: [[0, look]], end: look };
  const looks = [[0, look]];
  let text = '';
  let from = 0;
  let current = look;
  for (const match of line.matchAll(sequence)) {
    text += line.slice(from, match.index);
    from = match.index + match[0].length;
    if (match[3] !== undefined) text += `\\u{${match[3].charCodeAt(0).toString(16).toUpperCase()}}`;
    if (match[2] !== 'm' || !/^[0-9;:]*$/.test(match[1])) continue;
    current = applied(current, match[1]);
    if (looks[looks.length - 1][0] === text.length) looks[looks.length - 1][1] = current;
    else looks.push([text.length, current]);
  }
  text += line.slice(from);
  return { text, looks, end: current };
}

/** The look after a control sequence that ends in `m`. */
export function applied(look, parameters) {
  const codes = parameters.split(/[;:]/).map((code) => Number(code || 0));
  let next = { ...look };
  while (codes.length > 0) {
    const code = codes.shift();
    if (code === 0) next = { ...plain };
    else if (code === 1) next.bold = true;
    else if (code === 2) next.dim = true;
    else if (code === 3) next.italic = true;
    else if (code === 4) next.underlined = codes.length === 0 || !parameters.includes('4:0');
    else if (code === 22) [next.bold, next.dim] = [false, false];
    else if (code === 23) next.italic = false;
    else if (code === 24) next.underlined = false;
    else if (code >= 30 && code <= 37) next.colour = `c${code - 30}`;
    else if (code === 39) next.colour = '';
    else if (code >= 90 && code <= 97) next.colour = `c${code - 82}`;
    else if (code === 38) next.colour = extended(codes) ?? next.colour;
    // A background is left out, and its parameters with it: what is written has to be readable on that of the page.
    else if (code === 48 || code === 58) extended(codes);
  }
  return next;
}

function extended(codes) {
  const kind = codes.shift();
  if (kind === 5) {
    const number = codes.shift() ?? 0;
    if (number < 16) return `c${number}`;
    if (number > 255) return null;
    if (number >= 232) {
      const grey = 8 + (number - 232) * 10;
      return mixed(grey, grey, grey);
    }
    const level = (step) => (step === 0 ? 0 : 55 + step * 40);
    const cube = number - 16;
    return mixed(level(Math.floor(cube / 36)), level(Math.floor(cube / 6) % 6), level(cube % 6));
  }
  if (kind === 2) {
    // With colons there may be the number of a colour space before the three.
    const [red = 0, green = 0, blue = 0] = codes.splice(0, 3);
    return [red, green, blue].every((value) => value <= 255) ? mixed(red, green, blue) : null;
  }
  return null;
}

const linear = (value) => (value <= 10 ? value / 3294 : ((value / 255 + 0.055) / 1.055) ** 2.4);

/**
 * A colour that can be read on the dark ground of logs: one that is too dark is made lighter, and stays of its kind.
 */
function mixed(red, green, blue) {
  let parts = [red, green, blue];
  const brightness = () => 0.2126 * linear(parts[0]) + 0.7152 * linear(parts[1]) + 0.0722 * linear(parts[2]);
  for (let step = 0; step < 20 && brightness() < 0.22; step += 1) {
    parts = parts.map((part) => Math.min(255, Math.round(part + (255 - part) * 0.12 + 2)));
  }
  return `#${parts.map((part) => part.toString(16).padStart(2, '0')).join('')}`;
}

/** The classes of a look; a mixed colour is not among them. */
export function classesOf(look) {
  const names = [];
  if (look.colour.startsWith('c')) names.push(look.colour);
  for (const name of ['bold', 'dim', 'italic', 'underlined']) if (look[name]) names.push(name);
  return names.join(' ');
}
