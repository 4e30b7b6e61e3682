import assert from "node:assert/strict";
import { test } from "node:test";

import { cut, member, parse, print, scalar, tree } from "../../assets/script/json.mjs";

test("values are printed as they were read", () => {
  for (const text of [
    "9223372036854775807",
    '"\\u0041 \\"x\\" </script>"',
    "-1.50e+3",
    "null",
    "{}",
    "[]",
    '{\n  "a": 1.0,\n  "b": [\n    true,\n    {\n      "c": null\n    }\n  ]\n}',
  ]) {
    assert.equal(print(parse(text)), text);
  }
});

test("accepts the same texts as JSON.parse", () => {
  const texts = [
    "", " ", "{", "[1,]", "{\"a\"}", "{\"a\":}", "{a:1}", "[1 2]", "1 2", "01", "1.2.3", "-", "tru", "\"", "\"\\x\"", "\"\n\"", "[,]",
    " [1 , 2 ] ", "{ \"a\" : { } }", "\"\\ud800\"", "1e5", "-0", "[[[]]]", "{\"a\":1,\"a\":2}", "nullx", "[1}", "NaN", "+1",
  ];
  for (const text of texts) {
    let is = true;
    try {
      JSON.parse(text);
    } catch {
      is = false;
    }
    if (is) {
      assert.deepEqual(JSON.parse(print(parse(text))), JSON.parse(text), text);
    } else {
      assert.throws(() => parse(text), SyntaxError, text);
    }
  }
});

test("errors name the position", () => {
  assert.throws(() => parse('{"a": 1 "b": 2}'), /expected , or } at character 8/);
  assert.throws(() => parse("[1, 2]]"), /unexpected text after the end, at character 7/);
});

test("members are found, and can be cut", () => {
  const it = tree({ error: { code: "SYS.1006", cause: null }, list: [{ a: 1, b: 2 }, { b: 3 }] });
  assert.equal(scalar(member(member(it, "error"), "code")), "SYS.1006");
  assert.equal(member(member(it, "error"), "cause"), undefined);
  assert.equal(member(it, "nothing"), undefined);
  const left = cut(it, (path) => path !== "list.b" && path !== "error");
  assert.deepEqual(JSON.parse(print(left)), { list: [{ a: 1 }, {}] });
});
