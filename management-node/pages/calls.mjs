// The log of calls: what was sent, what came back, how long it took.

import { $, attribute, copy, element, field, fill, make, part, show } from "./elements.mjs";
import { curl } from "./requests.mjs";
import { chain, clock, docs, duration, pretty } from "./text.mjs";

/** How many calls the log keeps. */
const MOST = 50;

const WORDS = {
  sending: ["sending", "warn"],
  processing: ["processing", "warn"],
  done: ["done", "good"],
  failed: ["refused", "bad"],
  lost: ["no answer", "bad"],
};

/** Adds an entry; the function that is returned shows what is new to its call. */
export function log(about) {
  const it = make("call-template");
  const begun = clock(Date.now());
  let call;
  part(it, "copy").addEventListener("click", (event) => copy(event.currentTarget, curl(location.origin, call.request)));
  const list = $("call-list");
  list.prepend(it);
  while (list.children.length > MOST) {
    list.lastElementChild.remove();
  }
  show($("no-call"), false);
  return (next) => {
    call = next;
    update(it, call, about, begun);
  };
}

function update(it, call, about, begun) {
  const { operation } = call.request;
  const [word, tone] = WORDS[call.state];
  const polls = call.steps.length - 1;
  it.dataset.operation = operation;
  it.dataset.state = call.state;
  fill(it, {
    operation,
    about,
    state: word,
    summary: [begun, duration(call.took), polls > 0 ? `${polls} ${polls === 1 ? "poll" : "polls"}` : ""]
      .filter(Boolean)
      .join(" · "),
    request: requestText(call),
    status: call.answer ? String(call.answer.status) : "",
    answer: call.answer ? pretty(call.answer.text) : (call.failure?.message ?? "none yet"),
  }, true);
  attribute(field(it, "operation"), "href", docs.operation(operation));
  attribute(field(it, "state"), "data-tone", tone);
  show(part(it, "progress"), call.state === "sending" || call.state === "processing");
  part(it, "course").replaceChildren(
    ...call.steps.map((step) => element("li", "", `${step.what}: ${step.status}, after ${duration(step.at)}`)),
  );
  part(it, "chain").replaceChildren(...problems(call));
}

function requestText({ job, request: { method, path, body } }) {
  const head = `${method} ${path}\nAuthorization: OAuth …\nX-Job-UUID: ${job}`;
  return body === undefined ? head : `${head}\n\n${JSON.stringify(body, null, 2)}`;
}

/** The error and its causes, or what went wrong where the node told none. */
function problems({ failure }) {
  if (!failure) {
    return [];
  }
  if (!failure.error) {
    return [element("li", "", failure.message)];
  }
  return chain(failure.error).map((error) => {
    const it = document.createElement("li");
    const code = element("a", "error-code", error.code);
    code.href = docs.error(error.code);
    it.append(code, " ", element("strong", "", error.description ?? ""));
    if (error.details) {
      it.append(element("span", "details", error.details));
    }
    return it;
  });
}
