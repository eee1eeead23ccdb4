// Mouse, touch and wheel on a canvas, told as few plain events.

const clickReach = 5;

/**
 * Calls `pan(dx, dy, pointer)`, `zoom(factor, x, y)`, `click(x, y, event)`, `double(x, y)`, `hover(x, y)` (null when
 * the pointer left) and `end()`. Positions are in pixels of the element. `wheelPans` has the wheel pan unless Ctrl is
 * held.
 */
export function listenToGestures(element, handlers) {
  const pointers = new Map();
  let moved = false;
  let spread = 0;
  const place = (event) => {
    const box = element.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  };
  const middle = () => {
    const all = [...pointers.values()];
    return {
      x: all.reduce((sum, { x }) => sum + x, 0) / all.length, y: all.reduce((sum, { y }) => sum + y, 0) / all.length,
    };
  };
  const distance = () => {
    const [a, b] = [...pointers.values()];
    return Math.hypot(a.x - b.x, a.y - b.y);
  };

  element.addEventListener('pointerdown', (event) => {
    if (event.button !== 0 && event.button !== 1) return;
    pointers.set(event.pointerId, place(event));
    if (pointers.size === 1) moved = false;
    if (pointers.size === 2) spread = distance();
    element.setPointerCapture(event.pointerId);
  });
  element.addEventListener('pointermove', (event) => {
    const here = place(event);
    const last = pointers.get(event.pointerId);
    if (!last) {
      if (event.pointerType === 'mouse') handlers.hover?.(here.x, here.y);
      return;
    }
    if (pointers.size === 1 && !moved && Math.hypot(here.x - last.x, here.y - last.y) < clickReach) return;
    moved = true;
    handlers.hover?.(null, null);
    const before = middle();
    pointers.set(event.pointerId, here);
    const after = middle();
    if (pointers.size === 2) {
      const now = distance();
      if (spread > 0 && now > 0) handlers.zoom?.(now / spread, after.x, after.y);
      spread = now;
    }
    handlers.pan?.(after.x - before.x, after.y - before.y, event);
  });
  const release = (event) => {
    if (!pointers.has(event.pointerId)) return;
    const here = place(event);
    pointers.delete(event.pointerId);
    if (pointers.size > 0) {
      spread = 0;
      return;
    }
    if (!moved && event.type === 'pointerup' && event.button === 0) handlers.click?.(here.x, here.y, event);
    handlers.end?.();
  };
  element.addEventListener('pointerup', release);
  element.addEventListener('pointercancel', release);
  element.addEventListener('pointerleave', () => handlers.hover?.(null, null));
  element.addEventListener('dblclick', (event) => {
    const { x, y } = place(event);
    handlers.double?.(x, y);
  });
  element.addEventListener('wheel', (event) => {
    const { x, y } = place(event);
    if (handlers.wheel?.(event, x, y) === false) return;
    event.preventDefault();
    const lines = event.deltaMode === 1 ? 16 : event.deltaMode === 2 ? 400 : 1;
    const delta = (event.deltaY || event.deltaX) * lines;
    // A wheel turns by 100 and more, a pinch on a touch pad by single pixels.
    handlers.zoom?.(Math.exp(-delta * (event.ctrlKey ? 0.01 : 0.002)), x, y);
    handlers.end?.();
  }, { passive: false });
}
