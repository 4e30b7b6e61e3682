// The field in which the site is searched: a combobox, whose list the arrow
// keys go through while the field keeps the focus.
import { el, onPage, root, say, takesText } from "./dom.mjs";
import { Index } from "./index.mjs";
import { standing } from "./release.mjs";
import { chosen, kept } from "./switcher.mjs";

const MOST = 12;
const WORDS = {
  operation: "operation",
  type: "type",
  category: "category",
  page: "page",
  path: "path",
  key: "body key",
  tag: "system tag",
  parameter: "parameter",
  field: "field",
  value: "value",
  error: "error",
};

// The index comes when it is first needed, as a script, since a page in a file
// may read nothing else.
let coming;

export function index() {
  coming ||= new Promise((resolve, reject) => {
    const fail = () => {
      coming = undefined;
      reject(new Error("the index is not there"));
    };
    const done = () => resolve(new Index(globalThis.searchIndex));
    document.head.append(el("script", { src: new URL("assets/search.js", root()).href, load: done, error: fail }));
  });
  return coming;
}

// The letters that were met, marked.
function marked({ name, at }) {
  const isMet = Array.from(name, () => false);
  at.forEach(([from, to]) => isMet.fill(true, from, to));
  const parts = [];
  for (let from = 0; from < name.length;) {
    let to = from;
    while (to < name.length && isMet[to] === isMet[from]) {
      to += 1;
    }
    const text = name.slice(from, to);
    parts.push(isMet[from] ? el("mark", {}, text) : text);
    from = to;
  }
  return parts;
}

// What an answer says, in a line.
export function told(it) {
  const release = chosen();
  const isThere = !release || standing(release, it.since, it.removed) === "there";
  const life = isThere ? it.removed && !release && `removed in ${it.removed}` : standing(release, it.since) === "later" ? `since ${it.since}` : `removed in ${it.removed}`;
  const owner = it.owner && (it.kind === "operation" || it.kind === "error" ? it.owner : `of ${it.owner}`);
  return [
    el("span", { class: "name" }, it.method ? `${it.method} ` : "", ...marked(it)),
    " ",
    el("span", { class: "what" }, [WORDS[it.kind], owner, it.isDescribed && "in the description", life].filter((part) => part).join(" · ")),
  ];
}

export function address(it) {
  return kept(new URL(it.href, root()).href);
}

onPage(() => {
  const field = el("input", {
    type: "search", role: "combobox", "aria-label": "Search", "aria-expanded": "false", "aria-controls": "found",
    "aria-autocomplete": "list", "aria-keyshortcuts": "/ Control+K", placeholder: "Search ( / )", autocomplete: "off", spellcheck: "false",
    autocapitalize: "none",
  });
  const list = el("ul", { id: "found", role: "listbox", "aria-label": "Found", hidden: true });
  let found = [];
  let active = -1;
  let asked = "";

  function close() {
    list.hidden = true;
    active = -1;
    field.setAttribute("aria-expanded", "false");
    field.removeAttribute("aria-activedescendant");
  }

  function activate(nth) {
    const options = list.querySelectorAll("[role=option]");
    options[active]?.setAttribute("aria-selected", "false");
    active = nth;
    if (options[active]) {
      options[active].setAttribute("aria-selected", "true");
      options[active].scrollIntoView({ block: "nearest" });
      field.setAttribute("aria-activedescendant", options[active].id);
    } else {
      field.removeAttribute("aria-activedescendant");
    }
  }

  function open(it, event) {
    const href = it ? address(it) : address({ href: `search.html?q=${encodeURIComponent(field.value.trim())}` });
    if (event.ctrlKey || event.metaKey) {
      window.open(href);
      return;
    }
    close();
    // A link, so that whoever listens to links hears of it.
    const link = el("a", { href, hidden: true });
    document.body.append(link);
    link.click();
    link.remove();
  }

  function option(nth, it, ...text) {
    return el("li", {
      id: `found-${nth}`, role: "option", "aria-selected": "false",
      // The field keeps the focus.
      mousedown: (event) => event.preventDefault(),
      click: (event) => open(it, event),
    }, ...text);
  }

  // What is said in the place of answers.
  function instead(text) {
    list.replaceChildren(el("li", { role: "option", "aria-disabled": "true" }, text));
    list.hidden = false;
    say(text);
  }

  async function ask() {
    const text = field.value.trim();
    asked = text;
    if (text === "") {
      close();
      return;
    }
    let answer;
    try {
      answer = (await index()).find(text, MOST);
    } catch (error) {
      instead(`Cannot search: ${error.message}.`);
      return;
    }
    if (text !== asked || document.activeElement !== field) {
      return;
    }
    found = answer.found;
    field.setAttribute("aria-expanded", "true");
    if (found.length === 0) {
      instead("Nothing found.");
      return;
    }
    list.replaceChildren(...found.map((it, nth) => option(nth, it, ...told(it))));
    if (answer.total > found.length) {
      found = [...found, undefined];
      list.append(option(found.length - 1, undefined, `All ${answer.total} that were found`));
    }
    list.hidden = false;
    active = -1;
    activate(0);
    say(`${answer.total} found`);
  }

  field.addEventListener("focus", () => {
    // It is there when the first letter is.
    index().catch(() => {});
    if (field.value) {
      ask();
    }
  });
  field.addEventListener("input", ask);
  field.addEventListener("blur", close);
  field.addEventListener("keydown", (event) => {
    const count = list.hidden ? 0 : found.length;
    if (event.key === "ArrowDown" && list.hidden) {
      ask();
    } else if (event.key === "ArrowDown" && count > 0) {
      activate((active + 1) % count);
    } else if (event.key === "ArrowUp" && count > 0) {
      activate(active <= 0 ? count - 1 : active - 1);
    } else if (event.key === "Enter" && field.value.trim() !== "" && !event.isComposing) {
      open(found[active], event);
    } else if (event.key === "Escape" && !list.hidden) {
      close();
    } else if (event.key === "Escape") {
      field.value = "";
      field.blur();
    } else {
      return;
    }
    event.preventDefault();
  });
  document.getElementById("search").replaceChildren(field, list);
});

document.addEventListener("keydown", (event) => {
  const isSlash = event.key === "/" && !takesText(event.target) && !event.ctrlKey && !event.metaKey && !event.altKey;
  const isCtrlK = event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey;
  const field = document.querySelector("#search input");
  if (field && (isSlash || isCtrlK)) {
    event.preventDefault();
    field.focus();
    field.select();
  }
});

// The page of results, which an address can name: `search.html?q=aitv`.
onPage(async () => {
  const place = document.getElementById("results");
  const text = new URLSearchParams(location.search).get("q")?.trim();
  if (!place || !text) {
    return;
  }
  document.querySelector("#search input").value = text;
  const { total, found } = (await index()).find(text, 200);
  const of = total > found.length ? `The first ${found.length} of ${total}` : total;
  place.replaceChildren(
    el("p", { class: "legend" }, total === 0 ? `Nothing found for ${text}.` : `${of} found for ${text}.`),
    el("ol", { class: "found" }, ...found.map((it) => el("li", {}, el("a", { href: address(it) }, ...told(it))))),
  );
});
