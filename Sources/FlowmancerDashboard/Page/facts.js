// The facts about a run, a group and a task, as elements.

import { readLine } from './ansi.js';
import { runPage } from './api.js';
import { button, el, link } from './dom.js';
import { stateText } from './describe.js';
import { COUNTED, DEFAULTED, FAILED, isFinal, RUNNING, runState, STATES, stateOfKey } from './states.js';
import { count, counted, duration, prose, visible, when, whenExactly } from './text.js';

const mostListed = 30;

const fact = (name, ...content) => [el('dt', { text: name }), el('dd', {}, ...content)];
const list = (...facts) => el('dl', { class: 'list' }, facts.flat());
const part = (title, ...content) => el('section', {}, el('h3', { text: title }), ...content);

/** A button that selects a task. */
function taskLink(store, node, actions, showsReason = false) {
  const { model, snapshot } = store;
  const state = snapshot.state[node];
  const select = button('', () => actions.select(node), {
    class: `task ${STATES[state].letter}`,
    data: { node },
    title: `${visible(model.names[node], 1000)}, ${stateText(model, node, state)}`,
  });
  select.append(
    el('span', { class: 'sign', text: STATES[state].sign, 'aria-hidden': 'true' }), visible(model.names[node], 160),
  );
  const reason = showsReason ? model.reasons.get(node) : undefined;
  return el('li', {}, select, reason ? el('span', { class: 'reason', text: prose(reason, 300) }) : null);
}

function tasks(store, nodes, actions, showsReason) {
  const shown = nodes.slice(0, mostListed);
  const rest = nodes.length - shown.length;
  return el('ul', { class: 'tasks-list' }, shown.map((node) => taskLink(store, node, actions, showsReason)),
    rest > 0 ? el('li', { class: 'small', text: `and ${count(rest)} more` }) : null);
}

// MARK: A run

export function runFacts(store, actions) {
  const { model, run, snapshot } = store;
  const inState = (state) => {
    const found = [];
    for (let node = 0; node < model.count; node += 1) {
      if (snapshot.state[node] === state && !model.hasMembers(node)) found.push(node);
    }
    return found;
  };
  const [failed, running] = [inState(FAILED), inState(RUNNING)];
  failed.sort((a, b) => model.allowed[a] - model.allowed[b] || a - b);
  const parts = [];
  if (failed.length > 0) parts.push(part(counted(failed.length, 'failed task'), tasks(store, failed, actions, true)));
  if (running.length > 0) parts.push(part(`${count(running.length)} running`, tasks(store, running, actions)));
  if (model.longestWay.length > 1) {
    parts.push(
      part(
        'Longest way',
        el('p', { class: 'small', text: 'The chain of tasks that decided how long the run takes.' }),
        longestWay(store, actions),
      ),
    );
  }
  if (run.expected?.longest_way?.length > 0) {
    const ahead = run.expected.longest_way.map((name) => model.numberOf(name)).filter(
      (node) => node >= 0 && !isFinal(snapshot.state[node])
    );
    if (ahead.length > 0) {
      parts.push(
        part(
          'Still to come',
          el('p', {
            class: 'small', text: 'The chain that is expected to take longest, by the durations of past runs.',
          }),
          tasks(store, ahead, actions),
        ),
      );
    }
  }
  parts.push(part('Run', list(
    fact('State', `${runState(run.state).word}`),
    fact('Started', whenExactly(new Date(run.started_at))),
    run.ended_at ? fact('Ended', whenExactly(new Date(run.ended_at))) : [],
    run.allowed_failures > 0 ? fact('Allowed failures', count(run.allowed_failures)) : [],
    run.continues ? fact('Continues', link(visible(run.continues, 80), runPage(run.continues))) : [],
    run.job_file ? fact('Job file', code(run.job_file)) : [],
    fact('Directory', code(run.directory ?? '')),
    fact('Program', code(`${run.program ?? ''}${run.program_version ? ` ${run.program_version}` : ''}`)),
    fact('Flowmancer', visible(run.flowmancer_version ?? '')),
    fact('Machine', visible(run.host ?? ''), run.process ? `, process ${visible(run.process)}` : ''),
    (run.log_directories ?? []).length > 0
      ? fact('Logs', run.log_directories.map((path) => el('div', {}, code(path))))
      : [],
    run.resume_command ? fact('To restart it', code(run.resume_command)) : [],
  )));
  if (parts.length === 1) {
    parts.unshift(
      el('p', { class: 'hint', text: 'Select a task in the graph, the timeline or the table to see all about it.' })
    );
  }
  return parts;
}

const code = (text) => el('code', { text: visible(text, 2000) });

function longestWay(store, actions) {
  const { model, snapshot } = store;
  const spans = model.longestWay.map((node) => {
    const { start, end } = snapshot.span(node);
    return start === null ? 0 : (end ?? store.shownTime) - start;
  });
  const most = Math.max(1, ...spans);
  const rest = model.longestWay.length - mostListed;
  return el('ol', { class: 'way' }, model.longestWay.slice(0, mostListed).map((node, index) => {
    const item = taskLink(store, node, actions);
    const meter = el('span', { class: 'meter' }, el('i', { class: STATES[snapshot.state[node]].letter }));
    meter.firstChild.style.width = `${(spans[index] / most) * 100}%`;
    item.append(meter, el('span', { class: 'number', text: spans[index] > 0 ? duration(spans[index]) : '' }));
    return item;
  }), rest > 0 ? el('li', { class: 'small', text: `and ${count(rest)} more` }) : null);
}

// MARK: A group

export function groupFacts(store, node, actions) {
  const { model, snapshot } = store;
  const counts = snapshot.countsOf(node);
  const { start, end } = snapshot.span(node);
  const worst = [];
  const look = (group) => {
    for (const member of model.members(group)) {
      if (model.hasMembers(member)) look(member);
      else if (snapshot.state[member] === FAILED) worst.push(member);
    }
  };
  look(node);
  return [
    list(
      fact('State', stateOf(store, node)),
      fact(
        'Tasks',
        el(
          'span',
          { class: 'counts-line' },
          COUNTED.filter((state) => counts[state] > 0).map(
            (state) => el('span', {
              class: `count ${STATES[state].letter}`,
              text: `${STATES[state].sign} ${count(counts[state])} ${STATES[state].word}`,
            }),
          ),
        ),
      ),
      model.type(node) ? fact('Type', visible(model.type(node), 200)) : [],
      start === null ? [] : fact('Duration', duration((end ?? store.shownTime) - start)),
    ),
    worst.length > 0 ? part(counted(worst.length, 'failed task'), tasks(store, worst, actions, true)) : null,
    ...edges(store, node, actions),
  ].filter((element) => element !== null);
}

function stateOf(store, node) {
  const state = store.snapshot.state[node];
  return el('span', {
    class: `count ${STATES[state].letter}`, text: `${STATES[state].sign} ${stateText(store.model, node, state)}`,
  });
}

function edges(store, node, actions) {
  const { model } = store;
  const [before, after] = [[...model.dependencies(node)], [...model.dependents(node)]];
  const group = model.group[node];
  return [
    group >= 0 ? part('Group', tasks(store, [group], actions)) : null,
    before.length > 0
      ? part(
        before.length === 1 ? 'Depends on' : `Depends on ${count(before.length)} tasks`, tasks(store, before, actions),
      )
      : null,
    after.length > 0
      ? part(after.length === 1 ? 'Needed by' : `Needed by ${count(after.length)} tasks`, tasks(store, after, actions))
      : null,
  ];
}

// MARK: A task

export function taskFacts(store, node, known, actions) {
  const { model, snapshot } = store;
  const task = known?.task;
  const state = snapshot.state[node];
  const reason = state === model.state[node] ? task?.reason ?? model.reasons.get(node) : undefined;
  const { start, end } = snapshot.span(node);
  const parts = [
    list(
      fact('State', stateOf(store, node)),
      reason
        ? fact(state === DEFAULTED ? 'Not run because' : 'Reason', el('span', { class: 'prose', text: prose(reason) }))
        : [],
      fact('Type', code(task?.task ?? model.type(node))),
      start === null ? [] : fact('Started', when(new Date(store.startedAt + start / 1000))),
      start === null
        ? []
        : fact(
          'Duration',
          duration((end ?? store.shownTime) - start),
          task?.expected_seconds ? ` (usually ${duration(task.expected_seconds * 1e6)})` : '',
        ),
    ),
  ];
  if (known?.problem) {
    parts.push(
      el('p', { class: 'problem', text: `More about this task cannot be read. ${prose(known.problem, 500)}` })
    );
  }
  if (task?.attempts?.length > 0) {
    parts.push(part(counted(task.attempts.length, 'attempt'), ...task.attempts.map(attemptFacts)));
  }
  parts.push(...edges(store, node, actions));
  for (const [title, values] of [['Parameters', task?.parameters], ['Outputs', task?.outputs]]) {
    if (values && Object.keys(values).length > 0) parts.push(part(title, valueList(values)));
  }
  return parts.filter((element) => element !== null);
}

function attemptFacts(attempt) {
  const state = STATES[Math.max(0, stateOfKey(attempt.state))];
  const lines = attempt.last_lines ?? [];
  const last = prose(lines.map((line) => readLine(line).text).join('\n'));
  const failure = typeof attempt.failure === 'string' ? attempt.failure : JSON.stringify(attempt.failure);
  const times = [
    attempt.duration_seconds === undefined ? '' : duration(attempt.duration_seconds * 1e6),
    attempt.started_at ? `at ${when(new Date(attempt.started_at))}` : '',
    attempt.machine ? `on ${visible(attempt.machine, 200)}` : '',
  ].filter((text) => text !== '').join(', ');
  return el('div', { class: `attempt ${state.letter}` },
    el('p', {}, el('b', { text: `${attempt.attempt}` }),
      el('span', { class: 'count', text: ` ${state.sign} ${state.word} ` }),
      el('span', { class: 'small', text: times })),
    attempt.failure ? el('p', { class: 'prose', text: prose(failure) }) : null,
    lines.length > 0
      ? el('pre', { class: 'last-lines', tabindex: '0', 'aria-label': 'Last lines', text: last })
      : null);
}

function valueList(values) {
  return el('dl', { class: 'values' }, Object.entries(values).flatMap(([name, value]) => {
    const text = typeof value === 'string' ? value : JSON.stringify(value, null, 1);
    const shown = prose(text, 4000);
    return [el('dt', { text: visible(name, 200) }), el('dd', {}, shown.length > 300 || shown.split('\n').length > 6
      ? el('details', { data: { key: name } }, el('summary', { text: visible(shown, 80) }), el('pre', { text: shown }))
      : shown)];
  }));
}
