import assert from "node:assert/strict";
import { test } from "node:test";

import { patch } from "../../pages/patch.mjs";

/** As much of an element as a list of children needs; it counts what is moved. */
class Parent {
  children = [];
  moves = 0;
  ownerDocument = { activeElement: null };

  get firstElementChild() {
    return this.children[0] ?? null;
  }

  contains(element) {
    return this.children.includes(element);
  }

  insertBefore(element, next) {
    this.moves += 1;
    const { ownerDocument } = this;
    if (this.contains(element)) {
      this.children.splice(this.children.indexOf(element), 1);
      if (ownerDocument.activeElement === element) {
        ownerDocument.activeElement = null;
      }
    }
    this.children.splice(next ? this.children.indexOf(next) : this.children.length, 0, element);
    element.parent = this;
  }
}

class Element {
  dataset = {};

  get nextElementSibling() {
    return this.parent.children[this.parent.children.indexOf(this) + 1] ?? null;
  }

  remove() {
    this.parent.children.splice(this.parent.children.indexOf(this), 1);
  }

  focus() {
    this.parent.ownerDocument.activeElement = this;
  }
}

function show(parent, words) {
  parent.moves = 0;
  const fresh = [];
  patch(parent, [...words], {
    key: (it) => it.toLowerCase(),
    create: () => new Element(),
    update(element, item, isNew) {
      element.text = item;
      if (isNew) {
        fresh.push(item);
      }
    },
  });
  assert.equal(parent.children.map((it) => it.text).join(""), words);
  return fresh.join("");
}

test("what stays is the same element, and only what is new is new", () => {
  const parent = new Parent();
  assert.equal(show(parent, "abc"), "abc");
  const [a, b, c] = parent.children;
  assert.equal(show(parent, "ABC"), "");
  assert.deepEqual([parent.children, parent.moves], [[a, b, c], 0]);
  assert.equal(show(parent, "xac"), "x");
  assert.equal(parent.moves, 1);
  assert.equal(parent.children[1], a);
  assert.equal(show(parent, ""), "");
});

test("any list becomes any other", () => {
  const words = ["", "a", "ab", "ba", "abcd", "dcba", "bd", "xaybzc", "cab"];
  for (const from of words) {
    for (const to of words) {
      const parent = new Parent();
      show(parent, from);
      show(parent, to);
    }
  }
});

test("what is moved keeps the focus", () => {
  const parent = new Parent();
  show(parent, "abc");
  const [, , c] = parent.children;
  c.focus();
  show(parent, "cab");
  assert.equal(parent.ownerDocument.activeElement, c);
  show(parent, "ab");
  assert.notEqual(parent.children.includes(c), true);
});
