import assert from "node:assert/strict";
import { test } from "node:test";

import { stem, wordsOf } from "../../assets/script/descriptions.mjs";
import { Index } from "../../assets/script/index.mjs";
import { hasOneTypo, match, prepare } from "../../assets/script/match.mjs";
import { QUERIES } from "./queries.mjs";
import { read, searchIndex } from "./site.mjs";

const index = new Index(searchIndex());

test("queries find the expected element first", (context) => {
  const wrong = [];
  for (const [query, kind, ...names] of QUERIES) {
    const [first] = index.find(query).found;
    if (!first || first.kind !== kind || !names.includes(first.name)) {
      wrong.push(`${query}: ${first ? `${first.kind} ${first.name}` : "nothing"}, not ${kind} ${names}`);
    }
  }
  wrong.forEach((it) => context.diagnostic(it));
  assert.ok(QUERIES.length >= 60);
  assert.ok(wrong.length === 0, wrong.join("\n"));
});

test("every result is a place on the site", () => {
  const anchors = new Map();
  const has = (path, anchor) => {
    if (!anchors.has(path)) {
      anchors.set(path, new Set([...read(path).matchAll(/ id="([^"]*)"/g)].map(([, id]) => id)));
    }
    return anchor === undefined || anchors.get(path).has(anchor);
  };
  let count = 0;
  for (const it of [...index.entries, ...index.routes]) {
    const places = it.owners ? it.owners.map((owner) => `${owner.page}#${it.anchor}`) : [it.href];
    for (const place of places) {
      const [path, anchor] = place.split("#");
      assert.ok(has(path, anchor), `${it.kind} ${it.name}: ${place} is not there`);
      count += 1;
    }
  }
  assert.ok(count > 300, `${count} places`);
});

test("the matched letters of a name", () => {
  const name = prepare("AttachIsoToVmInstance");
  const at = (word) => match(word, name)?.at;
  assert.deepEqual(at("attachisotovminstance"), [[0, 21]]);
  assert.deepEqual(at("attach"), [[0, 6]]);
  assert.deepEqual(at("iso"), [[6, 9]]);
  assert.deepEqual(at("aitv"), [[0, 1], [6, 7], [9, 10], [11, 12]]);
  assert.deepEqual(at("attvm"), [[0, 3], [11, 13]]);
  assert.deepEqual(at("stance"), [[15, 21]]);
  assert.deepEqual(at("atach"), []);
  for (const word of ["x", "aitx", "vmiso", "attackers", "aaaa"]) {
    assert.equal(at(word), undefined, word);
  }
});

test("exact matches score best, then prefixes, words, initials, substrings and typos", () => {
  const scores = ["attachisotovminstance", "attach", "iso", "aitv", "stance", "atach"].map((it) => match(it, prepare("AttachIsoToVmInstance")).score);
  assert.deepEqual(scores, [...scores].sort((a, b) => b - a));
});

test("words have the expected stem", () => {
  for (const [expected, ...words] of [
    ["attach", "attach", "attaches", "attached", "attaching"],
    ["stop", "stop", "stops", "stopped", "stopping"],
    ["delet", "delete", "deletes", "deleted", "deleting"],
    ["queri", "query", "queries"],
    ["pass", "passed", "passing"],
    ["iso", "iso", "isos"],
    ["512", "512"],
    ["vm", "vm"],
  ]) {
    assert.deepEqual(words.map(stem), words.map(() => expected));
  }
});

test("a query is split into words like the descriptions", () => {
  // The same text as in the test of `descriptions.rs`.
  const words = wordsOf("Puts the ISO into a CD-ROM drive (see `sizeOf`), 512 bytes. \u00c9te\u0301!");
  assert.deepEqual(words, ["puts", "the", "iso", "into", "cd", "rom", "drive", "see", "sizeof", "512", "bytes", "\u00e9te"]);
});

test("a result found by its description has every word of the query", () => {
  const found = index.find("extend session").found.filter((it) => it.isDescribed);
  assert.ok(found.length > 0);
  assert.ok(found.every((it) => it.kind !== "value"));
  assert.equal(index.find("extend xyzzyplugh").total, 0);
  // Ignored words do not matter.
  assert.equal(index.find("extend the session").total, index.find("extend session").total);
});

// The edit distance with swaps, by its definition.
function distance(a, b) {
  const rows = Array.from({ length: a.length + 1 }, (_, i) => Array.from({ length: b.length + 1 }, (__, j) => i || j ? i + j : 0));
  for (let i = 1; i <= a.length; i += 1) {
    for (let j = 1; j <= b.length; j += 1) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      rows[i][j] = Math.min(rows[i - 1][j] + 1, rows[i][j - 1] + 1, rows[i - 1][j - 1] + cost);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        rows[i][j] = Math.min(rows[i][j], rows[i - 2][j - 2] + 1);
      }
    }
  }
  return rows[a.length][b.length];
}

test("one typo is a distance of one", () => {
  const texts = [""];
  for (let from = 0; from < texts.length && texts[from].length < 5; from += 1) {
    texts.push(...["a", "b"].map((letter) => texts[from] + letter));
  }
  for (const a of texts) {
    for (const b of texts.filter((it) => it !== a)) {
      assert.equal(hasOneTypo(a, b, 0, true), distance(a, b) === 1, `${a} ${b}`);
    }
  }
});

test("any text is a valid query", () => {
  for (const query of ["hot-plug a vm", "-", "a - b", "/ -x", "GET -", "::", ".", "..", "\\", "[", "%", "\u00e9-\u00e8 a", "x".repeat(500)]) {
    assert.ok(index.find(query).total >= 0, query);
  }
});

test("blank and unknown queries find nothing", () => {
  for (const query of ["", "   ", "xyzzyplugh", "/no/such/path", "\u202e"]) {
    assert.equal(index.find(query).total, 0, query);
  }
});
