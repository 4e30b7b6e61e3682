// Sends requests of an operation to the node that serves the site.
import { NodeUnreachable, errorChain, fetchPage, follow, hasNode } from "./connection.mjs";
import { copyButton } from "./copy_buttons.mjs";
import { el, onPage, root } from "./dom.mjs";
import { Form, formatRequest } from "./form.mjs";
import { login, loginForm, loginStatus } from "./login.mjs";
import { Outcome } from "./outcome.mjs";
import { statusIn } from "./release.mjs";
import { curl } from "./request.mjs";
import { chosenRelease } from "./switcher.mjs";

const COMMAND = "cargo run --package zstack-node -- serve --sample";

// Whether a node may serve the site; it does not serve folders, nor sites on file
// servers.
function isServed() {
  return location.protocol.startsWith("http") && root().pathname.endsWith("/docs/");
}

function instructions() {
  return [
    el("p", {}, "Requests can be sent if a management node serves these pages. Start one:"),
    el("div", { class: "frame" }, el("pre", { tabindex: "0" }, el("code", {}, COMMAND)), copyButton("the command", () => COMMAND)),
    el("p", {}, "Then open ", el("code", {}, `http://127.0.0.1:8080/docs/operations/${document.body.dataset.operation}.html`), "."),
  ];
}

class Trial {
  constructor(place, operation) {
    this.place = place;
    this.operation = operation;
    this.release = chosenRelease();
    this.draw();
  }

  draw() {
    const { since, removed } = this.operation;
    if (this.release && statusIn(this.release, since, removed) !== "present") {
      this.place.replaceChildren(el("p", { class: "empty" }, `This operation is not in release ${this.release}.`));
      return;
    }
    this.form = new Form(this.operation, this.release);
    this.session = el("div");
    this.confirmation = this.operation.destructive ? el("input", { autocomplete: "off", spellcheck: "false", id: "try-confirm" }) : undefined;
    this.problem = el("p", { class: "problem", role: "alert" });
    this.requestText = el("code");
    this.outcome = el("div");
    const asText = () => curl(location.origin, this.form.request(), this.operation.needsSession);
    const preview = el("details", { toggle: () => this.preview() }, el("summary", {}, "Request preview"),
      el("div", { class: "frame" }, el("pre", { tabindex: "0", role: "group", "aria-label": "Request" }, this.requestText)));
    const element = el("form", { class: "trial", novalidate: true, submit: (event) => this.submit(event), input: () => this.preview() },
      this.form.element, preview);
    if (this.confirmation) {
      element.append(el("div", { class: "field confirm" },
        el("label", { for: "try-confirm" }, "This deletes or resets data. Type ", el("code", {}, this.operation.name), " to confirm"),
        this.confirmation));
    }
    element.append(this.problem, el("p", { class: "actions" }, el("button", { type: "submit", class: "send" }, "Send"), " ",
      copyButton("the request", () => this.text(asText), "Copy as curl")));
    this.place.replaceChildren(this.session, element, this.outcome);
    this.drawSession();
  }

  // A text to copy; empty, with a message, if it cannot be made.
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
    this.requestText.textContent = formatRequest(this.form.draft(), this.operation.needsSession);
  }

  drawSession(why = "Log in to send requests.", then = () => {}) {
    if (!this.operation.needsSession) {
      // Its parameters may name resources that need a session to list.
      if (login.session) {
        this.form.offerResources();
      }
      return undefined;
    }
    if (login.session) {
      this.session.replaceChildren(loginStatus(() => this.drawSession()));
      this.form.offerResources();
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
      this.drawSession("Log in first; the request is sent afterwards.", send)();
      return;
    }
    send();
  }

  request() {
    if (this.confirmation && this.confirmation.value.trim() !== this.operation.name) {
      this.problem.textContent = `Not sent: type ${this.operation.name} to confirm.`;
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
    this.running?.stop();
    const outcome = new Outcome();
    this.running = outcome;
    this.outcome.replaceChildren(outcome.element);
    this.requestText.textContent = formatRequest(request, this.operation.needsSession);
    try {
      const response = await follow(request, {
        session: this.operation.needsSession ? login.session : undefined,
        isJob: this.operation.execution === "asynchronous",
        signal: outcome.control.signal,
        report: (received) => outcome.report(received),
      });
      outcome.show(response, this.form);
      if (this.operation.needsSession && errorChain(response).some((error) => error.code === "ID.1001")) {
        login.session = undefined;
        this.drawSession("Session expired. Log in again to resend the request.", () => this.send(request))();
      }
      if (this.confirmation) {
        // The next request needs its own confirmation.
        this.confirmation.value = "";
      }
    } catch (error) {
      if (error.name === "AbortError") {
        outcome.fail("Stopped waiting. A job continues to run on the node.");
      } else if (error instanceof NodeUnreachable) {
        outcome.fail(`The node does not respond: it is down or unreachable (${error.message}).`, () => this.send(request));
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
  const inside = el("div", {}, el("p", { class: "empty" }, "Connecting to the node …"));
  place.replaceChildren(el("section", { class: "try", "aria-labelledby": "try-it" },
    el("h3", { id: "try-it" }, el("a", { href: "#try-it" }, "Try it")), inside));
  document.querySelector(".endpoint")?.append(el("p", {}, el("a", { href: "#try-it" }, "Try it")));
  if (!isServed() || !(await hasNode(root()))) {
    inside.replaceChildren(...instructions());
    return;
  }
  const url = new URL(location.href);
  const operation = await fetchPage(url.origin + url.pathname.replace(/\.html$/, ".json"));
  if (inside.isConnected && operation) {
    trial = new Trial(inside, operation);
  }
});

// Releases differ in their parameters.
document.addEventListener("release", () => {
  if (trial && trial.release !== chosenRelease()) {
    trial.release = chosenRelease();
    trial.draw();
  }
});
