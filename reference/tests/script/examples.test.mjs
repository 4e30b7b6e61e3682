// After a login, no value of an example names a resource.
import assert from "node:assert/strict";
import { test } from "node:test";

import { replacement } from "../../assets/script/examples.mjs";
import { tree } from "../../assets/script/json.mjs";
import { fill } from "../../assets/script/values.mjs";
import { operations } from "./site.mjs";

const [EXAMPLE, ONE, OTHER] = ["b1105c5dd00f323d99aa182dee237628", "d".repeat(32), "e".repeat(32)];
const login = { session: "1".repeat(32), accountUuid: "2".repeat(32), userUuid: "3".repeat(32) };

test("values of an example are replaced by resources of the node", () => {
  const uuid = { name: "vmInstanceUuid", type: "String", required: true };
  const list = { name: "q", type: "List<String>" };
  for (const [parameter, text, usable, isSafe, expected] of [
    // One of several is chosen only for read-only operations.
    [uuid, EXAMPLE, [ONE, OTHER], true, ONE],
    [uuid, EXAMPLE, [ONE, OTHER], false, ""],
    [uuid, EXAMPLE, [ONE], false, ONE],
    [uuid, EXAMPLE, [], false, ""],
    // The node has this resource.
    [uuid, ONE, [OTHER, ONE], false, ONE],
    [{ ...uuid, required: false }, EXAMPLE, [ONE], true, ""],
    // Its name ends with `Uuid`.
    [uuid, "not-a-uuid", [], true, ""],
    [{ name: "sessionUuid", type: "Uuid", required: true }, EXAMPLE, [], false, login.session],
    [{ name: "accountUuid", type: "String", required: true }, EXAMPLE, [], false, login.accountUuid],
    [{ name: "userUuid", type: "String", required: true }, EXAMPLE, [], false, login.userUuid],
    [{ name: "name", type: "String", required: true }, "cd-1", [], false, "cd-1"],
    [list, `vmInstanceUuid=${EXAMPLE}\nisoUuid is null`, [], true, "isoUuid is null"],
    [{ name: "systemTags", type: "List<String>" }, `cdromUuid::${EXAMPLE}`, [`cdromUuid::${ONE}`], false, ""],
    [{ name: "parts", type: "Map<String,Any>" }, `{"uuid": "${EXAMPLE}"}`, [], false, ""],
  ]) {
    assert.equal(replacement(parameter, text, { usable, isSafe, login }), expected, `${parameter.name} ${text} ${usable}`);
  }
});

test("no form keeps a UUID of an example", () => {
  let count = 0;
  for (const operation of operations()) {
    const example = operation.examples.find((it) => it.status < 400);
    for (const [name, value] of example ? tree(example.parameters).members : []) {
      const parameter = [...operation.parameters, ...(operation.standardParameters || [])].find((it) => it.name === name);
      const left = replacement(parameter, fill(parameter, value), { usable: [], isSafe: true, login: {} });
      assert.doesNotMatch(left, /[0-9a-z]{32}/, `${operation.page}: ${name}`);
      count += 1;
    }
  }
  assert.ok(count > 30, `${count} values`);
});
