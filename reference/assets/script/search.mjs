// The search field: a combobox. The arrow keys move through its list while the
// field keeps the focus.
import { announce, el, onPage, root, takesText } from "./dom.mjs";
import { Index } from "./index.mjs";
import { statusIn } from "./release.mjs";
import { chosenRelease, withRelease } from "./switcher.mjs";

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

// The index is loaded when it is first needed; as a script, since pages in files
// cannot load anything else.
let loading;

function loadIndex() {
  loading ||= new Promise((resolve, reject) => {
    const fail = () => {
      loading = undefined;
      reject(new Error("the index cannot be loaded"));
    };
    const done = () => resolve(new Index(globalThis.searchIndex));
    document.head.append(el("script", { src: new URL("assets/search.js", root()).href, load: done, error: fail }));
  });
  return loading;
}

// A name with its matched letters marked.
function markLetters({ name, at }) {
  const isMatched = Array.from(name, () => false);
  at.forEach(([from, to]) => isMatched.fill(true, from, to));
  const parts = [];
  for (let from = 0; from < name.length;) {
    let to = from;
    while (to < name.length && isMatched[to] === isMatched[from]) {
      to += 1;
    }
    const text = name.slice(from, to);
    parts.push(isMatched[from] ? el("mark", {}, text) : text);
    from = to;
  }
  return parts;
}

// The line of a result.
function resultLine(result) {
  const { kind, method, owner, since, removed, isDescribed } = result;
  const release = chosenRelease();
  const lifecycle = { later: `since ${since}`, present: false, removed: `removed in ${removed}` }[statusIn(release, since, removed)];
  const ownerText = owner && (kind === "operation" || kind === "error" ? owner : `of ${owner}`);
  return [
    el("span", { class: "name" }, method ? `${method} ` : "", ...markLetters(result)),
    " ",
    el("span", { class: "what" }, [WORDS[kind], ownerText, isDescribed && "in the description", lifecycle].filter(Boolean).join(" · ")),
  ];
}

function address({ href }) {
  return withRelease(new URL(href, root()).href);
}

onPage(() => {
  const field = el("input", {
    type: "search", role: "combobox", "aria-label": "Search", "aria-expanded": "false", "aria-controls": "found",
    "aria-autocomplete": "list", "aria-keyshortcuts": "/ Control+K", placeholder: "Search ( / )", autocomplete: "off", spellcheck: "false",
    autocapitalize: "none",
  });
  const list = el("ul", { id: "found", role: "listbox", "aria-label": "Results", hidden: true });
  let found = [];
  let active = -1;
  let asked = "";

  function close() {
    list.hidden = true;
    active = -1;
    field.setAttribute("aria-expanded", "false");
    field.removeAttribute("aria-activedescendant");
  }

  function activate(index) {
    const options = list.querySelectorAll("[role=option]");
    options[active]?.setAttribute("aria-selected", "false");
    active = index;
    if (options[active]) {
      options[active].setAttribute("aria-selected", "true");
      options[active].scrollIntoView({ block: "nearest" });
      field.setAttribute("aria-activedescendant", options[active].id);
    } else {
      field.removeAttribute("aria-activedescendant");
    }
  }

  function open(result, event) {
    const href = address(result ?? { href: `search.html?q=${encodeURIComponent(field.value.trim())}` });
    if (event.ctrlKey || event.metaKey) {
      window.open(href);
      return;
    }
    close();
    // A link, so that the listeners of links handle it.
    const link = el("a", { href, hidden: true });
    document.body.append(link);
    link.click();
    link.remove();
  }

  function option(index, result, ...text) {
    return el("li", {
      id: `found-${index}`, role: "option", "aria-selected": "false",
      // The field keeps the focus.
      mousedown: (event) => event.preventDefault(),
      click: (event) => open(result, event),
    }, ...text);
  }

  // Shows a message in place of results.
  function showMessage(text) {
    list.replaceChildren(el("li", { role: "option", "aria-disabled": "true" }, text));
    list.hidden = false;
    announce(text);
  }

  async function search() {
    const text = field.value.trim();
    asked = text;
    if (text === "") {
      close();
      return;
    }
    let results;
    try {
      results = (await loadIndex()).find(text, MOST);
    } catch (error) {
      showMessage(`Search failed: ${error.message}.`);
      return;
    }
    if (text !== asked || document.activeElement !== field) {
      return;
    }
    found = results.found;
    field.setAttribute("aria-expanded", "true");
    if (found.length === 0) {
      showMessage("No results.");
      return;
    }
    list.replaceChildren(...found.map((result, index) => option(index, result, ...resultLine(result))));
    if (results.total > found.length) {
      found = [...found, undefined];
      list.append(option(found.length - 1, undefined, `All ${results.total} results`));
    }
    list.hidden = false;
    active = -1;
    activate(0);
    announce(`${results.total} results`);
  }

  field.addEventListener("focus", () => {
    // Loads the index before the first letter is typed.
    loadIndex().catch(() => {});
    if (field.value) {
      search();
    }
  });
  field.addEventListener("input", search);
  field.addEventListener("blur", close);
  field.addEventListener("keydown", (event) => {
    const count = list.hidden ? 0 : found.length;
    if (event.key === "ArrowDown" && list.hidden) {
      search();
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

// The page of results: `search.html?q=aitv`.
onPage(async () => {
  const place = document.getElementById("results");
  const text = new URLSearchParams(location.search).get("q")?.trim();
  if (!place || !text) {
    return;
  }
  document.querySelector("#search input").value = text;
  const { total, found } = (await loadIndex()).find(text, 200);
  const count = total > found.length ? `The first ${found.length} of ${total} results` : `${total} ${total === 1 ? "result" : "results"}`;
  place.replaceChildren(
    el("p", { class: "legend" }, total === 0 ? `No results for ${text}.` : `${count} for ${text}.`),
    el("ol", { class: "found" }, ...found.map((result) => el("li", {}, el("a", { href: address(result) }, ...resultLine(result))))),
  );
});
