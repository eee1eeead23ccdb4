// What is wrong with a job file.

import { el } from './dom.js';
import { prose, visible } from './text.js';

/** Problems of a job file, with their places. */
export function issues(problems, file = '') {
  return el('ul', { class: 'issues' }, problems.map((problem) => el('li', { class: problem.severity === 'warning' ? 'A' : 'F' },
    el('span', { class: 'count', text: `${problem.severity === 'warning' ? '! warning' : '✗ error'} ` }),
    problem.line ? el('code', { text: `${visible(problem.file ?? file, 200)}:${problem.line}${problem.column ? `:${problem.column}` : ''} ` }) : null,
    el('span', { text: prose(problem.message, 1000) }))));
}
