// The log of calls: requests, responses and durations.

import { $, attribute, copy, element, field, fill, make, part, show } from "./elements.mjs";
import { curl } from "./requests.mjs";
import { chain, clock, docs, duration, pretty } from "./format.mjs";

/** The most calls in the log. */
const LIMIT = 50;

const WORDS = {
  sending: ["sending", "warn"],
  processing: ["processing", "warn"],
  done: ["done", "good"],
  failed: ["failed", "bad"],
  lost: ["no response", "bad"],
};

/** Adds an entry, and returns a function that updates it with the state of its call. */
export function addLogEntry(about) {
  const item = make("call-template");
  const begun = clock(Date.now());
  let call;
  part(item, "copy").addEventListener("click", (event) => copy(event.currentTarget, curl(location.origin, call.request)));
  const list = $("call-list");
  list.prepend(item);
  while (list.children.length > LIMIT) {
    list.lastElementChild.remove();
  }
  show($("no-call"), false);
  return (next) => {
    call = next;
    update(item, call, about, begun);
  };
}

function update(item, call, about, begun) {
  const { operation } = call.request;
  const [word, tone] = WORDS[call.state];
  const polls = call.steps.length - 1;
  item.dataset.operation = operation;
  item.dataset.state = call.state;
  fill(item, {
    operation,
    about,
    state: word,
    summary: [begun, duration(call.took), polls > 0 ? `${polls} ${polls === 1 ? "poll" : "polls"}` : ""]
      .filter(Boolean)
      .join(" · "),
    request: requestText(call),
    status: call.response ? String(call.response.status) : "",
    response: call.response ? pretty(call.response.text) : (call.failure?.message ?? "none yet"),
  }, true);
  attribute(field(item, "operation"), "href", docs.operation(operation));
  attribute(field(item, "state"), "data-tone", tone);
  show(part(item, "progress"), call.state === "sending" || call.state === "processing");
  part(item, "timeline").replaceChildren(
    ...call.steps.map((step) => element("li", "", `${step.what}: ${step.status}, after ${duration(step.at)}`)),
  );
  part(item, "chain").replaceChildren(...describeProblems(call));
}

function requestText({ job, request: { method, path, body } }) {
  const head = `${method} ${path}\nAuthorization: OAuth …\nX-Job-UUID: ${job}`;
  return body === undefined ? head : `${head}\n\n${JSON.stringify(body, null, 2)}`;
}

/** The error and its causes; without an error of the node, the problem. */
function describeProblems({ failure }) {
  if (!failure) {
    return [];
  }
  if (!failure.error) {
    return [element("li", "", failure.message)];
  }
  return chain(failure.error).map((error) => {
    const item = document.createElement("li");
    const code = element("a", "error-code", error.code);
    code.href = docs.error(error.code);
    item.append(code, " ", element("strong", "", error.description ?? ""));
    if (error.details) {
      item.append(element("span", "details", error.details));
    }
    return item;
  });
}
