// Elements made of the templates of the page. Text of the node is set as text:
// nothing of it becomes markup.

const HIGHLIGHT = 1600;

export const $ = (id) => document.getElementById(id);

export const part = (root, name) => root.querySelector(`[data-part="${name}"]`);

export const field = (root, name) => root.querySelector(`[data-field="${name}"]`);

export const make = (template) => $(template).content.firstElementChild.cloneNode(true);

/** An element with text in it. */
export function element(name, className, text) {
  const it = document.createElement(name);
  it.className = className;
  it.textContent = text;
  return it;
}

export function show(element, shown) {
  if (element.hidden === shown) {
    element.hidden = !shown;
  }
}

/** Sets an attribute; null takes it away. */
export function attribute(element, name, value) {
  if (value === null) {
    element.removeAttribute(name);
  } else if (element.getAttribute(name) !== value) {
    element.setAttribute(name, value);
  }
}

export function highlight(element) {
  element.classList.add("changed");
  setTimeout(() => element.classList.remove("changed"), HIGHLIGHT);
}

/** Sets a text if it is another one; whether it was. */
export function text(element, value, quietly) {
  if (element.textContent === value) {
    return false;
  }
  element.textContent = value;
  if (!quietly) {
    highlight(element);
  }
  return true;
}

/** Sets the texts of fields by their names. What changes is highlighted. */
export function fill(root, values, quietly) {
  for (const [name, value] of Object.entries(values)) {
    text(field(root, name), value, quietly);
  }
}

let silence;

/** Says something to whoever looks, and to whoever listens. */
export function say(words) {
  const told = $("told");
  told.textContent = words;
  clearTimeout(silence);
  silence = setTimeout(() => {
    told.textContent = "";
  }, 8000);
}

/** Copies; the button says whether it worked. */
export async function copy(button, words) {
  const label = button.textContent;
  try {
    await navigator.clipboard.writeText(words);
    say("Copied.");
    button.textContent = "Copied";
  } catch {
    say("The browser does not let this page copy.");
    button.textContent = "Cannot copy";
  }
  setTimeout(() => {
    button.textContent = label;
  }, 1500);
}
