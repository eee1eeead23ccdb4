// The keys of the table and of the timeline: they go through the same rows.

import { describe } from './describe.js';

/** Follows a key. Returns whether it was one of these. */
export function followRowKey(event, store, { page, enter, say }) {
  if (event.ctrlKey || event.metaKey || event.altKey || !store.model) return false;
  const { rows, selected, model } = store;
  const { nodes } = rows;
  const here = rows.placeOf(selected);
  const isGroup = selected >= 0 && model.hasMembers(selected);
  const goTo = (place) => {
    if (nodes.length === 0) return;
    const node = nodes[Math.min(nodes.length - 1, Math.max(0, place))];
    store.select(node);
    say(describe(store, node));
  };
  switch (event.key) {
    case 'ArrowDown': goTo(here + 1); break;
    case 'ArrowUp': goTo(here < 0 ? 0 : here - 1); break;
    case 'PageDown': goTo(Math.max(0, here) + page); break;
    case 'PageUp': goTo(here - page); break;
    case 'Home': goTo(0); break;
    case 'End': goTo(nodes.length - 1); break;
    case 'ArrowRight':
      if (!isGroup) return false;
      if (store.open.has(selected)) goTo(here + 1);
      else store.setOpen(selected, true);
      break;
    case 'ArrowLeft':
      if (isGroup && store.open.has(selected)) store.setOpen(selected, false);
      else if (selected >= 0 && model.group[selected] >= 0) store.select(model.group[selected]);
      else return false;
      break;
    case ' ':
      if (!isGroup) return false;
      store.toggle(selected);
      break;
    case 'Enter':
      if (selected < 0) return false;
      enter(selected);
      break;
    default: return false;
  }
  event.preventDefault();
  event.stopPropagation();
  return true;
}
