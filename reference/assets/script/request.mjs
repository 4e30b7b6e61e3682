// The request of an operation, made from its page's `.json` and from the values of
// its parameters, which are JSON trees.
import { print, scalar } from "./json.mjs";

function hasBody(operation) {
  return operation.method === "POST" || operation.method === "PUT";
}

function encode(text) {
  return encodeURIComponent(text).replace(/[!'()*]/g, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`);
}

function variables(path) {
  return [...path.matchAll(/(?<=\/)\{([^/{}]+)\}(?=\/|$)/g)].map(([, name]) => name);
}

// The path with the most variables that all have values; of equals the first. If
// none fits, the first path.
function pathFor(operation, values) {
  let best;
  for (const path of operation.paths) {
    const names = variables(path);
    if (names.every((name) => values[name]) && (!best || names.length > variables(best).length)) {
      best = path;
    }
  }
  return best || operation.paths[0];
}

// The names of the path's variables that have no value.
export function missing(operation, values) {
  return variables(pathFor(operation, values)).filter((name) => !values[name]);
}

// Pairs of a query string: lists are repeated keys, map entries `field.key=value`.
function pairs(name, value) {
  if (value.items) {
    return value.items.flatMap((item) => pairs(name, item));
  }
  if (value.members) {
    return value.members.flatMap(([key, entry]) => pairs(`${name}.${key}`, entry));
  }
  return value.raw === "null" ? [] : [`${encode(name)}=${encode(scalar(value))}`];
}

function body(operation, values) {
  if (!hasBody(operation)) {
    return undefined;
  }
  // Empty lists of tags are left out.
  const isSent = (parameter) => {
    const value = values[parameter.name];
    return value && (parameter.in === "body" || !value.items || value.items.length > 0);
  };
  const members = (place) => {
    const parameters = operation.parameters.filter((parameter) => parameter.in === place && isSent(parameter));
    return parameters.map(({ name }) => [name, values[name]]);
  };
  const [inKey, topLevel] = [members("body"), members("top level")];
  let key = operation.body && operation.body.key;
  if (key === "null" && !operation.body.selects && inKey.length === 0) {
    // Operations without body parameters have this key.
    key = undefined;
  }
  const all = key === undefined ? topLevel : [[key, { members: inKey }], ...topLevel];
  return all.length === 0 ? undefined : print({ members: all });
}

export function request(operation, values) {
  const path = pathFor(operation, values);
  const filled = path.split("/").map((segment) => {
    const [name] = variables(`/${segment}`);
    return name && values[name] ? encode(scalar(values[name])) : segment;
  });
  const own = operation.parameters.filter((parameter) => parameter.in !== "path" && (parameter.in === "query" || !hasBody(operation)));
  const names = [...(operation.standardParameters || []), ...own].map(({ name }) => name);
  const query = names.filter((name) => values[name] && !variables(path).includes(name)).flatMap((name) => pairs(name, values[name]));
  return {
    method: operation.method,
    target: filled.join("/") + (query.length > 0 ? `?${query.join("&")}` : ""),
    body: body(operation, values),
  };
}

// A shell command. The session is in a variable, so that the command can be
// shared.
export function curl(origin, { method, target, body: text }, needsSession) {
  const quote = (value) => `'${value.replaceAll("'", "'\\''")}'`;
  const words = ["curl"];
  if (method !== "GET") {
    words.push(`-X ${method}`);
  }
  words.push(quote(origin + target));
  if (needsSession) {
    words.push('-H "Authorization: OAuth $SESSION"');
  }
  if (text !== undefined) {
    words.push("-H 'Content-Type: application/json'", `-d ${quote(text)}`);
  }
  return `${words.join(" \\\n  ")}\n`;
}
