// With a session, links to other pages of the site are followed inside this
// document: the session is in its memory, and would be gone with it.
import { onPage, root, say, startPage } from "./dom.mjs";
import { login } from "./login.mjs";
import { reveal } from "./page.mjs";

let shown;

onPage(() => { shown = location.pathname + location.search; });

async function walk(url) {
  const answer = await fetch(url.href);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  if (!answer.ok || !page.getElementById("main")) {
    throw new Error("it is no page of this site");
  }
  return page;
}

function put(page) {
  document.title = page.title;
  document.body.replaceWith(document.adoptNode(page.body));
  startPage();
  document.getElementById("main").focus({ preventScroll: true });
  if (location.hash) {
    reveal();
  } else {
    scrollTo(0, 0);
  }
  say(document.title);
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
    // The browser would load the page again, without the session.
    scrollTo(0, 0);
    return;
  }
  try {
    const page = await walk(url);
    history.pushState(null, "", url);
    put(page);
  } catch {
    // The browser's way always works, or says why not.
    location.assign(url);
  }
});

addEventListener("popstate", async () => {
  if (location.pathname + location.search === shown) {
    return;
  }
  try {
    put(await walk(new URL(location.href)));
  } catch {
    location.reload();
  }
});
