// Talks to the node. The session is kept here and nowhere else: it is gone
// with the page.

import { request } from "./requests.mjs";

/** No answer, or one that no node gives. */
export class Unreachable extends Error {}

/** An answer that is no success. `error` is the node's, if it told one. */
export class Refused extends Error {
  constructor(status, text) {
    const error = parsed(text)?.error;
    super(error ? `${error.code}: ${error.details ?? error.description}` : `${status}: ${text.trim()}`);
    this.status = status;
    this.text = text;
    this.error = error;
  }

  get isSessionOver() {
    return this.error?.code === "ID.1001";
  }
}

/** How long the node may take to answer one request. */
const PATIENCE = 15_000;

/** How long to wait before a job is looked at again: at first, and at most. */
const FIRST_PAUSE = 60;
const LONGEST_PAUSE = 1_000;

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const hex = (bytes) => Array.from(bytes, (it) => it.toString(16).padStart(2, "0")).join("");

export class Node {
  #session = null;

  /** `fetch`, `now`, `sleep` and `crypto` are the browser's, unless a test has others. */
  constructor({ fetch, now, sleep, crypto } = {}) {
    this.fetch = fetch ?? globalThis.fetch.bind(globalThis);
    this.now = now ?? (() => performance.now());
    this.sleep = sleep ?? ((time) => new Promise((wake) => setTimeout(wake, time)));
    this.crypto = crypto ?? globalThis.crypto;
  }

  get session() {
    return this.#session;
  }

  /** Whether passwords can be hashed: browsers do so only where nobody listens. */
  get canHash() {
    return this.crypto?.subtle !== undefined;
  }

  async logIn(account, password) {
    const digest = await this.crypto.subtle.digest("SHA-512", new TextEncoder().encode(password));
    const hash = hex(new Uint8Array(digest));
    const { inventory } = await this.ask("LogInByAccount", { account, hash });
    this.#session = inventory.uuid;
  }

  async logOut() {
    const session = this.#session;
    this.#session = null;
    await this.ask("LogOut", { session });
  }

  /** What an operation answers that is over at once. */
  async ask(operation, parameters) {
    return this.#json(request(operation, parameters));
  }

  async jobs() {
    return (await this.#json({ method: "GET", path: "/_dashboard/jobs" })).jobs;
  }

  /**
   * Does a long operation, and follows its job to the end. `tell` is called
   * with the call whenever there is something new to it; the call says how it
   * ended. It never throws.
   */
  async call(operation, parameters, tell = () => {}) {
    const job = hex(this.crypto.getRandomValues(new Uint8Array(16)));
    const begun = this.now();
    const call = { job, request: request(operation, parameters), state: "sending", steps: [], took: 0 };
    const step = (what, answer) => {
      call.took = this.now() - begun;
      call.steps.push({ what, status: answer.status, at: call.took });
      call.answer = answer;
      tell(call);
    };
    tell(call);
    try {
      let answer = await this.#send(call.request, { "X-Job-UUID": job });
      step("called", answer);
      let pause = FIRST_PAUSE;
      while (answer.status === 202) {
        call.state = "processing";
        tell(call);
        await this.sleep(pause);
        pause = Math.min(pause * 1.5, LONGEST_PAUSE);
        answer = await this.#look(job);
        step("looked at the job", answer);
      }
      call.failure = answer.status === 200 ? undefined : new Refused(answer.status, answer.text);
      call.state = call.failure ? "failed" : "done";
    } catch (failure) {
      call.took = this.now() - begun;
      call.failure = failure;
      call.state = "lost";
    }
    tell(call);
    return call;
  }

  /** The job goes on while the node cannot be reached for a moment. */
  async #look(job) {
    for (let tries = 0; ; tries += 1) {
      try {
        return await this.#send({ method: "GET", path: `/zstack/v1/api-jobs/${job}` });
      } catch (failure) {
        if (tries === 4) {
          throw failure;
        }
        await this.sleep(LONGEST_PAUSE);
      }
    }
  }

  async #json(request) {
    const { status, text } = await this.#send(request);
    if (status !== 200) {
      throw new Refused(status, text);
    }
    const body = parsed(text);
    if (body === undefined) {
      throw new Unreachable("the answer is no JSON");
    }
    return body;
  }

  async #send({ method, path, body }, headers = {}) {
    const all = { ...headers };
    if (this.#session) {
      all.Authorization = `OAuth ${this.#session}`;
    }
    if (body !== undefined) {
      all["Content-Type"] = "application/json";
    }
    try {
      const response = await this.fetch(path, {
        method,
        headers: all,
        body: body === undefined ? undefined : JSON.stringify(body),
        cache: "no-store",
        credentials: "omit",
        signal: AbortSignal.timeout(PATIENCE),
      });
      return { status: response.status, text: await response.text() };
    } catch (failure) {
      throw new Unreachable(failure.message, { cause: failure });
    }
  }
}
