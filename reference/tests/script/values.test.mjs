import assert from "node:assert/strict";
import { test } from "node:test";

import { print, tree } from "../../assets/script/json.mjs";
import { control, fill, hint, read } from "../../assets/script/values.mjs";

test("each type has a kind of form field", () => {
  for (const [type, values, expected] of [
    ["String", undefined, "text"],
    ["VmInstanceState", [{ value: "Running" }], "text"],
    ["Boolean", undefined, "boolean"],
    ["Long", undefined, "number"],
    ["List<String>", undefined, "list"],
    ["List<VmInstanceState>", [{ value: "Running" }], "list"],
    ["List<VmNicInventory>", undefined, "json"],
    ["Map<String,String>", undefined, "json"],
    ["List<List<String>>", undefined, "json"],
    ["Any", undefined, "json"],
  ]) {
    assert.equal(control({ type, values }), expected, type);
  }
});

test("a field of the form is read as a value", () => {
  for (const [type, text, expected] of [
    ["String", "", undefined],
    ["String", " a ", '" a "'],
    ["String", "12", '"12"'],
    ["Long", "9223372036854775807", "9223372036854775807"],
    ["Integer", "many", '"many"'],
    ["Integer", "007", '"007"'],
    ["Boolean", "true", "true"],
    ["List<String>", "a\n\n b \n", '[\n  "a",\n  "b"\n]'],
    ["List<String>", "\n", undefined],
    ["List<Integer>", "1\n2", "[\n  1,\n  2\n]"],
    ["Map<String,String>", '{"a": "b"}', '{\n  "a": "b"\n}'],
    ["Map<String,String>", "  ", undefined],
  ]) {
    const value = read({ type }, text);
    assert.equal(value && print(value), expected, `${type} ${text}`);
  }
  assert.throws(() => read({ type: "Any" }, "{"), SyntaxError);
});

test("the text of a field is read as the same value", () => {
  for (const [type, value] of [
    ["String", "a \"b\""],
    ["Long", 4],
    ["Boolean", false],
    ["List<String>", ["a", "b"]],
    ["Map<String,String>", { a: "b", c: "d" }],
    ["List<VmNicInventory>", [{ uuid: "a", deviceId: 0 }, {}]],
    ["Any", null],
  ]) {
    const back = read({ type }, fill({ type }, tree(value)));
    assert.deepEqual(back && JSON.parse(print(back)), value ?? undefined, type);
  }
});

test("hints name likely mistakes", () => {
  const known = [{ value: "Enabled" }];
  for (const [parameter, text, expected] of [
    [{ type: "String", required: true }, " ", /Required/],
    [{ type: "String" }, "", undefined],
    [{ type: "Integer" }, "x", /Not a number/],
    [{ type: "Integer" }, "-5", undefined],
    [{ type: "Uuid" }, "36c27e8f-f05c-4780-bf6d-2fa65700f22e", /hyphens/],
    [{ type: "Uuid" }, "36c27e8ff05c4780bf6d2fa65700f22e", undefined],
    [{ type: "String", values: known }, "Enabeld", /known values/],
    [{ type: "String", values: known }, "Enabled", undefined],
    [{ type: "Any" }, "{", /Invalid JSON/],
  ]) {
    const said = hint(parameter, text);
    expected ? assert.match(said, expected) : assert.equal(said, undefined);
  }
});
