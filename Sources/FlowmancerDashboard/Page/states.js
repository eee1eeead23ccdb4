// The states of tasks and runs: their words, signs and looks. Never a colour alone.

/** The states of tasks. A state is known by its number here. */
export const STATES = [
  { letter: 'P', key: 'pending', word: 'pending', sign: '○' },
  { letter: 'R', key: 'running', word: 'running', sign: '►' },
  { letter: 'C', key: 'completed', word: 'completed', sign: '✓' },
  { letter: 'F', key: 'failed', word: 'failed', sign: '✗' },
  { letter: 'A', key: 'aborted', word: 'aborted', sign: '■' },
  { letter: 'D', key: 'defaulted', word: 'not run', sign: '–' },
  { letter: 'S', key: 'skipped', word: 'skipped', sign: '»' },
];
export const [PENDING, RUNNING, COMPLETED, FAILED, ABORTED, DEFAULTED, SKIPPED] = STATES.keys();

/** The order in which states are counted: what needs a person comes first. */
export const COUNTED = [FAILED, ABORTED, RUNNING, COMPLETED, SKIPPED, DEFAULTED, PENDING];

const numberOfCode = new Uint8Array(128);
STATES.forEach((state, number) => { numberOfCode[state.letter.charCodeAt(0)] = number; });

/** The state that a letter stands for; an unknown one is pending. */
export const stateOfLetter = (letters, index) => numberOfCode[letters.charCodeAt(index) & 127];

export const stateOfKey = (key) => STATES.findIndex((state) => state.key === key || state.word === key);

export const isFinal = (state) => state >= COMPLETED;

/** The states of runs, with the state of a task that looks alike. */
export const RUN_STATES = {
  under_way: { word: 'under way', letter: 'R' },
  succeeded: { word: 'succeeded', letter: 'C' },
  failed: { word: 'failed', letter: 'F' },
  aborted: { word: 'aborted', letter: 'A' },
  interrupted: { word: 'interrupted', letter: 'A' },
  unknown: { word: 'unknown', letter: 'P' },
};

export const runState = (key) => RUN_STATES[key] ?? RUN_STATES.unknown;
