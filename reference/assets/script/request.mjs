// The request of an operation, made of what its page's `.json` says and of the
// values of its parameters, which are trees of JSON.
import { print, scalar } from "./json.mjs";

export function hasBody(operation) {
  return operation.method === "POST" || operation.method === "PUT";
}

function encoded(text) {
  return encodeURIComponent(text).replace(/[!'()*]/g, (it) => `%${it.charCodeAt(0).toString(16).toUpperCase()}`);
}

function variables(path) {
  return [...path.matchAll(/(?<=\/)\{([^/{}]+)\}(?=\/|$)/g)].map(([, name]) => name);
}

// Of the paths the one that says the most of what is given; of equals the
// first. Where none fits, the first, with its variables in it.
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

// The names of the variables that stand in the path for want of a value.
export function missing(operation, values) {
  return variables(pathFor(operation, values)).filter((name) => !values[name]);
}

// Lists are repeated keys, entries of maps are `field.key=value`.
function pairs(name, value) {
  if (value.items) {
    return value.items.flatMap((it) => pairs(name, it));
  }
  if (value.members) {
    return value.members.flatMap(([key, it]) => pairs(`${name}.${key}`, it));
  }
  return value.raw === "null" ? [] : [`${encoded(name)}=${encoded(scalar(value))}`];
}

function body(operation, values) {
  if (!hasBody(operation)) {
    return undefined;
  }
  // An empty list of tags says nothing.
  const says = (it) => values[it.name] && (it.in === "body" || !values[it.name].items || values[it.name].items.length > 0);
  const members = (place) => {
    const parameters = operation.parameters.filter((it) => it.in === place && says(it));
    return parameters.map((it) => [it.name, values[it.name]]);
  };
  const [below, beside] = [members("body"), members("top level")];
  let key = operation.body && operation.body.key;
  if (key === "null" && !operation.body.selects && below.length === 0) {
    // The key of operations that have no parameters in the body.
    key = undefined;
  }
  const all = key === undefined ? beside : [[key, { members: below }], ...beside];
  return key === undefined && beside.length === 0 ? undefined : print({ members: all });
}

export function request(operation, values) {
  const path = pathFor(operation, values);
  const filled = path.split("/").map((segment) => {
    const [name] = variables(`/${segment}`);
    return name && values[name] ? encoded(scalar(values[name])) : segment;
  });
  const own = operation.parameters.filter((it) => it.in !== "path" && (it.in === "query" || !hasBody(operation)));
  const names = [...(operation.standardParameters || []), ...own].map((it) => it.name);
  const query = names.filter((it) => values[it] && !variables(path).includes(it)).flatMap((it) => pairs(it, values[it]));
  return {
    method: operation.method,
    target: filled.join("/") + (query.length > 0 ? `?${query.join("&")}` : ""),
    body: body(operation, values),
  };
}

// A line for a shell; the session is in a variable, so that nobody pastes
// one where others read it.
export function curl(origin, { method, target, body: text }, needsSession) {
  const quoted = (it) => `'${it.replaceAll("'", "'\\''")}'`;
  const words = ["curl"];
  if (method !== "GET") {
    words.push(`-X ${method}`);
  }
  words.push(quoted(origin + target));
  if (needsSession) {
    words.push('-H "Authorization: OAuth $SESSION"');
  }
  if (text !== undefined) {
    words.push("-H 'Content-Type: application/json'", `-d ${quoted(text)}`);
  }
  return `${words.join(" \\\n  ")}\n`;
}
