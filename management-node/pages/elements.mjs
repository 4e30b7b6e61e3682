// Elements from the templates of the page. Text of the node is set as text, never
// as markup.

const HIGHLIGHT = 1600;

export const $ = (id) => document.getElementById(id);

export const part = (root, name) => root.querySelector(`[data-part="${name}"]`);

export const field = (root, name) => root.querySelector(`[data-field="${name}"]`);

export const make = (template) => $(template).content.firstElementChild.cloneNode(true);

/** Makes an element with text. */
export function element(name, className, text) {
  const made = document.createElement(name);
  made.className = className;
  made.textContent = text;
  return made;
}

export function show(element, shown) {
  if (element.hidden === shown) {
    element.hidden = !shown;
  }
}

/** Sets an attribute; null removes it. */
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

/** Sets a text if it differs, and highlights the element unless `quietly`. */
export function text(element, value, quietly) {
  if (element.textContent === value) {
    return;
  }
  element.textContent = value;
  if (!quietly) {
    highlight(element);
  }
}

/** Sets the texts of fields by their names. */
export function fill(root, values, quietly) {
  for (const [name, value] of Object.entries(values)) {
    text(field(root, name), value, quietly);
  }
}

let hiding;

/** Shows a notice for some seconds; screen readers read it. */
export function notify(text) {
  const notice = $("notice");
  notice.textContent = text;
  clearTimeout(hiding);
  hiding = setTimeout(() => {
    notice.textContent = "";
  }, 8000);
}

/** Copies a text; the button shows the result. */
export async function copy(button, text) {
  const label = button.textContent;
  try {
    await navigator.clipboard.writeText(text);
    notify("Copied.");
    button.textContent = "Copied";
  } catch {
    notify("The browser does not allow copying.");
    button.textContent = "Copy failed";
  }
  setTimeout(() => {
    button.textContent = label;
  }, 1500);
}
