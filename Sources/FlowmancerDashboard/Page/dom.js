// Making elements. Text reaches the page by textContent only, and no style attribute is written: the policy forbids
// both.

/** Makes an element. `on` holds listeners, `data` data attributes, `text` the text; the rest are attributes. */
export function el(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === null || (value === false && !name.startsWith('aria-'))) continue;
    if (name === 'text') element.textContent = value;
    else if (name === 'class') element.className = value;
    else if (name === 'on') listen(element, value);
    else if (name === 'data') Object.assign(element.dataset, value);
    else if (value === true && !name.startsWith('aria-')) element.setAttribute(name, '');
    else element.setAttribute(name, value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

function listen(element, listeners) {
  for (const [event, listener] of Object.entries(listeners)) element.addEventListener(event, listener);
}

export function button(text, listener, properties = {}) {
  return el('button', { type: 'button', text, on: { click: listener }, ...properties });
}

/** A link inside of the page. main.js follows it without loading the page anew. */
export function link(text, href, properties = {}) {
  return el('a', { href, text, 'data-link': true, ...properties });
}

/** Sets text only where it changed: nothing is laid out or read out anew for nothing. */
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

export function setClass(element, name) {
  if (element.className !== name) element.className = name;
}

/** Whether keys typed now belong to a field. */
export function isTyping(event) {
  const target = event.target;
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target.tagName === 'TEXTAREA' || target.tagName === 'SELECT') return true;
  return target.tagName === 'INPUT' && !['checkbox', 'radio', 'range', 'button'].includes(target.type);
}

const waiting = new Set();
let frame = 0;

/** Calls the function once before the next picture, however often it is asked for. */
export function atNextFrame(work) {
  waiting.add(work);
  if (frame === 0) frame = requestAnimationFrame(runFrame);
}

function runFrame() {
  frame = 0;
  const works = [...waiting];
  waiting.clear();
  for (const work of works) {
    try {
      work();
    } catch (error) {
      // One view that fails does not stop the others.
      reportError(error);
    }
  }
}

/** Calls the function when nobody asked for it for some time. */
export function debounced(work, milliseconds) {
  let timer = 0;
  return (...values) => {
    clearTimeout(timer);
    timer = setTimeout(() => work(...values), milliseconds);
  };
}

export const prefersStillness = () => matchMedia('(prefers-reduced-motion: reduce)').matches;
