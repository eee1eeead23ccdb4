// Reads a log in portions, whatever its length, and follows its end.

import { getLog } from './api.js';
import { LogWindow } from './log-window.js';

const portion = 65536;
const followWait = 500;

export class LogSource {
  #path;
  #onChange;
  #stopping = new AbortController();
  #isReading = false;
  #timer = 0;

  /** `onChange(change)` is told `reset`, `before`, `after` or `size`. */
  constructor(path, onChange) {
    this.#path = path;
    this.#onChange = onChange;
    this.window = new LogWindow();
    this.total = 0;
  }

  stop() {
    this.#stopping.abort();
    clearTimeout(this.#timer);
  }

  get isAtEnd() { return this.window.end >= this.total; }

  get isBusy() { return this.#isReading; }

  /** Reads the end of the log. */
  async openEnd() { await this.#open(`-${portion}`); }

  /** Reads from a place of the log on. */
  async openAt(offset) {
    const start = Math.max(0, Math.floor(offset));
    await this.#open(`${start}-${start + portion - 1}`);
  }

  async #open(range) {
    this.#isReading = true;
    try {
      const answer = await getLog(this.#path, range, this.#stopping.signal);
      this.total = answer.total;
      // The first line is most often only the end of one: it comes whole with the portion before it.
      const cut = answer.start > 0 ? answer.bytes.indexOf(10) + 1 : 0;
      const isUsable = cut > 0 && cut < answer.bytes.length;
      this.window = new LogWindow(answer.start + (isUsable ? cut : 0));
      this.window.append(isUsable ? answer.bytes.subarray(cut) : answer.bytes);
      this.#onChange('reset');
    } finally {
      this.#isReading = false;
    }
  }

  /** Reads what comes before, if there is something. */
  async readBefore() {
    if (this.#isReading || this.window.isAtStart) return;
    const { window } = this;
    await this.#read(window, `${Math.max(0, window.start - portion)}-${window.start - 1}`, (bytes) => {
      window.prepend(bytes);
      this.#onChange('before');
    });
  }

  /** Reads what comes after, if there is something. */
  async readAfter() {
    if (this.#isReading) return;
    const { window } = this;
    // The last byte is asked for again: a range without bytes is an error, which browsers report each time.
    const known = window.end > 0 ? 1 : 0;
    await this.#read(window, `${window.end - known}-${window.end + portion - 1}`, (bytes) => {
      if (bytes.length > known) {
        window.append(bytes.subarray(known));
        this.#onChange('after');
      } else this.#onChange('size');
    });
  }

  async #read(window, range, take) {
    this.#isReading = true;
    try {
      const { bytes, total } = await getLog(this.#path, range, this.#stopping.signal);
      if (this.window !== window) return;
      // A log that became shorter was begun anew.
      if (total < window.end && total !== 0) {
        this.#isReading = false;
        await this.openEnd();
        return;
      }
      this.total = Math.max(this.total, total);
      if (bytes.length > 0) take(bytes);
      else this.#onChange('size');
    } finally {
      this.#isReading = false;
    }
  }

  /** Reads again and again what was added, as long as `isWanted()`. */
  follow(isWanted) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(async () => {
      if (this.#stopping.signal.aborted) return;
      try {
        if (isWanted() && !document.hidden) {
          do await this.readAfter(); while (isWanted() && !this.isAtEnd && !this.#stopping.signal.aborted);
        }
      } catch (error) {
        if (error.name === 'AbortError') return;
      }
      this.follow(isWanted);
    }, followWait);
  }
}
