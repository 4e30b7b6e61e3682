// Conversion of parameter values between the fields of a form and JSON.
import { parse, scalar } from "./json.mjs";

const SCALARS = new Set(["String", "Uuid", "Boolean", "Integer", "Long", "Double", "Timestamp"]);

// The kind of form field of a parameter: "boolean", "number", "text", "list" (one
// element per line) or "json".
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

// A text as a value of a type. Malformed values are sent as strings, so that the
// node reports them.
function toValue(type, text) {
  const isPlain = type === "Boolean" ? /^(true|false)$/.test(text) : /^-?\d+(\.\d+)?([eE][+-]?\d+)?$/.test(text);
  const isQuoted = !["Boolean", "Integer", "Long", "Double"].includes(type);
  if (!isQuoted && isPlain) {
    try {
      return parse(text);
    } catch {
      // JSON does not allow `007`.
    }
  }
  return { raw: JSON.stringify(text) };
}

// The value of a field of the form; undefined if it is empty. Throws if a field
// for JSON does not contain JSON.
export function read(parameter, text) {
  const kind = control(parameter);
  if (kind === "list") {
    const type = /^List<(.*)>$/.exec(parameter.type)[1];
    const lines = text.split("\n").map((line) => line.trim()).filter((line) => line !== "");
    return lines.length > 0 ? { items: lines.map((line) => toValue(type, line)) } : undefined;
  }
  if (kind === "json") {
    return text.trim() === "" ? undefined : parse(text);
  }
  return text === "" ? undefined : toValue(parameter.type, text);
}

// The text that a field of the form shows for a value.
export function fill(parameter, value) {
  const kind = control(parameter);
  if (value === undefined || value.raw === "null") {
    return "";
  }
  if (kind === "list" && value.items && value.items.every((item) => item.raw !== undefined)) {
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
    : `{${value.members.map(([name, member]) => `${JSON.stringify(name)}: ${compact(member)}`).join(", ")}}`;
}

// What is probably wrong with a value; only a hint, since the node decides.
export function hint(parameter, text) {
  const value = text.trim();
  if (value === "") {
    return parameter.required ? "Required." : undefined;
  }
  const kind = control(parameter);
  if (kind === "json") {
    try {
      parse(value);
    } catch (error) {
      return `Invalid JSON: ${error.message}.`;
    }
  }
  if (kind === "number" && !/^-?\d+(\.\d+)?([eE][+-]?\d+)?$/.test(value)) {
    return "Not a number.";
  }
  if (parameter.type === "Uuid" && !/^[0-9a-f]{32}$/.test(value)) {
    return "A UUID has 32 lower-case hexadecimal digits and no hyphens.";
  }
  if (kind === "text" && parameter.values && !parameter.values.some((known) => known.value === value)) {
    return "Not one of the known values.";
  }
  return undefined;
}
