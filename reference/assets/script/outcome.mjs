// Shows the progress and the result of a request.
import { show } from "./responses.mjs";
import { copyButton } from "./copy_buttons.mjs";
import { errorChain, jobUrl } from "./connection.mjs";
import { announce, button, el } from "./dom.mjs";

const MEANINGS = {
  200: "Done.",
  400: "Malformed request.",
  403: "Signature rejected.",
  404: "Not found.",
  405: "Method not allowed.",
  408: "The request took too long to arrive.",
  413: "Request too large.",
  503: "Refused or failed.",
};

function formatTime(took) {
  return took < 1000 ? `${Math.max(1, Math.round(took))} ms` : `${(took / 1000).toFixed(1)} s`;
}

export class Outcome {
  constructor() {
    this.steps = el("ol", { class: "steps" });
    this.stopButton = button("Stop waiting", "copy", () => this.stop());
    this.result = el("div", { class: "result" });
    this.element = el("div", { class: "outcome" }, this.steps, this.stopButton, this.result);
    this.control = new AbortController();
    this.start = performance.now();
    this.polls = 0;
  }

  stop() {
    this.control.abort();
  }

  addStep(status, text) {
    const step = el("li", {},
      el("b", { class: status >= 400 ? "status bad" : "status" }, String(status)), " ", el("span", {}, text),
      " ", el("small", {}, `after ${formatTime(performance.now() - this.start)}`));
    this.steps.append(step);
    return step;
  }

  // Adds a response as a step; polls of a running job share one line.
  report(response) {
    const job = jobUrl(response);
    if (job) {
      this.addStep(202, `Accepted as job ${job.split("/").at(-1)}.`);
      return;
    }
    if (response.status === 202) {
      this.polls += 1;
      this.running?.remove();
      this.running = this.addStep(202, `Still running (${this.polls} ${this.polls === 1 ? "poll" : "polls"}).`);
      return;
    }
    this.addStep(response.status, MEANINGS[response.status] || "");
  }

  // Shows the last response, whole.
  show(response, form) {
    this.stopButton.remove();
    const chain = errorChain(response);
    const parts = [];
    if (chain.length > 0) {
      parts.push(errorBox(chain, form.markMentioned(chain)));
    } else if (response.status >= 400) {
      parts.push(el("div", { class: "error" }, el("p", {}, response.text || "The response is empty.")));
    }
    const code = el("code");
    if (response.tree) {
      show(code, response.tree);
    } else {
      code.textContent = response.text;
    }
    const head = response.headers.map(([name, value]) => `${name}: ${value}`).join("\n");
    parts.push(
      framedCode("Response", code, () => response.text),
      el("details", {}, el("summary", {}, `${response.headers.length} headers`), framedCode("Headers", el("code", {}, head), () => head)));
    this.result.replaceChildren(...parts);
    announce(chain.length > 0 ? `Error: ${chain[0].code}` : `Response: ${response.status}`);
  }

  // Shows a problem in place of a response; `retry` sends the request again.
  fail(text, retry) {
    this.stopButton.remove();
    const box = el("div", { class: "error", role: "alert" }, el("p", {}, text));
    if (retry) {
      box.append(button("Send again", "copy", retry));
    }
    this.result.replaceChildren(box);
  }
}

function framedCode(what, code, text) {
  return el("div", { class: "frame" }, el("pre", { tabindex: "0", role: "group", "aria-label": what }, code), copyButton(what.toLowerCase(), text));
}

function errorBox(chain, mentioned) {
  const describe = (error, index) => {
    const anchor = document.getElementById(`error-${error.code}`);
    const code = el("code", {}, error.code || "no code");
    return el("div", {},
      el("p", {}, index > 0 ? "Caused by " : "", anchor ? el("a", { href: `#${anchor.id}` }, code) : code, ` ${error.description || ""}`),
      error.details ? el("p", { class: "details" }, error.details) : "");
  };
  const box = el("div", { class: "error" }, ...chain.map(describe));
  if (mentioned.length > 0) {
    const links = mentioned.flatMap((name, index) => [index > 0 ? ", " : "", el("a", { href: `#try-${name}` }, el("code", {}, name))]);
    box.append(el("p", { class: "note" }, "Mentions ", ...links, "."));
  }
  return box;
}
