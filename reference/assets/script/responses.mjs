// The answers of examples: a key and the row that tells of it light up
// together, and what a release did not have is left out.
import { el, onPage } from "./dom.mjs";
import { cut, parse, tokens } from "./json.mjs";

// Puts JSON into an element, with colours and with the paths of its keys.
export function show(place, tree) {
  const parts = [...tokens(tree)].map(([kind, text, path]) => {
    return kind === "" ? text : el("span", { class: kind, "data-path": path }, text);
  });
  place.replaceChildren(...parts);
}

const row = (path) => document.getElementById(`response-${path}`);

// The trees of the page's answers, as the page had them.
const trees = new WeakMap();

function answers() {
  const found = [];
  document.querySelectorAll(".example .answer pre code").forEach((code) => {
    if (!trees.has(code)) {
      try {
        trees.set(code, parse(code.textContent));
      } catch {
        // An answer that is no JSON stays as it is.
        return;
      }
    }
    found.push([code, trees.get(code)]);
  });
  return found;
}

// Shows what is left of the answers without those fields whose rows are not
// wanted.
export function showAnswers(isWanted) {
  const wanted = (path) => {
    const it = row(path);
    return !it || isWanted(it);
  };
  for (const [code, tree] of answers()) {
    show(code, cut(tree, wanted));
  }
}

let isReady = false;
let lit = [];

function light(event) {
  const key = event.target.closest?.(".answer .k, tr[id^='response-']");
  lit.forEach((it) => it.classList.remove("lit"));
  lit = [];
  if (!key || !document.querySelector(".example")) {
    return;
  }
  if (!isReady) {
    // The page's own keys do not tell their paths; it is a moment's work, and
    // most readers never need it.
    isReady = true;
    if (!document.querySelector(".answer .k[data-path]")) {
      answers().forEach(([code, tree]) => show(code, tree));
    }
  }
  const path = key.dataset.path || key.id.slice("response-".length);
  const there = row(path);
  lit = [...document.querySelectorAll(".example .answer .k")].filter((it) => it.dataset.path === path);
  if (there && path) {
    lit.push(there);
  }
  lit.forEach((it) => it.classList.add("lit"));
}

document.addEventListener("pointerover", light);
document.addEventListener("focusin", light);
onPage(() => { isReady = false; });
