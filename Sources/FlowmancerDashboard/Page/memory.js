// What the browser remembers of the reader's choices. It may not let us: then they hold as long as the page.

export function recall(name) {
  try {
    return localStorage.getItem(`flowmancer-${name}`);
  } catch {
    return null;
  }
}

export function remember(name, value) {
  try {
    if (value === null) localStorage.removeItem(`flowmancer-${name}`);
    else localStorage.setItem(`flowmancer-${name}`, value);
  } catch {
    // It is forgotten with the page.
  }
}
