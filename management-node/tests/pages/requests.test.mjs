import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { test } from "node:test";

import { curl, request } from "../../pages/requests.mjs";

test("what is put into a path or a query stays within it", () => {
  const { path } = request("AttachIsoToVmInstance", { vm: "a/b?c", iso: "../x#y" });
  assert.equal(path, "/zstack/v1/vm-instances/a%2Fb%3Fc/iso/..%2Fx%23y");
  const query = new URL(request("QueryVmInstance", { nameFilter: "a&limit=9%", limit: 5 }).path, "http://h").searchParams;
  assert.deepEqual([...query], [["q", "name~=%a&limit=9%%"], ["limit", "5"], ["replyWithCount", "true"]]);
  assert.equal(request("DetachIsoFromVmInstance", { vm: "v" }).path, "/zstack/v1/vm-instances/v/iso");
});

test("a system tag next to the key of the body names the drive", () => {
  assert.deepEqual(request("AttachIsoToVmInstance", { vm: "v", iso: "i", drive: "d" }).body, {
    null: {},
    systemTags: ["cdromUuid::d"],
  });
});

test("a shell parses a command as intended", () => {
  const body = { params: { name: `it's "$HOME" \`id\` \\ ü` } };
  const command = curl("http://h", { method: "POST", path: "/a'b", body });
  const script = `curl() { printf '%s\\0' "$@"; }; SESSION=abc; ${command}`;
  const words = execFileSync("sh", ["-c", script], { encoding: "utf8" }).split("\0").slice(0, -1);
  assert.deepEqual(words, [
    "-X", "POST", "http://h/a'b", "-H", "Authorization: OAuth abc",
    "-H", "Content-Type: application/json", "-d", JSON.stringify(body),
  ]);
  assert.ok(!curl("http://h", { method: "GET", path: "/" }).includes("-d"));
});
