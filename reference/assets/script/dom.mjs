// Elements, announcements to screen readers, and the steps to run on each page.

// Makes an element. Attributes that are functions become event listeners; false
// and absent attributes and children are left out.
export function el(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (typeof value === "function") {
      element.addEventListener(key, value);
    } else if (value !== false && value !== undefined && value !== null) {
      element.setAttribute(key, value === true ? "" : value);
    }
  }
  element.append(...children.filter((child) => child !== false && child !== undefined && child !== null));
  return element;
}

export function button(label, className, click) {
  return el("button", { type: "button", class: className, click }, label);
}

// Input types that take no text: keys typed there are free for shortcuts.
const NO_TEXT = new Set(["button", "checkbox", "color", "file", "image", "radio", "range", "reset", "submit"]);

// Whether keys typed at an element are text.
export function takesText(element) {
  const field = element.closest?.("input, textarea, [contenteditable]");
  return Boolean(field) && !(field.localName === "input" && NO_TEXT.has(field.type));
}

// Announces a change to screen readers.
export function announce(text) {
  let region = document.getElementById("announcement");
  if (!region) {
    region = el("p", { id: "announcement", role: "status", class: "unseen" });
    document.body.append(region);
  }
  region.textContent = text;
}

// The URL of the site's root, as the current page names it.
export function root() {
  return new URL(document.body.dataset.root || "./", location.href);
}

const steps = [];

// Registers a step that runs on each page: once, and again when another page
// takes its place in this document.
export function onPage(step) {
  steps.push(step);
}

export function startPage() {
  for (const step of steps) {
    step();
  }
}
