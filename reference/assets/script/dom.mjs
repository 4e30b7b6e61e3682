// Elements, and what is said to those who cannot see them.

// Makes an element. Attributes that are functions listen to an event. What is
// false or absent is left out, of attributes and of children.
export function el(name, attributes = {}, ...children) {
  const it = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (typeof value === "function") {
      it.addEventListener(key, value);
    } else if (value !== false && value !== undefined && value !== null) {
      it.setAttribute(key, value === true ? "" : value);
    }
  }
  it.append(...children.filter((child) => child !== false && child !== undefined && child !== null));
  return it;
}

export function button(label, className, click) {
  return el("button", { type: "button", class: className, click }, label);
}

// Input types that take no text: keys typed there are free for shortcuts.
const NO_TEXT = new Set(["button", "checkbox", "color", "file", "image", "radio", "range", "reset", "submit"]);

// Whether keys typed at an element are text.
export function takesText(it) {
  const field = it.closest?.("input, textarea, [contenteditable]");
  return Boolean(field) && !(field.localName === "input" && NO_TEXT.has(field.type));
}

// For screen readers: a change that nothing else tells.
export function say(text) {
  let it = document.getElementById("said");
  if (!it) {
    it = el("p", { id: "said", role: "status", class: "unseen" });
    document.body.append(it);
  }
  it.textContent = text;
}

// The root of the site, of the page that is shown.
export function root() {
  return new URL(document.body.dataset.root || "./", location.href);
}

// What is done with each page: once, and again when another page takes its
// place in this document.
const steps = [];

export function onPage(step) {
  steps.push(step);
}

export function startPage() {
  for (const step of steps) {
    step();
  }
}
