// The release as of which the site is read. It is part of the address and of every
// link, so it lasts for a visit and can be shared.
import { config } from "./config.mjs";
import { showResponses } from "./responses.mjs";
import { announce, el, onPage, root } from "./dom.mjs";
import { resolveRelease, statusIn } from "./release.mjs";

let resolved = {};

// The release in the address, resolved once per address.
function resolveAddress() {
  if (resolved.search !== location.search) {
    resolved = { search: location.search, ...resolveRelease(new URLSearchParams(location.search).get("v")?.trim(), config.releases) };
  }
  return resolved;
}

// The chosen release; undefined for all releases.
export function chosenRelease() {
  return resolveAddress().release;
}

// An address of this site, with the chosen release in it.
export function withRelease(href) {
  const url = new URL(href, location.href);
  const isOurs = url.href.startsWith(root().href) && url.pathname.endsWith(".html");
  if (isOurs) {
    const release = chosenRelease();
    if (release) {
      url.searchParams.set("v", release);
    } else {
      url.searchParams.delete("v");
    }
  }
  return url.href;
}

function updateLinks() {
  document.querySelectorAll("a[href]:not([href^='#'], [data-release])").forEach((link) => {
    // Links without a release keep their short addresses.
    if (chosenRelease() || link.search) {
      link.setAttribute("href", withRelease(link.getAttribute("href")));
    }
  });
}

const WITH_LIFECYCLE = "[data-since], [data-deprecated], [data-removed]";

function elementStatus(element, release) {
  return statusIn(release, element.dataset.since, element.dataset.removed);
}

// Marks the elements that a release does not have, and returns their number.
function markAbsent(release) {
  document.querySelectorAll(".mark").forEach((mark) => mark.remove());
  let absent = 0;
  document.querySelectorAll(WITH_LIFECYCLE).forEach((element) => {
    const status = release ? elementStatus(element, release) : "present";
    element.classList.toggle("not-there", status !== "present");
    if (element.matches("main *") && status !== "present") {
      absent += 1;
    }
    element.classList.toggle("back", Boolean(release) && status === "present" && element.dataset.removed !== undefined);
    const outer = element.parentElement.closest(".not-there");
    const isLabelled = outer && outer.dataset.since === element.dataset.since && outer.dataset.removed === element.dataset.removed;
    if (status !== "present" && !isLabelled && !element.matches("tr.nested")) {
      addLabel(element, release, status);
    }
    updateNotices(element, release);
  });
  document.querySelectorAll(".example").forEach((example) => {
    example.hidden = example.classList.contains("not-there");
  });
  return absent;
}

function addLabel(element, release, status) {
  const { since, removed } = element.dataset;
  if (element.tagName === "ARTICLE") {
    const name = element.querySelector("h1").textContent;
    const change = status === "later" ? `added in ${since}` : `removed in ${removed}`;
    element.prepend(el("p", { class: "banner mark" }, `${name} is not in release ${release}; it was ${change}.`));
    return;
  }
  const text = status === "later" ? `since ${since}` : `removed in ${removed}`;
  const place = element.querySelector(":scope > th, :scope > h3") || element;
  place.append(el("span", { class: "flag mark" }, el("span", { class: "unseen" }, `not in ${release}: `), text));
}

// Hides the notices of deprecation and removal in releases before them.
function updateNotices(element, release) {
  const isKnown = !release || statusIn(release, element.dataset.deprecated || element.dataset.removed) === "present";
  const isOwn = (part) => part.closest(WITH_LIFECYCLE) === element;
  [...element.querySelectorAll(".flag.removed, .flag.deprecated, .badges .removed, .badges .deprecated, .end, .warning")].filter(isOwn).forEach((part) => {
    const isRemoval = part.classList.contains("removed");
    const isPresent = isRemoval && release && elementStatus(element, release) === "present";
    part.hidden = Boolean(!isKnown || isPresent);
    if (isPresent && isKnown && element.dataset.deprecated) {
      part.after(el(part.localName, { class: `${part.className.replace("removed", "deprecated")} mark` }, "deprecated"));
    }
  });
}

function apply(release) {
  const absent = markAbsent(release);
  const hidden = document.querySelectorAll(".example[hidden]").length;
  document.getElementById("examples-later")?.remove();
  if (hidden > 0) {
    const text = `${hidden === 1 ? "1 example does" : `${hidden} examples do`} not apply to release ${release}.`;
    document.querySelector(".example").before(el("p", { id: "examples-later", class: "empty" }, text));
  }
  if (document.querySelector(".example")) {
    showResponses((row) => !release || elementStatus(row, release) === "present");
  }
  updateLinks();
  document.dispatchEvent(new CustomEvent("release", { detail: release }));
  return absent;
}

// The release in the name of a page of an older release.
function pageRelease() {
  const [, release] = /@([\d.]+)\.html$/.exec(decodeURIComponent(location.pathname)) || [];
  return release;
}

// Explains a version in the address that is not a release.
function explain() {
  document.getElementById("not-a-release")?.remove();
  const { problem, release, nearest } = resolveAddress();
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
  if (pageRelease()) {
    // Only the current page has all releases.
    url.pathname = url.pathname.replace(/(@|%40)[\d.]+\.html$/, ".html");
    location.assign(url);
    return;
  }
  try {
    history.replaceState(history.state, "", url);
  } catch {
    // Some browsers do not allow it for files.
    location.assign(url);
    return;
  }
  explain();
  const absent = apply(release);
  announce(release ? `Release ${release}: ${absent} elements on this page are not in it.` : "All releases.");
}

onPage(() => {
  if (config.releases.length === 0) {
    return;
  }
  const options = [...config.releases].reverse().map((release) => el("option", { value: release }, release));
  const select = el("select", { "aria-label": "Release", class: "release", change: () => choose(select.value) },
    el("option", { value: "" }, "All releases"), ...options);
  select.value = pageRelease() || chosenRelease() || "";
  document.getElementById("tools").prepend(select);
  if (!pageRelease()) {
    explain();
  }
  if (chosenRelease() && !pageRelease()) {
    apply(chosenRelease());
  } else {
    updateLinks();
  }
});
