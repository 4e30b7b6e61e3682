// The release that the site is read as. It is in the address, and in that of
// every link, so it lasts for a visit and can be sent to somebody.
import { config } from "./config.mjs";
import { showAnswers } from "./answers.mjs";
import { el, onPage, root, say } from "./dom.mjs";
import { resolveRelease, standing } from "./release.mjs";

let addressed = {};

// What the address says of the release, read once for each address.
function ofAddress() {
  if (addressed.search !== location.search) {
    addressed = { search: location.search, ...resolveRelease(new URLSearchParams(location.search).get("v")?.trim(), config.releases) };
  }
  return addressed;
}

// The release that the address means; undefined for all releases.
export function chosen() {
  return ofAddress().release;
}

// An address with the release that was chosen in it.
export function kept(href) {
  const url = new URL(href, location.href);
  const isOurs = url.href.startsWith(root().href) && url.pathname.endsWith(".html");
  if (isOurs) {
    const release = chosen();
    if (release) {
      url.searchParams.set("v", release);
    } else {
      url.searchParams.delete("v");
    }
  }
  return url.href;
}

function keepInLinks() {
  document.querySelectorAll("a[href]:not([href^='#'], [data-release])").forEach((it) => {
    // It is not touched unless it has to be: an address is short on the page.
    if (chosen() || it.search) {
      it.setAttribute("href", kept(it.getAttribute("href")));
    }
  });
}

const LIVES = "[data-since], [data-deprecated], [data-removed]";

export function standingOf(it, release) {
  return standing(release, it.dataset.since, it.dataset.removed);
}

// Greys what a release did not have, and says so.
function mark(release) {
  document.querySelectorAll(".mark").forEach((it) => it.remove());
  let off = 0;
  document.querySelectorAll(LIVES).forEach((it) => {
    const stands = release ? standingOf(it, release) : "there";
    it.classList.toggle("not-there", stands !== "there");
    if (it.matches("main *") && stands !== "there") {
      off += 1;
    }
    it.classList.toggle("back", Boolean(release) && stands === "there" && it.dataset.removed !== undefined);
    const outer = it.parentElement.closest(".not-there");
    const isSaid = outer && outer.dataset.since === it.dataset.since && outer.dataset.removed === it.dataset.removed;
    if (stands !== "there" && !isSaid && !it.matches("tr.nested")) {
      label(it, release, stands);
    }
    ends(it, release);
  });
  document.querySelectorAll(".example").forEach((it) => {
    it.hidden = it.classList.contains("not-there");
  });
  return off;
}

function label(it, release, stands) {
  const text = stands === "later" ? `since ${it.dataset.since}` : `removed in ${it.dataset.removed}`;
  if (it.tagName === "ARTICLE") {
    const name = it.querySelector("h1").textContent;
    const came = stands === "later" ? `It came with ${it.dataset.since}.` : `It was removed in ${it.dataset.removed}.`;
    it.prepend(el("p", { class: "banner mark" }, `Release ${release} has no ${name}. ${came}`));
    return;
  }
  const place = it.querySelector(":scope > th, :scope > h3") || it;
  place.append(el("span", { class: "flag mark" }, el("span", { class: "unseen" }, `not in ${release}: `), text));
}

// What is said of the end of an element is no news yet in a release before.
function ends(it, release) {
  const isKnown = !release || standing(release, it.dataset.deprecated || it.dataset.removed) === "there";
  const isOwn = (part) => part.closest(LIVES) === it;
  [...it.querySelectorAll(".flag.gone, .flag.old, .badges .gone, .badges .old, .end, .warning")].filter(isOwn).forEach((part) => {
    const isGone = part.classList.contains("gone");
    const isBack = isGone && release && standingOf(it, release) === "there";
    part.hidden = Boolean(!isKnown || isBack);
    if (isBack && isKnown && it.dataset.deprecated) {
      part.after(el(part.localName, { class: `${part.className.replace("gone", "old")} mark` }, "deprecated"));
    }
  });
}

function apply(release) {
  const off = mark(release);
  const hidden = document.querySelectorAll(".example[hidden]").length;
  document.getElementById("examples-later")?.remove();
  if (hidden > 0) {
    const text = `${hidden === 1 ? "One example needs" : `${hidden} examples need`} another release than ${release}.`;
    document.querySelector(".example").before(el("p", { id: "examples-later", class: "empty" }, text));
  }
  if (document.querySelector(".example")) {
    showAnswers((row) => !release || standingOf(row, release) === "there");
  }
  keepInLinks();
  document.dispatchEvent(new CustomEvent("release", { detail: release }));
  return off;
}

// The release of a page of the past, which its name tells.
function past() {
  const [, release] = /@([\d.]+)\.html$/.exec(decodeURIComponent(location.pathname)) || [];
  return release;
}

// Explains a version in the address that is not a release.
function explain() {
  document.getElementById("not-a-release")?.remove();
  const { problem, release, nearest } = ofAddress();
  if (!problem) {
    return;
  }
  const url = new URL(location.href);
  url.searchParams.set("v", nearest);
  const text = release
    ? `${problem} This page shows ${release}, the release before it.`
    : `${problem} This page shows all releases. The nearest is `;
  const link = release ? undefined : el("a", { href: url.href, "data-release": nearest }, nearest);
  document.getElementById("main").prepend(el("p", { id: "not-a-release", class: "banner", role: "status" }, text, link, link && "."));
}

function choose(release) {
  const url = new URL(location.href);
  if (release) {
    url.searchParams.set("v", release);
  } else {
    url.searchParams.delete("v");
  }
  if (past()) {
    // The page of today knows all releases.
    url.pathname = url.pathname.replace(/(@|%40)[\d.]+\.html$/, ".html");
    location.assign(url);
    return;
  }
  try {
    history.replaceState(history.state, "", url);
  } catch {
    // Not in every browser, of a file.
    location.assign(url);
    return;
  }
  explain();
  const off = apply(release);
  say(release ? `As of release ${release}: ${off} elements of this page are not in it.` : "As of the newest release.");
}

onPage(() => {
  if (config.releases.length === 0) {
    return;
  }
  const options = [...config.releases].reverse().map((it) => el("option", { value: it }, it));
  const select = el("select", { "aria-label": "Release", class: "release", change: () => choose(select.value) },
    el("option", { value: "" }, "All releases"), ...options);
  select.value = past() || chosen() || "";
  document.getElementById("tools").prepend(select);
  if (!past()) {
    explain();
  }
  if (chosen() && !past()) {
    apply(chosen());
  } else {
    keepInLinks();
  }
});
