// JSON without loss: numbers keep all digits, which JavaScript would round, and
// members their order.

// Parses a text. Objects become {members: [[name, value], …]}, arrays
// {items: […]}, and other values {raw: "as written"}.
export function parse(text) {
  const token = /\s*(?:([{}[\],:])|("(?:[^"\\\u0000-\u001f]|\\.)*")|(-?\d[\d.eE+-]*|true|false|null))/y;
  const end = /\s*$/y;
  let at = 0;
  const peek = () => {
    token.lastIndex = at;
    const found = token.exec(text);
    if (!found) {
      throw new SyntaxError(`unexpected text at character ${at + 1}`);
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
      throw new SyntaxError(`expected ${mark} at character ${from + 1}`);
    }
  };
  // The parts up to a closing mark, separated by commas.
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
        throw new SyntaxError(`expected , or ${close} at character ${from + 1}`);
      }
    }
  };
  const member = () => {
    const from = at;
    const name = next()[2];
    if (name === undefined) {
      throw new SyntaxError(`expected a name in quotes at character ${from + 1}`);
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
      throw new SyntaxError(`expected a value at character ${from + 1}`);
    }
    // Throws for `1.2.3` and `"\x"`.
    JSON.parse(raw);
    return { raw };
  };
  const tree = value();
  end.lastIndex = at;
  if (!end.test(text)) {
    throw new SyntaxError(`unexpected text after the end, at character ${at + 1}`);
  }
  return tree;
}

// The tree of a plain value.
export function tree(value) {
  return parse(JSON.stringify(value));
}

// A member of an object; undefined if it is absent or null.
export function member(node, name) {
  const found = node.members && node.members.find(([key]) => key === name);
  return found && found[1].raw !== "null" ? found[1] : undefined;
}

// The text of a scalar, without quotes.
export function scalar(node) {
  if (!node || node.raw === undefined) {
    return undefined;
  }
  return node.raw.startsWith('"') ? JSON.parse(node.raw) : node.raw;
}

// The tokens of the indented text: class, text, and for keys the path.
export function* tokens(node, indent = "", path = "") {
  if (node.raw !== undefined) {
    yield [node.raw.startsWith('"') ? "s" : /^[-\d]/.test(node.raw) ? "n" : "b", node.raw];
    return;
  }
  const parts = node.members || node.items;
  const [open, close] = node.members ? "{}" : "[]";
  if (parts.length === 0) {
    yield ["", open + close];
    return;
  }
  for (const [index, part] of parts.entries()) {
    yield ["", `${index === 0 ? open : ","}\n${indent}  `];
    if (node.members) {
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
export function print(node) {
  return [...tokens(node)].map(([, text]) => text).join("");
}

// A tree without its unwanted members.
export function cut(node, wanted, path = "") {
  if (node.items) {
    return { items: node.items.map((item) => cut(item, wanted, path)) };
  }
  if (!node.members) {
    return node;
  }
  const members = [];
  for (const [name, value] of node.members) {
    const inner = path ? `${path}.${name}` : name;
    if (wanted(inner)) {
      members.push([name, cut(value, wanted, inner)]);
    }
  }
  return { members };
}
