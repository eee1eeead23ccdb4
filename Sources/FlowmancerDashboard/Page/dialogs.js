// Dialogs: a question before something that cannot be undone, and the list of keys.

import { button, el } from './dom.js';
import { prose } from './text.js';

/** Opens a dialog with a title. It is gone once it is closed. */
export function openDialog(title, ...content) {
  const heading = el('h2', { text: title, id: 'dialog-title' });
  const dialog = el('dialog', { 'aria-labelledby': 'dialog-title' }, heading, ...content);
  dialog.addEventListener('close', () => dialog.remove());
  // A press beside the dialog closes it.
  dialog.addEventListener('pointerdown', (event) => { if (event.target === dialog) dialog.close(); });
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}

/** Asks; `work` is done if the answer is yes. Until it is done the dialog stays, and shows why it failed. */
export function confirm({ title, text, yes, isDangerous = false }, work) {
  const problem = el('p', { class: 'problem', role: 'alert', hidden: true });
  const agree = button(yes, async () => {
    agree.disabled = true;
    try {
      await work();
      dialog.close();
    } catch (error) {
      problem.textContent = prose(error.message, 2000);
      problem.hidden = false;
      agree.disabled = false;
    }
  }, { class: isDangerous ? 'danger' : 'primary' });
  const dialog = openDialog(title, el('p', { text }), problem,
    el('div', { class: 'choices' }, button('Cancel', () => dialog.close(), { autofocus: isDangerous }), agree));
}

const keys = [
  ['Anywhere', [
    ['/', 'Search for tasks'],
    ['1 … 5', 'Go to the graph, timeline, tasks, facts or log'],
    ['[  ]', 'Back to the last change, on to the next one'],
    ['.', 'Show the end of the run, live'],
    ['Esc', 'Leave the search and the filter, then the past, then the selection'],
    ['?', 'This list'],
  ]],
  ['Graph', [
    ['↑ ↓ ← →', 'Go along the edges, or to the neighbour'],
    ['Space', 'Open or close a group'],
    ['Enter', 'Open a group, or read the log of a task'],
    ['+  −  0', 'Zoom in, zoom out, show all'],
  ]],
  ['Timeline and tasks', [
    ['↑ ↓', 'Go from row to row'],
    ['→ ←', 'Open or close a group'],
    ['Home  End  PgUp  PgDn', 'Go further'],
    ['Enter', 'Open a group, or read the log of a task'],
    ['+  −  0  ⇧←  ⇧→', 'Zoom and move the timeline'],
  ]],
];

export function showKeys() {
  if (document.querySelector('dialog.keys')) return;
  const row = ([key, text]) => el('div', {},
    el('dt', {}, key.split('  ').map((part) => el('kbd', { text: part }))), el('dd', { text }));
  const tables = keys.map(([name, list]) => el('section', {}, el('h3', { text: name }), el('dl', {}, list.map(row))));
  const dialog = openDialog('Keys', el('div', { class: 'columns' }, tables),
    el('p', {
      class: 'small',
      text: 'With the mouse: drag to move, turn the wheel to zoom the graph, Ctrl and the wheel to zoom the timeline.',
    }),
    el('div', { class: 'choices' }, button('Close', () => dialog.close(), { class: 'primary', autofocus: true })));
  dialog.classList.add('keys');
}
