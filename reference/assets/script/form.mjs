// The form of an operation, built from its page's `.json`.
import { exchange } from "./connection.mjs";
import { el } from "./dom.mjs";
import { replacement } from "./examples.mjs";
import { member, scalar, tree } from "./json.mjs";
import { login } from "./login.mjs";
import { statusIn } from "./release.mjs";
import { missing, request } from "./request.mjs";
import { control, fill, hint, read } from "./values.mjs";

// The values that fill the form: those of the first successful example.
function defaults(operation) {
  const example = operation.examples.find(({ status }) => status < 400);
  const given = example ? tree(example.parameters) : { members: [] };
  return Object.fromEntries(given.members);
}

function input(parameter, id, text) {
  const common = { id, name: parameter.name, spellcheck: "false", autocomplete: "off", "aria-describedby": `${id}-hint` };
  const kind = control(parameter);
  let field;
  if (kind === "boolean") {
    field = el("select", common, ...["", "true", "false"].map((value) => el("option", { value }, value)));
  } else if (kind === "list" || kind === "json") {
    field = el("textarea", { ...common, rows: Math.min(Math.max(text.split("\n").length, kind === "json" ? 3 : 2), 8) });
  } else {
    const choices = parameter.values ? `${id}-values` : undefined;
    field = el("input", { ...common, list: choices, inputmode: kind === "number" ? "numeric" : undefined });
  }
  field.value = text;
  return field;
}

// States of resources that most operations refuse.
const UNUSABLE = /^(?:Destroy|Expung|Delet|Disabl|Error|Creating)/;

// The resources of the node that fit a parameter and the values of the parameters
// that filter them: for each its value, the text of its option, and whether
// operations are likely to accept it.
async function findResources({ lookups }, given) {
  const found = [];
  for (const { prefix, path, conditions, filterBy = [] } of lookups) {
    const filters = filterBy.filter((name) => given(name)).map((name) => `${name}=${given(name)}`);
    const query = ["limit=100", ...[...conditions, ...filters].map((condition) => `q=${encodeURIComponent(condition)}`)].join("&");
    const response = await exchange({ method: "GET", target: `${path}?${query}` }, { session: login.session });
    if (response.status !== 200 || !response.tree) {
      throw new Error("the query was refused");
    }
    for (const record of member(response.tree, "inventories")?.items || []) {
      const text = (name) => scalar(member(record, name));
      const about = [text("name"), text("state"), text("mediaType"), text("uuid")].filter(Boolean);
      const isUsable = ![text("state"), text("status")].some((state) => UNUSABLE.test(state || ""));
      found.push({ value: prefix + text("uuid"), label: prefix + about.join(" · "), isUsable });
    }
  }
  return found;
}

// A list of resources. Choosing one writes it into the field, or adds it to the
// list in the field.
function resourceList({ parameter, field }, found) {
  const select = el("select", { "aria-label": `Resources for ${parameter.name}`, change: () => {
    const isList = control(parameter) === "list";
    field.value = isList ? [...field.value.split("\n").filter(Boolean), select.value].join("\n") : select.value;
    select.value = "";
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.dispatchEvent(new Event("change", { bubbles: true }));
    field.focus();
  } });
  const head = found.length > 0 ? `Choose one of ${found.length}` : "None on this node";
  select.append(el("option", { value: "" }, head), ...found.map(({ value, label }) => el("option", { value }, label)));
  return select;
}

export class Form {
  // A form with the parameters of a release, filled in.
  constructor(operation, release) {
    this.operation = operation;
    // The number of lookups of resources that are under way.
    this.pending = 0;
    const isPresent = ({ since, removed }) => statusIn(release, since, removed) === "present";
    const given = defaults(operation);
    const standard = operation.standardParameters || [];
    this.fields = [...operation.parameters, ...standard].filter(isPresent).map((parameter) => {
      const id = `try-${parameter.name}`;
      const tags = parameter.name === "systemTags" ? operation.tags || [] : [];
      const lookups = [{ prefix: "", lookup: parameter.lookup }, ...tags].filter(({ lookup }) => lookup).map(({ prefix, lookup }) => ({ prefix, ...lookup }));
      const example = fill(parameter, given[parameter.name]);
      // `prefill` is the text that the form itself has written into the field.
      return { parameter, id, lookups, prefill: example, field: input(parameter, id, example), message: el("p", { id: `${id}-hint`, class: "hint" }) };
    });
    const rows = (shown) => this.fields.filter(({ parameter }) => shown.includes(parameter)).map((entry) => this.row(entry, isPresent));
    const own = rows(operation.parameters);
    this.element = el("div", { class: "fields" },
      ...(own.length > 0 ? own : [el("p", { class: "empty" }, "No parameters.")]));
    if (standard.length > 0) {
      this.element.append(el("details", {}, el("summary", {}, "Standard query parameters"), el("div", { class: "fields" }, ...rows(standard))));
    }
    this.element.addEventListener("input", (event) => {
      const entry = this.fields.find(({ field }) => field === event.target);
      if (entry) {
        this.showMessage(entry, hint(entry.parameter, entry.field.value));
      }
    });
    this.element.addEventListener("change", (event) => {
      const entry = this.fields.find(({ field }) => field === event.target);
      const isFiltered = ({ lookups, choice }) => choice && lookups.some(({ filterBy = [] }) => filterBy.includes(entry.parameter.name));
      if (entry) {
        this.offerResources(this.fields.filter(isFiltered));
      }
    });
  }

  row({ parameter, id, field, message }, isPresent) {
    const kind = control(parameter);
    const how = { list: ", one per line", json: ", as JSON" }[kind] || "";
    const label = el("label", { for: id }, el("code", {}, parameter.name), " ",
      parameter.required && el("span", { class: "flag must" }, "required"), " ",
      el("small", {}, `${parameter.type}, ${parameter.in || "query"}${how}`));
    const row = el("div", { class: "field" }, label, field, message);
    if (parameter.values && field.list !== undefined) {
      const values = parameter.values.filter(isPresent);
      row.append(el("datalist", { id: `${id}-values` }, ...values.map(({ value }) => el("option", { value }))));
    }
    return row;
  }

  showMessage({ field, message }, text) {
    message.textContent = text || "";
    field.toggleAttribute("aria-invalid", false);
    if (text) {
      field.setAttribute("aria-invalid", "true");
    }
  }

  // With a session: adds lists of the node's resources, and replaces those of the
  // example.
  async offerResources(fields = this.fields) {
    const isFiltered = ({ lookups }) => lookups.some(({ filterBy = [] }) => filterBy.length > 0);
    const form = this.element.closest("form");
    this.pending += 1;
    form?.setAttribute("aria-busy", "true");
    // Fields that depend on others come after them.
    await this.offerEach(fields.filter((entry) => !isFiltered(entry)));
    await this.offerEach(fields.filter(isFiltered));
    this.pending -= 1;
    if (this.pending === 0) {
      form?.removeAttribute("aria-busy");
    }
    // The request has changed, although nothing was typed.
    this.element.dispatchEvent(new Event("input", { bubbles: true }));
  }

  async offerEach(fields) {
    const given = (name) => this.fields.find(({ parameter }) => parameter.name === name)?.field.value.trim();
    await Promise.all(fields.map(async (entry) => {
      let found = [];
      entry.turn = (entry.turn || 0) + 1;
      const { turn } = entry;
      try {
        if (entry.lookups.length > 0) {
          found = await findResources(entry, given);
          if (turn !== entry.turn) {
            // Another value was chosen meanwhile, and is looked up.
            return;
          }
          const select = resourceList(entry, found);
          entry.choice?.remove();
          entry.choice = select;
          entry.field.after(select);
        }
      } catch {
        // Without the list, the value can be typed.
      }
      this.replacePrefill(entry, found);
    }));
  }

  // Replaces text that the form itself has written by a resource of the node;
  // typed text stays.
  replacePrefill(entry, found) {
    if (entry.prefill === "" || entry.field.value !== entry.prefill) {
      return;
    }
    const isSafe = this.operation.method === "GET";
    const usable = found.filter(({ isUsable }) => isUsable).map(({ value }) => value);
    entry.prefill = replacement(entry.parameter, entry.prefill, { usable, isSafe, login });
    entry.field.value = entry.prefill;
  }

  // The request with the fields that can be read, for the preview.
  draft() {
    const values = this.fields.map(({ parameter, field }) => {
      try {
        return [parameter.name, read(parameter, field.value)];
      } catch {
        return [parameter.name, undefined];
      }
    });
    return request(this.operation, Object.fromEntries(values.filter(([, value]) => value !== undefined)));
  }

  // The request; throws if a field cannot be read, or the path lacks a value.
  request() {
    const values = {};
    const problems = [];
    for (const entry of this.fields) {
      const { parameter, field } = entry;
      try {
        const value = read(parameter, field.value);
        if (value !== undefined) {
          values[parameter.name] = value;
        }
        this.showMessage(entry, hint(parameter, field.value));
      } catch (error) {
        this.showMessage(entry, `Invalid JSON: ${error.message}.`);
        problems.push(entry);
      }
    }
    const absent = missing(this.operation, values);
    problems.push(...this.fields.filter(({ parameter }) => absent.includes(parameter.name)));
    if (problems.length > 0) {
      problems[0].field.focus();
      throw new Error(`The request cannot be sent: check ${problems.map(({ parameter }) => parameter.name).join(", ")}`);
    }
    return request(this.operation, values);
  }

  // Marks the parameters that errors mention, and returns their names.
  markMentioned(errors) {
    const text = errors.map(({ description, details }) => `${description || ""} ${details || ""}`).join(" ");
    const words = new Set(text.match(/[A-Za-z_][A-Za-z0-9_]*/g));
    const mentioned = this.fields.filter(({ parameter }) => words.has(parameter.name));
    mentioned.forEach((entry) => this.showMessage(entry, "Mentioned in the error."));
    return mentioned.map(({ parameter }) => parameter.name);
  }
}

export function formatRequest({ method, target, body }, needsSession) {
  const head = [`${method} ${target}`];
  if (needsSession) {
    head.push("Authorization: OAuth {sessionUuid}");
  }
  if (body !== undefined) {
    head.push("Content-Type: application/json", "", body);
  }
  return head.join("\n");
}
