// The start of the page: which page an address means, links between pages, and what all pages have in common.

import { getJSON, runPage } from './api.js';
import { showKeys } from './dialogs.js';
import { button, el, isTyping } from './dom.js';
import { RunList } from './run-list.js';
import { RunPage } from './run-page.js';
import { prepareTheme } from './theme.js';
import { prose } from './text.js';

const view = document.getElementById('view');
let current = null;

const page = {
  view,
  crumbs: document.getElementById('crumbs'),
  connection: document.getElementById('connection'),
  session: null,
  goTo(address) {
    history.pushState(null, '', address);
    show();
    scrollTo(0, 0);
    view.focus({ preventScroll: true });
  },
  replaceAddress(parameters) { history.replaceState(null, '', addressWith(parameters)); },
  pushAddress(parameters) { history.pushState(null, '', addressWith(parameters)); },
  reload() { show(); },
};

function addressWith(parameters) {
  const text = parameters.toString();
  return location.pathname + (text === '' ? '' : `?${text}`);
}

function show() {
  current?.close();
  current = null;
  const parameters = new URLSearchParams(location.search);
  const run = /^\/runs\/([^/]+)\/?$/.exec(location.pathname);
  document.body.classList.toggle('fixed', run !== null);
  if (run) current = new RunPage(page, decoded(run[1]), parameters);
  else if (page.session.only_run) page.goTo(runPage(page.session.only_run));
  else current = new RunList(page, parameters);
}

function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

async function begin() {
  prepareTheme(document.getElementById('theme'));
  document.getElementById('keys').addEventListener('click', showKeys);
  try {
    page.session = await getJSON('/v1/session');
  } catch (error) {
    view.replaceChildren(el('section', { class: 'sorry' }, el('h1', {
      text: prose(error.title ?? 'The page cannot be shown', 200),
    }),
      el('p', { text: prose(error.detail || error.message, 1000) }), button('Try again', begin, { class: 'primary' })));
    return;
  }
  document.getElementById('access').hidden = page.session.access !== 'read_only';
  show();
}

document.addEventListener('click', (event) => {
  const anchor = event.target instanceof Element ? event.target.closest('a[data-link]') : null;
  if (
    !anchor
    || event.defaultPrevented
    || event.button !== 0
    || event.ctrlKey
    || event.metaKey
    || event.shiftKey
    || event.altKey
  ) {
    return;
  }
  event.preventDefault();
  if (page.session) page.goTo(anchor.getAttribute('href'));
});

document.addEventListener('keydown', (event) => {
  if (
    event.key !== '?'
    || event.defaultPrevented
    || event.ctrlKey
    || event.metaKey
    || event.altKey
    || isTyping(event)
  ) {
    return;
  }
  event.preventDefault();
  showKeys();
});

addEventListener('popstate', () => { if (page.session) show(); });

begin();
