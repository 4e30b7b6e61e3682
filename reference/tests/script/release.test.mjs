import assert from "node:assert/strict";
import { test } from "node:test";

import { compareVersions, resolveRelease, statusIn } from "../../assets/script/release.mjs";

test("versions are compared as numbers", () => {
  for (const [a, b, order] of [
    ["3.3", "3.3.0", 0],
    ["3.10.0", "3.9.0", 1],
    ["0.6", "2.2", -1],
    ["4.1.2", "4.1", 1],
    ["2.3.2.1", "2.3.2", 1],
  ]) {
    assert.equal(compareVersions(a, b), order, `${a} ${b}`);
    assert.equal(compareVersions(b, a) + order, 0, `${b} ${a}`);
  }
});

test("the status of an element in a release", () => {
  for (const [release, since, removed, expected] of [
    ["3.0.0", "3.3.0", undefined, "later"],
    ["3.3.0", "3.3.0", undefined, "present"],
    ["3.3.0", "3.3", "4.0", "present"],
    ["4.0", "3.3.0", "4.0", "removed"],
    ["5.0", "3.3.0", "4.0", "removed"],
    ["3.0.0", undefined, undefined, "present"],
    ["3.0.0", undefined, "2.0", "removed"],
    [undefined, "3.3.0", undefined, "present"],
    [undefined, "3.3.0", "4.0", "removed"],
  ]) {
    assert.equal(statusIn(release, since, removed), expected, `${release} ${since} ${removed}`);
  }
});

test("a version in the address means a release or explains why not", () => {
  const releases = ["0.6", "2.2", "3.1.0", "3.10.0"];
  for (const [asked, release, nearest, said] of [
    [undefined, undefined, undefined, undefined],
    ["", undefined, undefined, undefined],
    ["3.1.0", "3.1.0", undefined, undefined],
    // The same version, written differently.
    ["3.1", "3.1.0", undefined, undefined],
    ["2.2.0.0", "2.2", undefined, undefined],
    ["3.0.0", "2.2", "2.2", /^3\.0\.0 is not a release\.$/],
    ["3.9.9", "3.1.0", "3.1.0", /not a release/],
    ["9.9", undefined, "3.10.0", /not a release: the newest one is 3\.10\.0/],
    ["3.10.0.1", undefined, "3.10.0", /newest/],
    ["0.5", undefined, "0.6", /the first one is 0\.6/],
    ["0", undefined, "0.6", /first/],
    ["v3.1.0", undefined, "3.10.0", /a number such as 3\.10\.0/],
    ["3.x", undefined, "3.10.0", /a number/],
    ["3..1", undefined, "3.10.0", /a number/],
    ["3.1.0.0.0", undefined, "3.10.0", /a number/],
    ["70000", undefined, "3.10.0", /a number/],
    ["-1", undefined, "3.10.0", /a number/],
    ["<b>", undefined, "3.10.0", /^<b> is not/],
  ]) {
    const found = resolveRelease(asked, releases);
    assert.deepEqual([found.release, found.nearest], [release, nearest], asked);
    said ? assert.match(found.problem, said) : assert.equal(found.problem, undefined, asked);
  }
  assert.deepEqual(resolveRelease("3.1.0", []), {});
});
