import assert from "node:assert/strict";
import { webcrypto } from "node:crypto";
import { test } from "node:test";

import { Node, Refused, Unreachable } from "../../pages/node.mjs";
import { chain, duration, pretty, short, size } from "../../pages/format.mjs";

/** A node with these responses, in order; a string is a network error. */
function node(...answers) {
  const sent = [];
  const fetch = async (path, { method, headers, body }) => {
    sent.push({ path, method, headers, body });
    const answer = answers.shift();
    if (typeof answer === "string") {
      throw new TypeError(answer);
    }
    const [status, json] = answer;
    return { status, text: async () => (typeof json === "string" ? json : JSON.stringify(json)) };
  };
  let time = 0;
  const sleep = async (pause) => {
    time += pause;
  };
  const it = new Node({ fetch, sleep, now: () => time, crypto: webcrypto });
  return { it, sent };
}

const error = { code: "SYS.1006", description: "failed", details: "why", cause: { code: "VM.1010" } };

test("a password is sent as its SHA-512, and later requests carry the session", async () => {
  const { it, sent } = node([200, { inventory: { uuid: "s1" } }], [200, { inventories: [] }]);
  await it.logIn("admin", "password");
  const { accountName, password } = JSON.parse(sent[0].body).logInByAccount;
  assert.equal(accountName, "admin");
  assert.match(password, /^b109f3bbbc244eb8[0-9a-f]{112}$/);
  await it.fetchResult("QueryImage", {});
  assert.equal(sent[1].headers.Authorization, "OAuth s1");
});

test("without a secure context passwords cannot be hashed", () => {
  assert.equal(new Node({ fetch: () => {}, crypto: { getRandomValues: () => {} } }).canHash, false);
});

test("a job is polled until it ends", async () => {
  const { it, sent } = node([202, {}], [202, {}], "reset", [200, { inventory: {} }]);
  const states = [];
  const call = await it.call("StopVmInstance", { vm: "v" }, ({ state }) => states.push(state));
  assert.equal(call.state, "done");
  assert.deepEqual(call.steps.map((step) => step.status), [202, 202, 200]);
  assert.match(call.job, /^[0-9a-f]{32}$/);
  assert.equal(sent[0].headers["X-Job-UUID"], call.job);
  assert.equal(sent[1].path, `/zstack/v1/api-jobs/${call.job}`);
  assert.ok(states.includes("processing") && states.at(-1) === "done");
});

test("an error of the node is in the failure", async () => {
  const { it } = node([202, {}], [503, { error }]);
  const call = await it.call("StopVmInstance", { vm: "v" });
  assert.equal(call.state, "failed");
  assert.deepEqual(chain(call.failure.error).map((it) => it.code), ["SYS.1006", "VM.1010"]);
  assert.equal(call.failure.message, "SYS.1006: why");
  assert.ok(!call.failure.isSessionExpired);
  assert.ok(new Refused(503, '{"error":{"code":"ID.1001"}}').isSessionExpired);
});

test("other failures have no error of the node", async () => {
  for (const [status, text] of [[400, "no such parameter"], [502, "<html>"]]) {
    const { it } = node([status, text]);
    const call = await it.call("StopVmInstance", { vm: "v" });
    assert.equal(call.state, "failed");
    assert.equal(call.failure.error, undefined);
    assert.match(call.failure.message, new RegExp(`${status}: ${text}`));
  }
  const { it } = node("connection refused");
  const lost = await it.call("StopVmInstance", { vm: "v" });
  assert.equal(lost.state, "lost");
  assert.ok(lost.failure instanceof Unreachable);
  await assert.rejects(node([200, "<html>"]).it.fetchJobs(), Unreachable);
});

test("values are formatted for people", () => {
  assert.deepEqual([0, 1023, 734003200, 21474836480].map(size), ["0 B", "1023 B", "700 MiB", "20 GiB"]);
  assert.equal(size(undefined), "");
  assert.deepEqual([-1, 12.4, 1500, 120_000].map(duration), ["0 ms", "12 ms", "1.5 s", "2 min"]);
  assert.equal(short("d0000000000040008000000000000001"), "d00000…000001");
  assert.equal(pretty("no json"), "no json");
  const endless = { code: "a" };
  endless.cause = endless;
  assert.equal(chain(endless).length, 20);
});
