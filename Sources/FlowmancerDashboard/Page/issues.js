// What is wrong with a job file.

import { el } from './dom.js';
import { prose, visible } from './text.js';

/** Problems of a job file, with their places. */
export function issues(problems, file = '') {
  return el('ul', { class: 'issues' }, problems.map((problem) => {
    const isWarning = problem.severity === 'warning';
    const place = [problem.file ?? file, problem.line, problem.column].filter((part) => part).join(':');
    return el('li', { class: isWarning ? 'A' : 'F' },
      el('span', { class: 'count', text: `${isWarning ? '! warning' : '✗ error'} ` }),
      problem.line ? el('code', { text: `${visible(place, 200)} ` }) : null,
      el('span', { text: prose(problem.message, 1000) }));
  }));
}
