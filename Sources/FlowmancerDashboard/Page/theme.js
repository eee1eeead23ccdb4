// Light and dark: as the system has it, or as the reader chose.

import { paletteChanged } from './palette.js';
import { recall, remember } from './memory.js';
import { setText } from './dom.js';

const looks = {
  system: { sign: '◐', name: 'as the system', next: 'light' },
  light: { sign: '☀', name: 'light', next: 'dark' },
  dark: { sign: '☾', name: 'dark', next: 'system' },
};

export function prepareTheme(button) {
  const show = () => {
    const look = looks[current()];
    setText(button, look.sign);
    button.title = `Theme: ${look.name}. Press for ${looks[look.next].name}.`;
    button.setAttribute('aria-label', `Theme: ${look.name}. Change to ${looks[look.next].name}`);
  };
  button.addEventListener('click', () => {
    const { next } = looks[current()];
    remember('theme', next === 'system' ? null : next);
    if (next === 'system') delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = next;
    paletteChanged();
    show();
  });
  show();
}

function current() {
  const theme = document.documentElement.dataset.theme ?? recall('theme');
  return theme === 'light' || theme === 'dark' ? theme : 'system';
}
