// The dialog that starts a run of a job.

import { post, runPage } from './api.js';
import { openDialog } from './dialogs.js';
import { button, el } from './dom.js';
import { issues } from './issues.js';
import { prose, visible } from './text.js';

export function openStart(page, job, isRestart) {
  const field = (label, input, hint) => el(
    'label', { class: 'field' }, el('span', { text: label }), input, hint ? el('small', { text: hint }) : null,
  );
  const text = (name, properties = {}) => el('input', {
    name, type: 'text', autocomplete: 'off', spellcheck: 'false', ...properties,
  });
  const concurrency = el('input', {
    name: 'max_concurrency', type: 'number', min: '1', step: '1', placeholder: 'as in the job file',
  });
  const skip = text('skip', { placeholder: 'none' });
  const runFrom = text('run_from', { placeholder: 'the beginning' });
  const runTo = text('run_to', { placeholder: 'the end' });
  const variables = el('textarea', { name: 'variables', rows: '3', spellcheck: 'false', placeholder: 'name=value' });
  const problem = el('div', { class: 'problem', role: 'alert', hidden: true });
  const start = el('button', { type: 'submit', class: 'primary', text: isRestart ? 'Restart' : 'Start' });
  const form = el('form', {},
    isRestart ? el('p', { text: 'Continues the last run: tasks that completed are not run again.' }) : null,
    field('Variables', variables, 'One a line. They are used where the job file says $VAR{name}.'),
    el('details', {}, el('summary', { text: 'More choices' }),
      field('Tasks at the same time, at most', concurrency),
      field('Leave out these tasks', skip, 'Names with commas between them.'),
      field('Begin at this task', runFrom), field('End with this task', runTo)),
    problem, el('div', { class: 'choices' }, button('Cancel', () => dialog.close()), start));
  const dialog = openDialog(`${isRestart ? 'Restart' : 'Start'} ${visible(job.name ?? job.file, 100)}`, form);
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    start.disabled = true;
    problem.hidden = true;
    try {
      const { run } = await post(`/v1/jobs/${encodeURIComponent(job.file)}/runs`, request());
      dialog.close();
      page.goTo(`${runPage(run)}?new`);
    } catch (error) {
      problem.replaceChildren(
        el('p', { text: prose(error.message, 2000) }),
        ...(error.issues?.length > 0 ? [issues(error.issues, job.file)] : []),
      );
      problem.hidden = false;
      start.disabled = false;
    }
  });

  function request() {
    const body = {};
    if (isRestart) body.restart = true;
    if (concurrency.value !== '') body.max_concurrency = Number(concurrency.value);
    const skipped = skip.value.split(',').map((name) => name.trim()).filter((name) => name !== '');
    if (skipped.length > 0) body.skip = skipped;
    if (runFrom.value.trim() !== '') body.run_from = runFrom.value.trim();
    if (runTo.value.trim() !== '') body.run_to = runTo.value.trim();
    const lines = variables.value.split('\n').filter((line) => line.trim() !== '');
    if (lines.length > 0) body.variables = Object.fromEntries(lines.map(variable));
    return body;
  }

  function variable(line) {
    const place = line.indexOf('=');
    if (place < 1) throw new Error(`“${visible(line.trim(), 100)}” is no variable. Write name=value, one a line.`);
    return [line.slice(0, place).trim(), line.slice(place + 1)];
  }
}
