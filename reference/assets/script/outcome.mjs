// What came of a request, as it comes.
import { show } from "./answers.mjs";
import { copyButton } from "./copy.mjs";
import { errors, jobOf } from "./connection.mjs";
import { button, el, say } from "./dom.mjs";

const MEANINGS = {
  200: "Done.",
  400: "The request cannot be read.",
  403: "The signature is refused.",
  404: "There is no such thing.",
  405: "It is another method.",
  408: "The request took too long to arrive.",
  413: "The request is too large.",
  503: "It was refused, or failed.",
};

function time(took) {
  return took < 1000 ? `${Math.max(1, Math.round(took))} ms` : `${(took / 1000).toFixed(1)} s`;
}

export class Outcome {
  constructor() {
    this.steps = el("ol", { class: "steps" });
    this.stop = button("Stop waiting", "copy", () => this.stopped());
    this.result = el("div", { class: "result" });
    this.element = el("div", { class: "outcome" }, this.steps, this.stop, this.result);
    this.control = new AbortController();
    this.start = performance.now();
    this.polls = 0;
  }

  stopped() {
    this.control.abort();
  }

  step(status, text) {
    const isBad = status >= 400;
    const it = el("li", {},
      status && el("b", { class: isBad ? "status bad" : "status" }, String(status)), " ", el("span", {}, text),
      " ", el("small", {}, `after ${time(performance.now() - this.start)}`));
    this.steps.append(it);
    return it;
  }

  // An answer on the way: polls that say "not yet" share a line.
  tell(answer) {
    const job = jobOf(answer);
    if (job) {
      this.step(202, `Accepted as the job ${job.split("/").at(-1)}.`);
      return;
    }
    if (answer.status === 202) {
      this.polls += 1;
      this.running?.remove();
      this.running = this.step(202, this.polls === 1 ? "Asked once: it runs." : `Asked ${this.polls} times: it runs.`);
      return;
    }
    this.step(answer.status, MEANINGS[answer.status] || "");
  }

  ended() {
    this.stop.remove();
  }

  // The last answer, whole.
  show(answer, form) {
    this.ended();
    const chain = errors(answer);
    const parts = [];
    if (chain.length > 0) {
      parts.push(errorBox(chain, form.blame(chain)));
    } else if (answer.status >= 400) {
      parts.push(el("div", { class: "error" }, el("p", {}, answer.text || "There is no text in the answer.")));
    }
    const code = el("code");
    if (answer.tree) {
      show(code, answer.tree);
    } else {
      code.textContent = answer.text;
    }
    const head = answer.headers.map(([name, value]) => `${name}: ${value}`).join("\n");
    parts.push(
      framedCode("Answer", code, () => answer.text),
      el("details", {}, el("summary", {}, `${answer.headers.length} headers`), framedCode("Headers", el("code", {}, head), () => head)));
    this.result.replaceChildren(...parts);
    say(chain.length > 0 ? `Refused: ${chain[0].code}` : `Answered: ${answer.status}`);
  }

  // There is no answer to show.
  fail(text, again) {
    this.ended();
    const box = el("div", { class: "error", role: "alert" }, el("p", {}, text));
    if (again) {
      box.append(button("Send it again", "copy", again));
    }
    this.result.replaceChildren(box);
  }
}

function framedCode(what, code, text) {
  return el("div", { class: "frame" }, el("pre", { tabindex: "0", role: "group", "aria-label": what }, code), copyButton(what.toLowerCase(), text));
}

function errorBox(chain, blamed) {
  const one = (it, nth) => {
    const anchor = document.getElementById(`error-${it.code}`);
    const code = el("code", {}, it.code || "no code");
    return el("div", {},
      el("p", {}, nth > 0 ? "Caused by " : "", anchor ? el("a", { href: `#${anchor.id}` }, code) : code, ` ${it.description || ""}`),
      it.details ? el("p", { class: "details" }, it.details) : "");
  };
  const box = el("div", { class: "error" }, ...chain.map(one));
  if (blamed.length > 0) {
    const links = blamed.flatMap((name, nth) => [nth > 0 ? ", " : "", el("a", { href: `#try-${name}` }, el("code", {}, name))]);
    box.append(el("p", { class: "note" }, "It speaks of ", ...links, "."));
  }
  return box;
}
