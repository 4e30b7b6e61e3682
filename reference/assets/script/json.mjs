// JSON that stays what it is: numbers keep their digits, which JavaScript
// would round, and members their order.

// Reads a text. Objects are {members: [[name, value], …]}, arrays are
// {items: […]}, and all else is {raw: "as written"}.
export function parse(text) {
  const token = /\s*(?:([{}[\],:])|("(?:[^"\\\u0000-\u001f]|\\.)*")|(-?\d[\d.eE+-]*|true|false|null))/y;
  const end = /\s*$/y;
  let at = 0;
  const peek = () => {
    token.lastIndex = at;
    const found = token.exec(text);
    if (!found) {
      throw new SyntaxError(`no JSON at character ${at + 1}`);
    }
    return found;
  };
  const next = () => {
    const found = peek();
    at = token.lastIndex;
    return found;
  };
  const expect = (mark) => {
    const from = at;
    if (next()[1] !== mark) {
      throw new SyntaxError(`a ${mark} is missing at character ${from + 1}`);
    }
  };
  // The parts between two marks, with commas between them.
  const list = (close, part) => {
    const parts = [];
    if (peek()[1] === close) {
      next();
      return parts;
    }
    for (;;) {
      parts.push(part());
      const from = at;
      const mark = next()[1];
      if (mark === close) {
        return parts;
      }
      if (mark !== ",") {
        throw new SyntaxError(`a , or ${close} is missing at character ${from + 1}`);
      }
    }
  };
  const member = () => {
    const from = at;
    const name = next()[2];
    if (name === undefined) {
      throw new SyntaxError(`a name in quotes is missing at character ${from + 1}`);
    }
    expect(":");
    return [JSON.parse(name), value()];
  };
  const value = () => {
    const from = at;
    const [, mark, string, plain] = next();
    if (mark === "{") {
      return { members: list("}", member) };
    }
    if (mark === "[") {
      return { items: list("]", value) };
    }
    const raw = string || plain;
    if (raw === undefined) {
      throw new SyntaxError(`a value is missing at character ${from + 1}`);
    }
    // It says what is wrong with `1.2.3` and with `"\x"`.
    JSON.parse(raw);
    return { raw };
  };
  const tree = value();
  end.lastIndex = at;
  if (!end.test(text)) {
    throw new SyntaxError(`there is more after the end, at character ${at + 1}`);
  }
  return tree;
}

// A tree of a plain value.
export function tree(value) {
  return parse(JSON.stringify(value));
}

// The member of an object; none where it is null.
export function member(it, name) {
  const found = it.members && it.members.find(([key]) => key === name);
  return found && found[1].raw !== "null" ? found[1] : undefined;
}

// What a scalar says: a text without its quotes.
export function scalar(it) {
  if (!it || it.raw === undefined) {
    return undefined;
  }
  return it.raw.startsWith('"') ? JSON.parse(it.raw) : it.raw;
}

// Tokens of the indented text: class, text, and the path of a key.
export function* tokens(it, indent = "", path = "") {
  if (it.raw !== undefined) {
    yield [it.raw.startsWith('"') ? "s" : /^[-\d]/.test(it.raw) ? "n" : "b", it.raw];
    return;
  }
  const parts = it.members || it.items;
  const [open, close] = it.members ? "{}" : "[]";
  if (parts.length === 0) {
    yield ["", open + close];
    return;
  }
  for (const [nth, part] of parts.entries()) {
    yield ["", `${nth === 0 ? open : ","}\n${indent}  `];
    if (it.members) {
      const inner = path ? `${path}.${part[0]}` : part[0];
      yield ["k", JSON.stringify(part[0]), inner];
      yield ["", ": "];
      yield* tokens(part[1], `${indent}  `, inner);
    } else {
      yield* tokens(part, `${indent}  `, path);
    }
  }
  yield ["", `\n${indent}${close}`];
}

// The indented text.
export function print(it) {
  return [...tokens(it)].map(([, text]) => text).join("");
}

// What is left of a tree without the members that are not wanted.
export function cut(it, wanted, path = "") {
  if (it.items) {
    return { items: it.items.map((item) => cut(item, wanted, path)) };
  }
  if (!it.members) {
    return it;
  }
  const members = [];
  for (const [name, value] of it.members) {
    const inner = path ? `${path}.${name}` : name;
    if (wanted(inner)) {
      members.push([name, cut(value, wanted, inner)]);
    }
  }
  return { members };
}
