// Talking to the server.

/** An answer that is no success, or no answer at all. */
export class ApiError extends Error {
  constructor(title, { status = 0, detail = '', issues = [] } = {}) {
    super(detail === '' ? title : detail);
    this.name = 'ApiError';
    this.title = title;
    this.status = status;
    this.detail = detail;
    this.issues = issues;
  }

  static async of(response) {
    let problem = {};
    try {
      if ((response.headers.get('content-type') ?? '').includes('json')) problem = await response.json();
    } catch {
      // The body says nothing more.
    }
    const title = problem.title ?? `The server answered ${response.status}.`;
    const hint = response.status === 401
      ? 'Open the link that the server printed when it started: it holds the token.'
      : '';
    return new ApiError(title, {
      status: response.status, detail: problem.detail ?? hint, issues: problem.issues ?? [],
    });
  }
}

async function ask(path, options) {
  let response;
  try {
    response = await fetch(path, { credentials: 'same-origin', ...options });
  } catch (error) {
    if (error.name === 'AbortError') throw error;
    throw new ApiError('The server does not answer.', {
      detail: 'Check that it still runs. The page tries again by itself.',
    });
  }
  noteClock(response);
  return response;
}

export async function getJSON(path, signal) {
  const response = await ask(path, { signal, headers: { Accept: 'application/json' } });
  if (!response.ok) throw await ApiError.of(response);
  return response.json();
}

/** Asks for JSON that is asked for again and again: an answer that did not change is not sent again. */
export class Polled {
  #path = '';
  #tag = '';
  #value = null;

  /** Returns the value, and whether it is a new one. */
  async get(path, signal) {
    const headers = { Accept: 'application/json' };
    if (path === this.#path && this.#tag !== '') headers['If-None-Match'] = this.#tag;
    // The browser must not answer from its own cache: then it would hide that nothing changed.
    const response = await ask(path, { signal, headers, cache: 'no-store' });
    if (response.status === 304) return { value: this.#value, isNew: false };
    if (!response.ok) throw await ApiError.of(response);
    const value = await response.json();
    [this.#path, this.#tag, this.#value] = [path, response.headers.get('etag') ?? '', value];
    return { value, isNew: true };
  }
}

export async function post(path, body = {}) {
  const response = await ask(path, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Accept: 'application/json' },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw await ApiError.of(response);
  const text = await response.text();
  return text === '' ? {} : JSON.parse(text);
}

/** A part of a log. `range` as in HTTP: `0-65535` or `-65536`. A status of 416 says that there is nothing. */
export async function getLog(path, range, signal) {
  const response = await ask(path, { signal, headers: { Range: `bytes=${range}` }, cache: 'no-store' });
  const total = Number(/\/(\d+)$/.exec(response.headers.get('content-range') ?? '')?.[1] ?? NaN);
  if (response.status === 416) return { start: total || 0, total: total || 0, bytes: new Uint8Array(0) };
  if (!response.ok) throw await ApiError.of(response);
  const start = Number(/bytes (\d+)-/.exec(response.headers.get('content-range') ?? '')?.[1] ?? 0);
  const bytes = new Uint8Array(await response.arrayBuffer());
  return { start, total: Number.isNaN(total) ? bytes.length : total, bytes };
}

// MARK: Addresses

const part = encodeURIComponent;
export const runPath = (id) => `/v1/runs/${part(id)}`;
export const taskPath = (id, task) => `${runPath(id)}/tasks/${part(task)}`;
export const logPath = (id, task, attempt) => `${taskPath(id, task)}/log${attempt ? `?attempt=${attempt}` : ''}`;
export const runPage = (id) => `/runs/${part(id)}`;

// MARK: Clocks

let skew = 0;

// The clock of the server decides how long a run takes; that of a phone may be wrong.
function noteClock(response) {
  const date = Date.parse(response.headers.get('date') ?? '');
  if (Number.isNaN(date)) return;
  const difference = date - Date.now();
  skew = Math.abs(difference) > 3000 ? difference : 0;
}

/** Now, on the clock of the server, in milliseconds since 1970. */
export const serverNow = () => Date.now() + skew;
