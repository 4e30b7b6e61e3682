// Requests to the node. The session is kept only here, and ends with the page.

import { request } from "./requests.mjs";

/** No response, or one that does not come from a node. */
export class Unreachable extends Error {}

/** An unsuccessful response. `error` is the node's error, if it has one. */
export class Refused extends Error {
  constructor(status, text) {
    const error = parseJson(text)?.error;
    super(error ? `${error.code}: ${error.details ?? error.description}` : `${status}: ${text.trim()}`);
    this.status = status;
    this.text = text;
    this.error = error;
  }

  get isSessionExpired() {
    return this.error?.code === "ID.1001";
  }
}

/** The timeout of one request in milliseconds. */
const TIMEOUT = 15_000;

/** The first and the longest pause between polls of a job, in milliseconds. */
const FIRST_PAUSE = 60;
const LONGEST_PAUSE = 1_000;

function parseJson(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");

export class Node {
  #session = null;

  /** `fetch`, `now`, `sleep` and `crypto` default to the browser's; tests replace them. */
  constructor({ fetch, now, sleep, crypto } = {}) {
    this.fetch = fetch ?? globalThis.fetch.bind(globalThis);
    this.now = now ?? (() => performance.now());
    this.sleep = sleep ?? ((time) => new Promise((wake) => setTimeout(wake, time)));
    this.crypto = crypto ?? globalThis.crypto;
  }

  get session() {
    return this.#session;
  }

  /** Whether passwords can be hashed: browsers allow it only in secure contexts. */
  get canHash() {
    return this.crypto?.subtle !== undefined;
  }

  async logIn(account, password) {
    const digest = await this.crypto.subtle.digest("SHA-512", new TextEncoder().encode(password));
    const hash = hex(new Uint8Array(digest));
    const { inventory } = await this.fetchResult("LogInByAccount", { account, hash });
    this.#session = inventory.uuid;
  }

  async logOut() {
    const session = this.#session;
    this.#session = null;
    await this.fetchResult("LogOut", { session });
  }

  /** The result of a synchronous operation. */
  async fetchResult(operation, parameters) {
    return this.#json(request(operation, parameters));
  }

  async fetchJobs() {
    return (await this.#json({ method: "GET", path: "/_dashboard/jobs" })).jobs;
  }

  /**
   * Calls an operation as a job, and polls the job until it ends. `report` is
   * called with the call after each change. Failures are in the call; this never
   * throws.
   */
  async call(operation, parameters, report = () => {}) {
    const job = hex(this.crypto.getRandomValues(new Uint8Array(16)));
    const start = this.now();
    const call = { job, request: request(operation, parameters), state: "sending", steps: [], took: 0 };
    const addStep = (what, response) => {
      call.took = this.now() - start;
      call.steps.push({ what, status: response.status, at: call.took });
      call.response = response;
      report(call);
    };
    report(call);
    try {
      let response = await this.#send(call.request, { "X-Job-UUID": job });
      addStep("request", response);
      let pause = FIRST_PAUSE;
      while (response.status === 202) {
        call.state = "processing";
        report(call);
        await this.sleep(pause);
        pause = Math.min(pause * 1.5, LONGEST_PAUSE);
        response = await this.#poll(job);
        addStep("poll", response);
      }
      call.failure = response.status === 200 ? undefined : new Refused(response.status, response.text);
      call.state = call.failure ? "failed" : "done";
    } catch (failure) {
      call.took = this.now() - start;
      call.failure = failure;
      call.state = "lost";
    }
    report(call);
    return call;
  }

  /** Polls a job, and retries while the node is briefly unreachable. */
  async #poll(job) {
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
    const body = parseJson(text);
    if (body === undefined) {
      throw new Unreachable("the response is not JSON");
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
        signal: AbortSignal.timeout(TIMEOUT),
      });
      return { status: response.status, text: await response.text() };
    } catch (failure) {
      throw new Unreachable(failure.message, { cause: failure });
    }
  }
}
