// The requests that the form makes are those that the generator says a client
// sends, which the tests of the node know to be accepted.
import assert from "node:assert/strict";
import { test } from "node:test";

import { cut, parse, print, tree } from "../../assets/script/json.mjs";
import { statusIn } from "../../assets/script/release.mjs";
import { curl, missing, request } from "../../assets/script/request.mjs";
import { fill, read } from "../../assets/script/values.mjs";
import { operations, read as file } from "./site.mjs";

// The values that the form reads after it was filled in.
function throughForm(operation, parameters) {
  const given = Object.fromEntries(tree(parameters).members);
  const all = [...operation.parameters, ...(operation.standardParameters || [])];
  const values = all.map((it) => [it.name, read(it, fill(it, given[it.name]))]);
  return Object.fromEntries(values.filter(([, value]) => value !== undefined));
}

test("the form reproduces the request of every example", () => {
  let count = 0;
  for (const operation of operations()) {
    for (const example of operation.examples) {
      const name = `${operation.page}: ${example.name}`;
      const values = throughForm(operation, example.parameters);
      const { method, target, body } = request(operation, values);
      assert.equal(method, example.request.method, name);
      assert.equal(target, example.request.target, name);
      assert.equal(body, example.request.body, name);
      count += 1;
    }
  }
  assert.ok(count > 100, `${count} examples`);
});

test("every form begins with a successful example", () => {
  // Older releases may have no example that applies.
  for (const operation of operations().filter((it) => !it.asOf)) {
    const example = operation.examples.find((it) => it.status < 400);
    assert.ok(example, `${operation.page} has no example that succeeds`);
    assert.deepEqual(missing(operation, throughForm(operation, example.parameters)), [], operation.page);
  }
});

test("the responses of a release are the current ones, cut", () => {
  let count = 0;
  for (const was of operations().filter((it) => it.asOf)) {
    const name = was.name;
    const today = JSON.parse(file(`operations/${name}.json`));
    const rows = new Map([...file(`operations/${name}.html`).matchAll(/<tr id="response-([^"]*)"([^>]*)>/g)].map(([, path, life]) => {
      const version = (of) => new RegExp(`data-${of}="([^"]*)"`).exec(life)?.[1];
      return [path, [version("since"), version("removed")]];
    }));
    const isThere = (path) => !rows.has(path) || statusIn(was.asOf, ...rows.get(path)) === "present";
    // A generated example depends on the release.
    for (const example of was.examples.filter((it) => !it.generated)) {
      const now = today.examples.find((it) => it.name === example.name);
      assert.equal(print(cut(parse(now.response), isThere)), example.response, `${was.page}: ${example.name}`);
      count += 1;
    }
  }
  assert.ok(count > 20, `${count} examples`);
});

const operation = (text) => ({ body: { key: "params", selects: false }, paths: ["/a"], method: "POST", parameters: [], ...text });

test("the values choose the path", () => {
  const it = operation({ method: "GET", paths: ["/a", "/a/{uuid}"], parameters: [{ name: "uuid", in: "path" }, { name: "x", in: "query" }] });
  const target = (values) => request(it, Object.fromEntries(tree(values).members)).target;
  assert.equal(target({}), "/a");
  assert.equal(target({ uuid: "a/b c(1)", x: ["1", "2&3"] }), "/a/a%2Fb%20c%281%29?x=1&x=2%263");
  assert.equal(target({ x: { k: "v", n: null } }), "/a?x.k=v");
  assert.deepEqual(missing(operation({ paths: ["/a/{uuid}"] }), {}), ["uuid"]);
});

test("the body has its key, and the tags next to it", () => {
  const parameters = [{ name: "name", in: "body" }, { name: "systemTags", in: "top level" }];
  for (const [body, values, expected] of [
    [{ key: "params" }, {}, { params: {} }],
    [{ key: "params" }, { name: "a", systemTags: [] }, { params: { name: "a" } }],
    [{ key: "null" }, {}, undefined],
    [{ key: "null" }, { systemTags: ["t"] }, { systemTags: ["t"] }],
    [{ key: "null" }, { name: "a", systemTags: ["t"] }, { null: { name: "a" }, systemTags: ["t"] }],
    [{ key: "startVm", selects: true }, {}, { startVm: {} }],
    [undefined, {}, undefined],
  ]) {
    const sent = request(operation({ body, parameters }), Object.fromEntries(tree(values).members));
    assert.deepEqual(sent.body && JSON.parse(sent.body), expected);
  }
});

test("large numbers keep all digits", () => {
  const it = operation({ parameters: [{ name: "size", type: "Long", in: "body" }] });
  const values = { size: read(it.parameters[0], "9223372036854775807") };
  assert.equal(request(it, values).body, '{\n  "params": {\n    "size": 9223372036854775807\n  }\n}');
  assert.equal(print(values.size), "9223372036854775807");
});

test("a curl command quotes the request for a shell", () => {
  assert.equal(
    curl("http://h", { method: "POST", target: "/a", body: "it's" }, true),
    "curl \\\n  -X POST \\\n  'http://h/a' \\\n  -H \"Authorization: OAuth $SESSION\" \\\n  -H 'Content-Type: application/json' \\\n  -d 'it'\\''s'\n",
  );
  assert.equal(curl("http://h", { method: "GET", target: "/a?b=$(c)" }, false), "curl \\\n  'http://h/a?b=$(c)'\n");
});
