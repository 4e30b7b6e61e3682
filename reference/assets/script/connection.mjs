// Requests to the node and its responses.
import { member, parse, scalar } from "./json.mjs";
import { request } from "./request.mjs";

// The node does not respond at all.
export class NodeUnreachable extends Error {}

const pages = new Map();

// The JSON of an operation's page; undefined if there is no such page.
export async function fetchPage(url) {
  if (!pages.has(url)) {
    const response = await fetch(url);
    if (!response.ok) {
      return undefined;
    }
    pages.set(url, await response.json());
  }
  return pages.get(url);
}

// Sends a request and reads the response, with the time that it took.
export async function exchange({ method, target, body }, { session, headers = {}, signal } = {}) {
  const all = { Accept: "application/json", ...headers };
  if (session) {
    all.Authorization = `OAuth ${session}`;
  }
  if (body !== undefined) {
    all["Content-Type"] = "application/json";
  }
  const start = performance.now();
  try {
    const response = await fetch(target, { method, body, headers: all, signal, cache: "no-store", credentials: "omit" });
    const text = await response.text();
    return { status: response.status, headers: [...response.headers], text, tree: parseTree(text), took: performance.now() - start };
  } catch (error) {
    throw error.name === "AbortError" ? error : new NodeUnreachable(error.message);
  }
}

function parseTree(text) {
  try {
    return parse(text);
  } catch {
    // Refused requests get plain text.
    return undefined;
  }
}

// The URL to poll the job of a response. The node names its own address; the
// page uses the one at which it reached the node.
export function jobUrl(response) {
  const location = response.status === 202 && response.tree && scalar(member(response.tree, "location"));
  if (!location) {
    return undefined;
  }
  const url = new URL(location, document.location.href);
  return url.pathname + url.search;
}

// An error and its causes, outermost first.
export function errorChain(response) {
  const chain = [];
  let error = response.tree && member(response.tree, "error");
  while (error && error.members && chain.length < 20) {
    const outer = error;
    const text = (name) => scalar(member(outer, name));
    chain.push({ code: text("code"), description: text("description"), details: text("details") });
    error = member(error, "cause");
  }
  return chain;
}

// Resolves after a time in milliseconds; rejects when the signal aborts.
function pause(time, signal) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, time);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      reject(new DOMException("stopped", "AbortError"));
    }, { once: true });
  });
}

// Sends a request and polls its job until it ends; `report` gets each response.
export async function follow(sent, { session, isJob, signal, report }) {
  const headers = isJob ? { Prefer: "respond-async" } : {};
  let response = await exchange(sent, { session, headers, signal });
  report(response);
  const job = jobUrl(response);
  for (let wait = 250; job && response.status === 202; wait = Math.min(wait * 1.5, 3000)) {
    await pause(wait, signal);
    response = await exchange({ method: "GET", target: job }, { session, signal });
    report(response);
  }
  return response;
}

// Whether a node serves this site.
export async function hasNode(root) {
  try {
    const ready = await fetchPage(new URL("operations/IsReadyToGo.json", root).href);
    const response = ready && await exchange(request(ready, {}));
    return Boolean(response && response.status === 200 && response.tree);
  } catch {
    return false;
  }
}
