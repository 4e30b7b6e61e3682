// An operation, tried out against the node that serves the site.
import { Down, described, errors, follow, isThere } from "./connection.mjs";
import { copyButton } from "./copy.mjs";
import { el, onPage, root } from "./dom.mjs";
import { Form, printed } from "./form.mjs";
import { loggedIn, login, loginForm } from "./login.mjs";
import { Outcome } from "./outcome.mjs";
import { standing } from "./release.mjs";
import { curl } from "./request.mjs";
import { chosen } from "./switcher.mjs";

const COMMAND = "cargo run --package zstack-node -- serve --sample";

// Where a node serves the site: the pages of a folder, or of a server of files,
// have nobody to ask.
function isServed() {
  return location.protocol.startsWith("http") && root().pathname.endsWith("/docs/");
}

function howTo() {
  return [
    el("p", {}, "These pages are not served by a management node, so there is nothing to send requests to. Run one:"),
    el("div", { class: "frame" }, el("pre", { tabindex: "0" }, el("code", {}, COMMAND)), copyButton("the command", () => COMMAND)),
    el("p", {}, "Then open ", el("code", {}, `http://127.0.0.1:8080/docs/operations/${document.body.dataset.operation}.html`), "."),
  ];
}

class Trial {
  constructor(place, operation) {
    this.place = place;
    this.operation = operation;
    this.release = chosen();
    this.draw();
  }

  draw() {
    const { since, removed } = this.operation;
    if (this.release && standing(this.release, since, removed) !== "there") {
      this.place.replaceChildren(el("p", { class: "empty" }, `Release ${this.release} has no such operation.`));
      return;
    }
    this.form = new Form(this.operation, this.release);
    this.session = el("div");
    this.confirmation = this.operation.destructive ? el("input", { autocomplete: "off", spellcheck: "false", id: "try-confirm" }) : undefined;
    this.problem = el("p", { class: "problem", role: "alert" });
    this.asked = el("code");
    this.outcome = el("div");
    const asText = () => curl(location.origin, this.form.request(), this.operation.needsSession);
    const preview = el("details", { toggle: () => this.preview() }, el("summary", {}, "The request as it travels"),
      el("div", { class: "frame" }, el("pre", { tabindex: "0", role: "group", "aria-label": "Request" }, this.asked)));
    const element = el("form", { class: "trial", novalidate: true, submit: (event) => this.submit(event), input: () => this.preview() },
      this.form.element, preview);
    if (this.confirmation) {
      element.append(el("div", { class: "field confirm" },
        el("label", { for: "try-confirm" }, "Something is gone or reset afterwards: type ", el("code", {}, this.operation.name), " to send it"),
        this.confirmation));
    }
    element.append(this.problem, el("p", { class: "actions" }, el("button", { type: "submit", class: "send" }, "Send"), " ",
      copyButton("as curl", () => this.text(asText), "Copy as curl")));
    this.place.replaceChildren(this.session, element, this.outcome);
    this.drawSession();
  }

  // A text to copy; where there is none, it is said why.
  text(make) {
    try {
      this.problem.textContent = "";
      return make();
    } catch (error) {
      this.problem.textContent = `${error.message}.`;
      return "";
    }
  }

  preview() {
    this.asked.textContent = printed(this.form.draft(), this.operation.needsSession);
  }

  drawSession(why = "Log in to send requests.", then = () => {}) {
    if (!this.operation.needsSession) {
      // It may be about a session all the same.
      if (login.session) {
        this.form.offer();
      }
      return undefined;
    }
    if (login.session) {
      this.session.replaceChildren(loggedIn(() => this.drawSession()));
      this.form.offer();
      return undefined;
    }
    const { form, focus } = loginForm(why, () => {
      this.drawSession();
      then();
    });
    this.session.replaceChildren(form);
    return focus;
  }

  submit(event) {
    event.preventDefault();
    const send = () => {
      const request = this.request();
      if (request) {
        this.send(request);
      }
    };
    if (this.operation.needsSession && !login.session) {
      this.drawSession("Log in first; then it is sent.", send)();
      return;
    }
    send();
  }

  request() {
    if (this.confirmation && this.confirmation.value.trim() !== this.operation.name) {
      this.problem.textContent = `Nothing was sent: type ${this.operation.name} to confirm it.`;
      this.confirmation.focus();
      return undefined;
    }
    try {
      this.problem.textContent = "";
      return this.form.request();
    } catch (error) {
      this.problem.textContent = `${error.message}.`;
      return undefined;
    }
  }

  async send(request) {
    this.running?.stopped();
    const outcome = new Outcome();
    this.running = outcome;
    this.outcome.replaceChildren(outcome.element);
    this.asked.textContent = printed(request, this.operation.needsSession);
    try {
      const answer = await follow(request, {
        session: this.operation.needsSession ? login.session : undefined,
        isJob: this.operation.execution === "asynchronous",
        signal: outcome.control.signal,
        tell: (it) => outcome.tell(it),
      });
      outcome.show(answer, this.form);
      if (this.operation.needsSession && errors(answer).some((it) => it.code === "ID.1001")) {
        login.session = undefined;
        this.drawSession("The session is over. Log in again, and the same request is sent again.", () => this.send(request))();
      }
      if (this.confirmation) {
        // The next one is confirmed on its own.
        this.confirmation.value = "";
      }
    } catch (error) {
      if (error.name === "AbortError") {
        outcome.fail("Nobody waits any more. A job goes on all the same.");
      } else if (error instanceof Down) {
        outcome.fail(`The node does not answer: it is down, or cannot be reached from here (${error.message}).`, () => this.send(request));
      } else {
        throw error;
      }
    }
  }
}

let trial;

onPage(async () => {
  trial = undefined;
  const place = document.getElementById("try");
  const name = document.body.dataset.operation;
  if (!place || !name) {
    return;
  }
  const inside = el("div", {}, el("p", { class: "empty" }, "Looking for a node …"));
  place.replaceChildren(el("section", { class: "try", "aria-labelledby": "try-it" },
    el("h3", { id: "try-it" }, el("a", { href: "#try-it" }, "Try it")), inside));
  document.querySelector(".endpoint")?.append(el("p", {}, el("a", { href: "#try-it" }, "Try it")));
  if (!isServed() || !(await isThere(root()))) {
    inside.replaceChildren(...howTo());
    return;
  }
  const url = new URL(location.href);
  const operation = await described(url.origin + url.pathname.replace(/\.html$/, ".json"));
  if (inside.isConnected && operation) {
    trial = new Trial(inside, operation);
  }
});

// Another release has other parameters.
document.addEventListener("release", () => {
  if (trial && trial.release !== chosen()) {
    trial.release = chosen();
    trial.draw();
  }
});
