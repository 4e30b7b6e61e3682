// The responses of examples: a key is highlighted together with the row that
// describes it, and fields that a release does not have are left out.
import { el, onPage } from "./dom.mjs";
import { cut, parse, tokens } from "./json.mjs";

// Shows JSON in an element, with colors and with the path of each key.
export function show(place, tree) {
  const parts = [...tokens(tree)].map(([kind, text, path]) => {
    return kind === "" ? text : el("span", { class: kind, "data-path": path }, text);
  });
  place.replaceChildren(...parts);
}

const row = (path) => document.getElementById(`response-${path}`);

// The parsed responses of the page, as it was loaded.
const trees = new WeakMap();

function responses() {
  const found = [];
  document.querySelectorAll(".example .response pre code").forEach((code) => {
    if (!trees.has(code)) {
      try {
        trees.set(code, parse(code.textContent));
      } catch {
        // A response that is not JSON stays as it is.
        return;
      }
    }
    found.push([code, trees.get(code)]);
  });
  return found;
}

// Shows the responses without the fields whose rows are not wanted.
export function showResponses(isWanted) {
  const wanted = (path) => {
    const described = row(path);
    return !described || isWanted(described);
  };
  for (const [code, tree] of responses()) {
    show(code, cut(tree, wanted));
  }
}

let isReady = false;
let highlighted = [];

function highlight(event) {
  const key = event.target.closest?.(".response .k, tr[id^='response-']");
  highlighted.forEach((part) => part.classList.remove("lit"));
  highlighted = [];
  if (!key || !document.querySelector(".example")) {
    return;
  }
  if (!isReady) {
    // The keys of the page have no paths until they are first needed.
    isReady = true;
    if (!document.querySelector(".response .k[data-path]")) {
      responses().forEach(([code, tree]) => show(code, tree));
    }
  }
  const path = key.dataset.path || key.id.slice("response-".length);
  const described = row(path);
  highlighted = [...document.querySelectorAll(".example .response .k")].filter((key) => key.dataset.path === path);
  if (described && path) {
    highlighted.push(described);
  }
  highlighted.forEach((part) => part.classList.add("lit"));
}

document.addEventListener("pointerover", highlight);
document.addEventListener("focusin", highlight);
onPage(() => { isReady = false; });
