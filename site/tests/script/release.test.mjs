import assert from "node:assert/strict";
import { test } from "node:test";

import { compare, standing } from "../../assets/script/release.mjs";

test("versions are compared as numbers", () => {
  for (const [a, b, order] of [
    ["3.3", "3.3.0", 0],
    ["3.10.0", "3.9.0", 1],
    ["0.6", "2.2", -1],
    ["4.1.2", "4.1", 1],
    ["2.3.2.1", "2.3.2", 1],
  ]) {
    assert.equal(compare(a, b), order, `${a} ${b}`);
    assert.equal(compare(b, a) + order, 0, `${b} ${a}`);
  }
});

test("where an element stands in a release", () => {
  for (const [release, since, removed, expected] of [
    ["3.0.0", "3.3.0", undefined, "later"],
    ["3.3.0", "3.3.0", undefined, "there"],
    ["3.3.0", "3.3", "4.0", "there"],
    ["4.0", "3.3.0", "4.0", "gone"],
    ["5.0", "3.3.0", "4.0", "gone"],
    ["3.0.0", undefined, undefined, "there"],
    ["3.0.0", undefined, "2.0", "gone"],
    [undefined, "3.3.0", undefined, "there"],
    [undefined, "3.3.0", "4.0", "gone"],
  ]) {
    assert.equal(standing(release, since, removed), expected, `${release} ${since} ${removed}`);
  }
});
