// The part of a run's time that is seen. It follows the end of the run until somebody moves it.

export class TimeWindow {
  #start = 0;
  #end = null;

  constructor() {
    /** The last moment of the run, in microseconds. */
    this.horizon = 1;
  }

  get start() { return this.#end === null ? 0 : this.#start; }

  get end() { return this.#end ?? Math.max(1000, this.horizon); }

  get length() { return this.end - this.start; }

  showAll() { [this.#start, this.#end] = [0, null]; }

  /** Enlarges by a factor; a moment stays at its place. */
  zoom(factor, at) {
    const whole = Math.max(1000, this.horizon);
    const length = Math.min(whole, Math.max(200, this.length / factor));
    const share = (at - this.start) / this.length;
    if (length >= whole) this.showAll();
    else this.#place(at - share * length, length);
  }

  pan(time) {
    if (this.#end !== null) this.#place(this.#start + time, this.length);
  }

  #place(start, length) {
    this.#start = Math.min(Math.max(0, start), Math.max(0, this.horizon - length));
    this.#end = this.#start + length;
  }
}

const seconds = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 21600, 43200, 86400];

/** The step of round moments of which at most `most` are in a time. */
export function niceStep(length, most) {
  const least = length / Math.max(1, most);
  if (least <= 0.5e6) {
    const power = 10 ** Math.floor(Math.log10(Math.max(1, least)));
    return [1, 2, 5, 10].map((factor) => factor * power).find((step) => step >= least);
  }
  const known = seconds.find((step) => step * 1e6 >= least);
  return (known ?? Math.ceil(least / 86400e6) * 86400) * 1e6;
}
