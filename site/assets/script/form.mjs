// The form of an operation, made of what its page's `.json` says.
import { ask } from "./connection.mjs";
import { el } from "./dom.mjs";
import { member, scalar, tree } from "./json.mjs";
import { login } from "./login.mjs";
import { standing } from "./release.mjs";
import { missing, request } from "./request.mjs";
import { control, fill, hint, read } from "./values.mjs";

// What the form is filled with: the first example that succeeds.
export function defaults(operation) {
  const example = operation.examples.find((it) => it.status < 400);
  const given = example ? tree(example.parameters) : { members: [] };
  return Object.fromEntries(given.members);
}

function input(parameter, id, text) {
  const common = { id, name: parameter.name, spellcheck: "false", autocomplete: "off", "aria-describedby": `${id}-hint` };
  const kind = control(parameter);
  let it;
  if (kind === "boolean") {
    it = el("select", common, ...["", "true", "false"].map((value) => el("option", { value }, value)));
  } else if (kind === "list" || kind === "json") {
    it = el("textarea", { ...common, rows: Math.min(Math.max(text.split("\n").length, kind === "json" ? 3 : 2), 8) });
  } else {
    const choices = parameter.values ? `${id}-values` : undefined;
    it = el("input", { ...common, list: choices, inputmode: kind === "number" ? "numeric" : undefined });
  }
  it.value = text;
  return it;
}

// What there is on the node, of the kind that a parameter names and of what is
// given for others: chosen, it is written into the field, or added to the list
// in it.
async function offer({ parameter, field, finds }, given) {
  const options = [];
  for (const { prefix, path, conditions, within = [] } of finds) {
    const owners = within.filter((name) => given(name)).map((name) => `${name}=${given(name)}`);
    const query = ["limit=100", ...[...conditions, ...owners].map((it) => `q=${encodeURIComponent(it)}`)].join("&");
    const answer = await ask({ method: "GET", target: `${path}?${query}` }, { session: login.session });
    const list = answer.tree && member(answer.tree, "inventories");
    for (const record of (list && list.items) || []) {
      const text = (name) => scalar(member(record, name));
      const about = [text("name"), text("state"), text("mediaType"), text("uuid")].filter((it) => it);
      options.push([prefix + text("uuid"), prefix + about.join(" · ")]);
    }
  }
  const select = el("select", { "aria-label": `What there is for ${parameter.name}`, change: () => {
    const isList = control(parameter) === "list";
    field.value = isList ? [...field.value.split("\n").filter((it) => it), select.value].join("\n") : select.value;
    select.value = "";
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.dispatchEvent(new Event("change", { bubbles: true }));
    field.focus();
  } });
  const head = options.length > 0 ? `Choose one of ${options.length}` : "There is none on the node";
  select.append(el("option", { value: "" }, head), ...options.map(([value, text]) => el("option", { value }, text)));
  return select;
}

export class Form {
  // The parameters that a release has, filled in.
  constructor(operation, release) {
    this.operation = operation;
    const had = (it) => standing(release, it.since, it.removed) === "there";
    const given = defaults(operation);
    const standard = operation.standardParameters || [];
    this.fields = [...operation.parameters, ...standard].filter(had).map((parameter) => {
      const id = `try-${parameter.name}`;
      const tags = parameter.name === "systemTags" ? operation.tags || [] : [];
      const finds = [{ prefix: "", foundBy: parameter.foundBy }, ...tags].filter((it) => it.foundBy).map(({ prefix, foundBy }) => ({ prefix, ...foundBy }));
      return { parameter, id, finds, field: input(parameter, id, fill(parameter, given[parameter.name])), hints: el("p", { id: `${id}-hint`, class: "hint" }) };
    });
    const rows = (of) => this.fields.filter((it) => of.includes(it.parameter)).map((it) => this.row(it, had));
    const own = rows(operation.parameters);
    this.element = el("div", { class: "fields" },
      ...(own.length > 0 ? own : [el("p", { class: "empty" }, "It takes no parameters.")]));
    if (standard.length > 0) {
      this.element.append(el("details", {}, el("summary", {}, "Parameters of every query"), el("div", { class: "fields" }, ...rows(standard))));
    }
    this.element.addEventListener("input", (event) => {
      const it = this.fields.find(({ field }) => field === event.target);
      if (it) {
        this.tell(it, hint(it.parameter, it.field.value));
      }
    });
    this.element.addEventListener("change", (event) => {
      const it = this.fields.find(({ field }) => field === event.target);
      const isWithin = ({ finds, choice }) => choice && finds.some(({ within = [] }) => within.includes(it.parameter.name));
      if (it) {
        this.offer(this.fields.filter(isWithin));
      }
    });
  }

  row({ parameter, id, field, hints }, had) {
    const kind = control(parameter);
    const how = { list: ", one in each line", json: ", as JSON" }[kind] || "";
    const label = el("label", { for: id }, el("code", {}, parameter.name), " ",
      parameter.required && el("span", { class: "flag must" }, "required"), " ",
      el("small", {}, `${parameter.type}, ${parameter.in || "query"}${how}`));
    const row = el("div", { class: "field" }, label, field, hints);
    if (parameter.values && field.list !== undefined) {
      const values = parameter.values.filter(had);
      row.append(el("datalist", { id: `${id}-values` }, ...values.map(({ value }) => el("option", { value }))));
    }
    return row;
  }

  tell({ field, hints }, text) {
    hints.textContent = text || "";
    field.toggleAttribute("aria-invalid", false);
    if (text) {
      field.setAttribute("aria-invalid", "true");
    }
  }

  // Lists of what the node has, where somebody is logged in.
  async offer(fields = this.fields.filter(({ finds }) => finds.length > 0)) {
    const given = (name) => this.fields.find(({ parameter }) => parameter.name === name)?.field.value.trim();
    await Promise.all(fields.map(async (it) => {
      try {
        const select = await offer(it, given);
        it.choice?.remove();
        it.choice = select;
        it.field.after(select);
      } catch {
        // Whoever knows what to give can go without.
      }
    }));
  }

  // The request; an error where a field cannot be read, or the path has no end.
  request() {
    const values = {};
    const problems = [];
    for (const it of this.fields) {
      try {
        const value = read(it.parameter, it.field.value);
        if (value !== undefined) {
          values[it.parameter.name] = value;
        }
        this.tell(it, hint(it.parameter, it.field.value));
      } catch (error) {
        this.tell(it, `It is no JSON: ${error.message}.`);
        problems.push(it);
      }
    }
    const open = missing(this.operation, values);
    problems.push(...this.fields.filter((it) => open.includes(it.parameter.name)));
    if (problems.length > 0) {
      problems[0].field.focus();
      throw new Error(`It cannot be sent: look at ${problems.map((it) => it.parameter.name).join(", ")}`);
    }
    return request(this.operation, values);
  }

  // Marks the parameters that an error speaks of.
  blame(errors) {
    const text = errors.map((it) => `${it.description || ""} ${it.details || ""}`).join(" ");
    const words = new Set(text.match(/[A-Za-z_][A-Za-z0-9_]*/g));
    const blamed = this.fields.filter((it) => words.has(it.parameter.name));
    blamed.forEach((it) => this.tell(it, "The error speaks of it."));
    return blamed.map((it) => it.parameter.name);
  }
}

export function printed({ method, target, body }, needsSession) {
  const head = [`${method} ${target}`];
  if (needsSession) {
    head.push("Authorization: OAuth {sessionUuid}");
  }
  if (body !== undefined) {
    head.push("Content-Type: application/json", "", body);
  }
  return head.join("\n");
}

