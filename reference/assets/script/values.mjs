// Values of parameters, between the fields of a form and JSON.
import { parse, scalar } from "./json.mjs";

const SCALARS = new Set(["String", "Uuid", "Boolean", "Integer", "Long", "Double", "Timestamp"]);

// How a parameter is given: "boolean", "number", "text", "list" (an element in
// each line) or "json".
export function control({ type, values }) {
  const inner = /^List<(.*)>$/.exec(type);
  const item = inner ? inner[1] : type;
  if (!SCALARS.has(item) && !values) {
    return "json";
  }
  if (inner) {
    return "list";
  }
  if (type === "Boolean") {
    return "boolean";
  }
  return ["Integer", "Long", "Double"].includes(type) ? "number" : "text";
}

// A text as a value of a type: what is no number is sent as it is, for the
// node to say what it thinks of it.
function item(type, text) {
  const isPlain = type === "Boolean" ? /^(true|false)$/.test(text) : /^-?\d+(\.\d+)?([eE][+-]?\d+)?$/.test(text);
  const isQuoted = !["Boolean", "Integer", "Long", "Double"].includes(type);
  if (!isQuoted && isPlain) {
    try {
      return parse(text);
    } catch {
      // `007`, which JSON does not know.
    }
  }
  return { raw: JSON.stringify(text) };
}

// The value of a field of the form; none where nothing is given. What is no
// JSON where it has to be is an error.
export function read(parameter, text) {
  const kind = control(parameter);
  if (kind === "list") {
    const type = /^List<(.*)>$/.exec(parameter.type)[1];
    const lines = text.split("\n").map((it) => it.trim()).filter((it) => it !== "");
    return lines.length > 0 ? { items: lines.map((it) => item(type, it)) } : undefined;
  }
  if (kind === "json") {
    return text.trim() === "" ? undefined : parse(text);
  }
  return text === "" ? undefined : item(parameter.type, text);
}

// The text of a field of the form that stands for a value.
export function fill(parameter, value) {
  const kind = control(parameter);
  if (value === undefined || value.raw === "null") {
    return "";
  }
  if (kind === "list" && value.items && value.items.every((it) => it.raw !== undefined)) {
    return value.items.map(scalar).join("\n");
  }
  return kind === "json" || value.raw === undefined ? compact(value) : scalar(value);
}

function compact(value) {
  if (value.raw !== undefined) {
    return value.raw;
  }
  return value.items
    ? `[${value.items.map(compact).join(", ")}]`
    : `{${value.members.map(([name, it]) => `${JSON.stringify(name)}: ${compact(it)}`).join(", ")}}`;
}

// What is probably wrong with a value: hints, the node decides.
export function hint(parameter, text) {
  const value = text.trim();
  if (value === "") {
    return parameter.required ? "It is required." : undefined;
  }
  const kind = control(parameter);
  if (kind === "json") {
    try {
      parse(value);
    } catch (error) {
      return `It is no JSON: ${error.message}.`;
    }
  }
  if (kind === "number" && !/^-?\d+(\.\d+)?([eE][+-]?\d+)?$/.test(value)) {
    return "It is no number.";
  }
  if (parameter.type === "Uuid" && !/^[0-9a-f]{32}$/.test(value)) {
    return "A UUID has 32 lower-case hexadecimal digits and no hyphens.";
  }
  if (kind === "text" && parameter.values && !parameter.values.some((it) => it.value === value)) {
    return "It is none of the values that are known.";
  }
  return undefined;
}
