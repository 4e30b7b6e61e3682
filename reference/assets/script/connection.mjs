// What is said to the node, and what it answers.
import { member, parse, scalar } from "./json.mjs";
import { request } from "./request.mjs";

// The node does not answer at all.
export class Down extends Error {}

const pages = new Map();

// What the page of an operation says, for programs; none where there is no such
// page.
export async function described(url) {
  if (!pages.has(url)) {
    const answer = await fetch(url);
    if (!answer.ok) {
      return undefined;
    }
    pages.set(url, await answer.json());
  }
  return pages.get(url);
}

// Sends a request and reads the answer, with how long that took.
export async function ask({ method, target, body }, { session, headers = {}, signal } = {}) {
  const all = { Accept: "application/json", ...headers };
  if (session) {
    all.Authorization = `OAuth ${session}`;
  }
  if (body !== undefined) {
    all["Content-Type"] = "application/json";
  }
  const start = performance.now();
  try {
    const answer = await fetch(target, { method, body, headers: all, signal, cache: "no-store", credentials: "omit" });
    const text = await answer.text();
    return { status: answer.status, headers: [...answer.headers], text, tree: treeOf(text), took: performance.now() - start };
  } catch (error) {
    throw error.name === "AbortError" ? error : new Down(error.message);
  }
}

function treeOf(text) {
  try {
    return parse(text);
  } catch {
    // A refusal is told as text.
    return undefined;
  }
}

// Where the job of an answer is asked for. The node says where it thinks that
// it is; we ask where we found it.
export function jobOf(answer) {
  const location = answer.status === 202 && answer.tree && scalar(member(answer.tree, "location"));
  if (!location) {
    return undefined;
  }
  const url = new URL(location, document.location.href);
  return url.pathname + url.search;
}

// The chain of an error: it, its cause, the cause of that.
export function errors(answer) {
  const chain = [];
  let it = answer.tree && member(answer.tree, "error");
  while (it && it.members && chain.length < 20) {
    const text = (name) => scalar(member(it, name));
    chain.push({ code: text("code"), description: text("description"), details: text("details") });
    it = member(it, "cause");
  }
  return chain;
}

// Resolved after a while, or rejected when there is no more waiting.
function pause(time, signal) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, time);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      reject(new DOMException("stopped", "AbortError"));
    }, { once: true });
  });
}

// Sends a request and follows its job to the end; `tell` hears of each answer.
export async function follow(asked, { session, isJob, signal, tell }) {
  const headers = isJob ? { Prefer: "respond-async" } : {};
  let answer = await ask(asked, { session, headers, signal });
  tell(answer);
  const job = jobOf(answer);
  for (let wait = 250; job && answer.status === 202; wait = Math.min(wait * 1.5, 3000)) {
    await pause(wait, signal);
    answer = await ask({ method: "GET", target: job }, { session, signal });
    tell(answer);
  }
  return answer;
}

// Whether a node stands behind this site.
export async function isThere(root) {
  try {
    const ready = await described(new URL("operations/IsReadyToGo.json", root).href);
    const answer = ready && await ask(request(ready, {}));
    return Boolean(answer && answer.status === 200 && answer.tree);
  } catch {
    return false;
  }
}
