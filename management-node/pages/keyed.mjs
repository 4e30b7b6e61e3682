// Lists that are patched, not made anew: what stays the same stays in place,
// with its focus, its scroll position and whatever is open in it.

/**
 * Makes the children of `parent` those of `items`, in their order. `key` names
 * an item; `create` makes the element of a new one, and `update` brings an
 * element up to date: it is told whether the element is new.
 */
export function patch(parent, items, { key, create, update }) {
  const focused = parent.ownerDocument?.activeElement;
  const old = new Map([...parent.children].map((it) => [it.dataset.key, it]));
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
  // An element that is moved loses the focus.
  if (focused && focused !== parent.ownerDocument.activeElement && parent.contains(focused)) {
    focused.focus({ preventScroll: true });
  }
}
