"""The pure parts of the page against naive models: states at an instant, groups, logs in portions, terminal text."""

from support import main

# Runs at random, and the states of all nodes at random instants, told in the simplest way.
SNAPSHOTS = """async () => {
  const { RunModel } = await import('/assets/run-model.js');
  const { Snapshot } = await import('/assets/snapshot.js');
  const { STATES } = await import('/assets/states.js');
  let seed = 7;
  const random = (limit) => {
    seed = (seed * 1103515245 + 12345) % 2147483648;
    return Math.floor((seed / 2147483648) * limit);
  };
  const letters = 'CFADS';
  for (let round = 0; round < 150; round += 1) {
    const count = 1 + random(40);
    const group = [];
    for (let node = 0; node < count; node += 1) group.push(node > 0 && random(2) === 0 ? random(node) : -1);
    const hasMembers = group.map((_, node) => group.includes(node));
    const state = [], since = [], attempts = [];
    for (let node = 0; node < count; node += 1) {
      let time = random(50);
      let last = 'P';
      since.push(-1);
      state.push('P');
      if (hasMembers[node]) continue;
      const tries = random(4);
      for (let number = 1; number <= tries; number += 1) {
        const end = time + 1 + random(30);
        const isRunning = number === tries && random(4) === 0;
        last = isRunning ? 'R' : number < tries ? 'P' : 'CFA'[random(3)];
        attempts.push({
          node, number, start: time, end: isRunning ? -1 : end, state: isRunning ? 'R' : last === 'P' ? 'F' : last,
        });
        since[node] = isRunning ? time : end;
        time = end + random(20);
        if (isRunning) break;
      }
      if (tries === 0 && random(2) === 0) [last, since[node]] = [letters[3 + random(2)], time];
      state[node] = last;
    }
    attempts.sort((a, b) => a.start - b.start);
    const of = (key) => attempts.map((attempt) => attempt[key]);
    const model = new RunModel({
      definitions: [],
      nodes: { name: group.map((_, node) => `n${node}`), group, definition: group.map(() => -1), is_group: hasMembers.map(Number).join('') },
      edges: { from: [], to: [] }, state: state.join(''), since,
      attempts: { node: of('node'), number: of('number'), start: of('start'), end: of('end'), state: of('state').join('') },
      allowed: [], reasons: {},
    });
    for (const time of [0, 1, ...Array.from({ length: 12 }, () => random(200)), 1e9]) {
      const task = (node) => {
        if ('CFADS'.includes(state[node]) && since[node] <= time) return state[node];
        return attempts.some(
          (attempt) => attempt.node === node && attempt.start <= time && (attempt.end < 0 || attempt.end > time)
        )
          ? 'R'
          : 'P';
      };
      const tasksOf = (node) => group.flatMap(
        (outer, member) => (outer !== node ? [] : hasMembers[member] ? tasksOf(member) : [member])
      );
      const begun = (node) => task(node) !== 'P'
        || attempts.some((attempt) => attempt.node === node && attempt.start <= time);
      const wanted = group.map((_, node) => {
        if (!hasMembers[node]) return task(node);
        const members = tasksOf(node);
        const states = members.map(task);
        if (states.some((letter) => 'PR'.includes(letter))) return members.some(begun) ? 'R' : 'P';
        return [...'FADCS'].find((letter) => states.includes(letter));
      });
      const snapshot = new Snapshot(model, time);
      const found = [...snapshot.state].map((number) => STATES[number].letter);
      if (found.join('') !== wanted.join('')) {
        return `round ${round}, time ${time}: expected ${wanted.join('')}, found ${found.join('')}`;
      }
      const counts = STATES.map(
        ({ letter }) => wanted.filter((other, node) => other === letter && !hasMembers[node]).length
      );
      if (counts.join() !== [...snapshot.counts].join()) {
        return `round ${round}, time ${time}: expected counts ${counts}, found ${snapshot.counts}`;
      }
      for (const node of model.groups) {
        const own = STATES.map(({ letter }) => tasksOf(node).filter((member) => task(member) === letter).length);
        if (own.join() !== [...snapshot.countsOf(node)].join()) {
          return `round ${round}: expected counts ${own} of group ${node}, found ${snapshot.countsOf(node)}`;
        }
        const known = attempts.filter((attempt) => tasksOf(node).includes(attempt.node) && attempt.start <= time);
        const start = known.length === 0 ? null : Math.min(...known.map((attempt) => attempt.start));
        const isOpen = known.some((attempt) => attempt.end < 0 || attempt.end > time);
        const end = known.length === 0 || isOpen ? null : Math.max(...known.map((attempt) => attempt.end));
        const span = snapshot.span(node);
        if (span.start !== start || span.end !== end) {
          return `round ${round}, time ${time}: expected ${start} to ${end}, found ${span.start} to ${span.end}`;
        }
      }
    }
    const live = new Snapshot(model);
    const last = new Snapshot(model, 1e12);
    if (live.state.join() !== last.state.join()) return `round ${round}: the end is not the last instant`;
  }
  return '';
}"""

# Changes that come one after the other lead to the same as a view of the whole.
CHANGES = """async () => {
  const { RunModel } = await import('/assets/run-model.js');
  const view = (extra) => ({ definitions: [], nodes: {
    name: ['a', 'b'], group: [-1, -1], definition: [-1, -1], is_group: '00',
  }, edges: { from: [0], to: [1] },
    state: 'PP', since: [-1, -1], attempts: {
      node: [], number: [], start: [], end: [], state: '',
    }, allowed: [], reasons: {}, ...extra });
  const model = new RunModel(view({}));
  model.apply({ node: [0], attempt: [1], from: 'P', to: 'R', at: [10] });
  model.apply({ node: [0, 0, 0], attempt: [1, 2, 2], from: 'RPR', to: 'PRC', at: [20, 30, 40], reasons: { 0: 'no' } });
  model.apply({ node: [1], attempt: [1], from: 'P', to: 'R', at: [41] });
  model.apply({ node: [1], attempt: [1], from: 'R', to: 'F', at: [50], reasons: { 0: 'exit code 1' }, allowed: [0] });
  const whole = new RunModel(view({ state: 'CF', since: [40, 50], allowed: [1], reasons: { 1: 'exit code 1' },
    attempts: { node: [0, 0, 1], number: [1, 2, 1], start: [10, 30, 41], end: [20, 40, 50], state: 'FCF' } }));
  const told = (of) => JSON.stringify({ state: [...of.state], since: [...of.since], allowed: [...of.allowed], reasons: [...of.reasons],
    attempts: [0, 1].map(
      (node) => [...of.attempts.of(node)].map(
        (index) => [
          of.attempts.number[index], of.attempts.start[index], of.attempts.stop[index], of.attempts.state[index],
        ],
      ),
    ) });
  return told(model) === told(whole) ? '' : `${told(model)} against ${told(whole)}`;
}"""

# However a log is cut into portions, and from whichever place one reads in both directions, its lines are the same.
LOGS = """async () => {
  const { LogWindow } = await import('/assets/log-window.js');
  const { LogRows } = await import('/assets/log-rows.js');
  let seed = 11;
  const random = (limit) => {
    seed = (seed * 1103515245 + 12345) % 2147483648;
    return Math.floor((seed / 2147483648) * limit);
  };
  const pieces = [
    'plain text',
    '\\u001b[31mred\\u001b[0m',
    '\\u001b[1;38;5;200m',
    'tab\\there',
    'ümläut 日本語 🎉',
    '',
    '\\u001b]0;title\\u0007after',
    '\\r',
    '\\u001b[2J',
    '\\u202eturned',
    'x'.repeat(300),
  ];
  for (let round = 0; round < 120; round += 1) {
    let text = '';
    for (let line = random(30); line >= 0; line -= 1) {
      for (let piece = random(4); piece > 0; piece -= 1) text += pieces[random(pieces.length)];
      text += random(9) === 0 ? '\\r\\n' : '\\n';
    }
    if (random(2) === 0) text += 'no end of line';
    const bytes = new TextEncoder().encode(text);
    const whole = new LogWindow(0);
    whole.append(bytes);
    const start = random(bytes.length);
    const window = new LogWindow(start);
    let [first, last] = [start, start];
    while (first > 0 || last < bytes.length) {
      const size = 1 + random(200);
      if (last < bytes.length && random(2) === 0) {
        window.append(bytes.subarray(last, last + size));
        last = Math.min(bytes.length, last + size);
      } else if (first > 0) {
        const next = Math.max(0, first - size);
        window.prepend(bytes.subarray(next, first));
        first = next;
      }
    }
    const told = (of) => JSON.stringify(
      of.lines.map(
        ({ text: shown, offset, looks }) => [
          offset,
          shown,
          looks.filter(([place], index) => place < shown.length && (looks[index + 1]?.[0] ?? Infinity) > place),
        ],
      ),
    );
    if (told(whole) !== told(window)) return `round ${round}: expected ${told(whole)}, found ${told(window)}`;
    for (const width of [0, 12, 80]) {
      const rows = new LogRows(whole.lines, { width, hidesTimes: false });
      let joined = '';
      for (let row = 0; row < rows.count; row += 1) {
        joined += rows.pieces(row).pieces.map((piece) => piece.text).join('');
      }
      const wanted = whole.lines.map((line) => line.text.slice(line.stamp?.length ?? 0)).join('');
      if (joined !== wanted) return `round ${round}, width ${width}: the rows are not the lines`;
    }
  }
  const { mostBytes } = await import('/assets/log-window.js');
  const bounded = new LogWindow(0);
  for (let portion = 0; portion < 200; portion += 1) bounded.append(new Uint8Array(65536).fill(120));
  if (bounded.end - bounded.start > mostBytes) return 'more bytes are held than are allowed';
  if (bounded.end !== 200 * 65536) return 'the end was lost';
  return '';
}"""

ANSI = """async () => {
  const { readLine } = await import('/assets/ansi.js');
  const told = (line) => {
    const { text, looks } = readLine(line);
    return [
      text,
      looks.map(
        ([place, look]) => `${place}:${look.colour}${look.bold ? ' bold' : ''}${look.underlined ? ' line' : ''}`
      ).join(' '),
    ];
  };
  const cases = [
    ['a\\u001b[31mb\\u001b[0mc', 'abc', '0: 1:c1 2:'],
    ['\\u001b[1;91mx', 'x', '0:c9 bold'],
    ['\\u001b[38;5;16mx', 'x', '0:#7c7c7c'],
    ['\\u001b[48;2;1;2;3mx', 'x', '0:'],
    ['\\u001b[4:3mx', 'x', '0: line'],
    ['\\u001b[?25lx\\u001b[10Ay\\u001b(Bz', 'xyz', '0:'],
    ['\\u001b]8;;http://x\\u001b\\\\link\\u001b]8;;\\u0007', 'link', '0:'],
    ['\\u001b[31', '', '0:'],
    ['end\\u001b', 'end', '0:'],
    ['a\\u0000\\u0007\\u0008b\\u009b31mc', 'abc', '0: 2:c1'],
    ['\\u202ex', '\\\\u{202E}x', '0:'],
  ];
  for (const [line, text, looks] of cases) {
    const found = told(line);
    if (found[0] !== text || (looks !== found[1] && !looks.includes('#'))) {
      return `${JSON.stringify(line)}: expected ${text} with ${looks}, found ${found}`;
    }
  }
  return '';
}"""


def run(tests):
    with tests.page() as page:
        page.page.locator(".run-row").first.wait_for()
        for name, script in (
            ("states at an instant are those of a naive model", SNAPSHOTS),
            ("changes add up to the view", CHANGES),
            ("logs are the same in any portions", LOGS),
            ("of terminal text only the looks are left", ANSI),
        ):
            found = page.page.evaluate(script)
            tests.check(name, found == "", found)


main(run)
