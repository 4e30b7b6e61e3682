// With a session, links to other pages of the site load into this document: the
// session is in its memory, and would be lost otherwise.
import { announce, onPage, root, startPage } from "./dom.mjs";
import { login } from "./login.mjs";
import { reveal } from "./page.mjs";

let shown;

onPage(() => { shown = location.pathname + location.search; });

async function loadPage(url) {
  const response = await fetch(url.href);
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  if (!response.ok || !page.getElementById("main")) {
    throw new Error("not a page of this site");
  }
  return page;
}

function showPage(page) {
  document.title = page.title;
  document.body.replaceWith(document.adoptNode(page.body));
  startPage();
  document.getElementById("main").focus({ preventScroll: true });
  if (location.hash) {
    reveal();
  } else {
    scrollTo(0, 0);
  }
  announce(document.title);
}

document.addEventListener("click", async (event) => {
  const link = event.target.closest?.("a[href]");
  const isPlain = !event.defaultPrevented && event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey;
  if (!login.session || !link || link.target || !isPlain) {
    return;
  }
  const url = new URL(link.href);
  const isPage = url.href.startsWith(root().href) && url.pathname.endsWith(".html");
  const isThis = url.pathname + url.search === location.pathname + location.search;
  if (!isPage || (isThis && url.hash)) {
    return;
  }
  event.preventDefault();
  if (isThis) {
    // Otherwise the browser would reload the page, without the session.
    scrollTo(0, 0);
    return;
  }
  try {
    const page = await loadPage(url);
    history.pushState(null, "", url);
    showPage(page);
  } catch {
    // Falls back to the browser's navigation.
    location.assign(url);
  }
});

addEventListener("popstate", async () => {
  if (location.pathname + location.search === shown) {
    return;
  }
  try {
    showPage(await loadPage(new URL(location.href)));
  } catch {
    location.reload();
  }
});
