// Patches lists in place, so that unchanged elements keep their focus, scroll
// position and open parts.

/**
 * Updates the children of `parent` to match `items`, in order. `key` identifies
 * an item, `create` makes the element of a new item, and `update` updates an
 * element; its last argument is whether the element is new.
 */
export function patch(parent, items, { key, create, update }) {
  const focused = parent.ownerDocument?.activeElement;
  const old = new Map([...parent.children].map((child) => [child.dataset.key, child]));
  const wanted = new Set(items.map(key));
  for (const [name, element] of old) {
    if (!wanted.has(name)) {
      element.remove();
    }
  }
  let next = parent.firstElementChild;
  for (const item of items) {
    const name = key(item);
    const known = old.get(name);
    const element = known ?? create(item);
    element.dataset.key = name;
    if (element === next) {
      next = element.nextElementSibling;
    } else {
      parent.insertBefore(element, next);
    }
    update(element, item, !known);
  }
  // A moved element loses the focus.
  if (focused && focused !== parent.ownerDocument.activeElement && parent.contains(focused)) {
    focused.focus({ preventScroll: true });
  }
}
