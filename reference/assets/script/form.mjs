// The form of an operation, made of what its page's `.json` says.
import { ask } from "./connection.mjs";
import { el } from "./dom.mjs";
import { replacement } from "./examples.mjs";
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

// Resources that an operation most likely refuses.
const UNUSABLE = /^(?:Destroy|Expung|Delet|Disabl|Error|Creating)/;

// The resources of the node that can be given for a parameter, with regard to
// what is given for others: for each the value and the words of the list.
async function resources({ finds }, given) {
  const found = [];
  for (const { prefix, path, conditions, within = [] } of finds) {
    const owners = within.filter((name) => given(name)).map((name) => `${name}=${given(name)}`);
    const query = ["limit=100", ...[...conditions, ...owners].map((it) => `q=${encodeURIComponent(it)}`)].join("&");
    const answer = await ask({ method: "GET", target: `${path}?${query}` }, { session: login.session });
    if (answer.status !== 200 || !answer.tree) {
      throw new Error("the query is refused");
    }
    for (const record of member(answer.tree, "inventories")?.items || []) {
      const text = (name) => scalar(member(record, name));
      const about = [text("name"), text("state"), text("mediaType"), text("uuid")].filter((it) => it);
      const isUsable = ![text("state"), text("status")].some((it) => UNUSABLE.test(it || ""));
      found.push({ value: prefix + text("uuid"), words: prefix + about.join(" · "), isUsable });
    }
  }
  return found;
}

// A list of resources: the one that is chosen is written into the field, or
// added to the list in it.
function chooser({ parameter, field }, found) {
  const select = el("select", { "aria-label": `Resources for ${parameter.name}`, change: () => {
    const isList = control(parameter) === "list";
    field.value = isList ? [...field.value.split("\n").filter((it) => it), select.value].join("\n") : select.value;
    select.value = "";
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.dispatchEvent(new Event("change", { bubbles: true }));
    field.focus();
  } });
  const head = found.length > 0 ? `Choose one of ${found.length}` : "The node has none";
  select.append(el("option", { value: "" }, head), ...found.map(({ value, words }) => el("option", { value }, words)));
  return select;
}

export class Form {
  // The parameters that a release has, filled in.
  constructor(operation, release) {
    this.operation = operation;
    // How many times the resources of the node are being asked for.
    this.offers = 0;
    const had = (it) => standing(release, it.since, it.removed) === "there";
    const given = defaults(operation);
    const standard = operation.standardParameters || [];
    this.fields = [...operation.parameters, ...standard].filter(had).map((parameter) => {
      const id = `try-${parameter.name}`;
      const tags = parameter.name === "systemTags" ? operation.tags || [] : [];
      const finds = [{ prefix: "", foundBy: parameter.foundBy }, ...tags].filter((it) => it.foundBy).map(({ prefix, foundBy }) => ({ prefix, ...foundBy }));
      const example = fill(parameter, given[parameter.name]);
      // `own` is what the form itself has written into the field.
      return { parameter, id, finds, own: example, field: input(parameter, id, example), hints: el("p", { id: `${id}-hint`, class: "hint" }) };
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

  // With a session: lists of the resources of the node, and its resources in the
  // place of those of the example.
  async offer(fields = this.fields) {
    const isBound = ({ finds }) => finds.some(({ within = [] }) => within.length > 0);
    const form = this.element.closest("form");
    this.offers += 1;
    form?.setAttribute("aria-busy", "true");
    // What depends on others comes after them.
    await this.offerEach(fields.filter((it) => !isBound(it)));
    await this.offerEach(fields.filter(isBound));
    this.offers -= 1;
    if (this.offers === 0) {
      form?.removeAttribute("aria-busy");
    }
    // The request has changed, although nothing was typed.
    this.element.dispatchEvent(new Event("input", { bubbles: true }));
  }

  async offerEach(fields) {
    const given = (name) => this.fields.find(({ parameter }) => parameter.name === name)?.field.value.trim();
    await Promise.all(fields.map(async (it) => {
      let found = [];
      it.turn = (it.turn || 0) + 1;
      const { turn } = it;
      try {
        if (it.finds.length > 0) {
          found = await resources(it, given);
          if (turn !== it.turn) {
            // Something else was chosen meanwhile, and is asked for.
            return;
          }
          const select = chooser(it, found);
          it.choice?.remove();
          it.choice = select;
          it.field.after(select);
        }
      } catch {
        // The list is a help: without it, the value is typed.
      }
      this.replace(it, found);
    }));
  }

  // Puts what the node has in the place of what the form itself has written;
  // what was typed stays.
  replace(it, found) {
    if (it.own === "" || it.field.value !== it.own) {
      return;
    }
    const isSafe = this.operation.method === "GET";
    const usable = found.filter(({ isUsable }) => isUsable).map(({ value }) => value);
    it.own = replacement(it.parameter, it.own, { usable, isSafe, login });
    it.field.value = it.own;
  }

  // The request as far as the fields can be read, for showing it.
  draft() {
    const values = this.fields.map((it) => {
      try {
        return [it.parameter.name, read(it.parameter, it.field.value)];
      } catch {
        return [it.parameter.name, undefined];
      }
    });
    return request(this.operation, Object.fromEntries(values.filter(([, value]) => value !== undefined)));
  }

  // The request; an error where a field cannot be read, or the path lacks a value.
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
        this.tell(it, `This is not JSON: ${error.message}.`);
        problems.push(it);
      }
    }
    const open = missing(this.operation, values);
    problems.push(...this.fields.filter((it) => open.includes(it.parameter.name)));
    if (problems.length > 0) {
      problems[0].field.focus();
      throw new Error(`The request cannot be sent: check ${problems.map((it) => it.parameter.name).join(", ")}`);
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

