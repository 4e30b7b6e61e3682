// The search index, from `search.js`, and the search in it. `search.rs` writes
// the index.
import { Descriptions } from "./descriptions.mjs";
import { lines, numbers } from "./lists.mjs";
import { EXACT, match, prepare } from "./match.mjs";

// The bonus of each kind: of two equal matches, the kind with more comes first.
const KINDS = {
  operation: 90,
  error: 85,
  type: 80,
  category: 75,
  page: 75,
  path: 60,
  key: 55,
  tag: 50,
  parameter: 40,
  field: 30,
  value: 20,
};

const PARTS = new Set(["key", "tag", "parameter", "field", "value"]);

// The least score of a name that begins with the word, or contains a word that does.
const NAMED = 600;

// The score of a match with regard to its kind, so that results have this order:
// whole names, except of parts; operations with the word in their names; types,
// errors and pages with it; operations with it in the summary; whole names of
// parts; the rest. A part whose camel-case name is typed exactly is surely meant,
// and counts as a whole name.
function weigh(kind, score) {
  // An alias scores one less.
  if (score >= EXACT - 1) {
    return PARTS.has(kind) ? 580 : score;
  }
  if (kind === "operation" || kind === "path") {
    return score;
  }
  if (PARTS.has(kind)) {
    return score * (kind === "tag" ? 0.7 : 0.55);
  }
  return score >= NAMED ? 520 + 0.13 * score : 0.75 * score;
}

// The anchor of a name, as on the pages.
export function slug(text) {
  return text.replace(/[^A-Za-z0-9._]+/g, "-").replace(/-+$/, "");
}

export class Index {
  constructor(data) {
    this.entries = [];
    const categories = data.categories.map(([name, title]) => {
      this.add("category", title, { href: `categories/${name}.html`, alias: name });
      return title;
    });
    data.pages.forEach(([title, href]) => this.add("page", title, { href }));
    const { names, categories: categoryOf, routes, keys, since, removed } = data.operations;
    const lifecycle = ({ since: from, removed: to }, index) => ({
      since: data.releases[from[index] - 1],
      removed: data.releases[to[index] - 1],
    });
    const operations = lines(names).map((name, index) => ({
      name,
      page: `operations/${name}.html`,
      owner: categories[categoryOf[index]],
      ...lifecycle({ since, removed }, index),
    }));
    this.routes = [];
    const perLine = routes.split("\n");
    operations.forEach(({ name, page, owner, ...rest }, index) => {
      const common = { href: page, ...rest };
      this.add("operation", name, { ...common, owner });
      for (const route of perLine[index].split(" ")) {
        const [method, path] = [route.slice(0, route.indexOf("/")), route.slice(route.indexOf("/"))];
        this.routes.push({ kind: "path", method, name: path, owner: name, ...common });
      }
    });
    keys.split("\n").forEach((key, index) => {
      if (key) {
        this.add("key", key, { href: `${operations[index].page}#body`, owner: operations[index].name });
      }
    });
    const types = lines(data.types.names).map((name, index) => ({
      name,
      page: `types/${name}.html`,
      ...lifecycle(data.types, index),
    }));
    types.forEach(({ name, page, ...rest }) => this.add("type", name, { href: page, ...rest }));
    // A name that several elements share is one entry with several owners.
    const owned = (kind, { names: text, owners }, holders, prefix) => {
      lines(text).forEach((name, index) => {
        this.add(kind, name, { owners: numbers(owners[index]).map((holder) => holders[holder]), anchor: prefix + slug(name) });
      });
    };
    owned("parameter", data.parameters, operations, "param-");
    owned("tag", data.tags, operations, "tag-");
    owned("field", data.fields, types, "field-");
    owned("value", data.values, types, "value-");
    data.choices.forEach(([name, parameter, operation]) => {
      const { page, name: owner } = operations[operation];
      const anchor = `param-${slug(parameter)}-${slug(name)}`;
      this.add("value", name, { href: `${page}#${anchor}`, owner: `${owner}.${parameter}` });
    });
    data.errors.forEach(([code, meaning]) => {
      this.add("error", code, { href: `errors.html#${slug(code)}`, owner: meaning });
    });
    this.basePath = data.basePath;
    // In the order in which the writer counts them.
    const described = ["operation", "type", "error", "category", "page"];
    this.descriptions = new Descriptions(data, described.flatMap((kind) => this.entries.filter((entry) => entry.kind === kind)));
  }

  add(kind, name, rest) {
    // The alias is the name of a category, which is listed by its title.
    this.entries.push({ kind, name, ...rest, prepared: prepare(name), alias: rest.alias && prepare(rest.alias) });
  }

  // The best results, and the number of all.
  find(text, most = 20) {
    const query = text.trim();
    const path = asPath(query, this.basePath);
    const found = query === "" ? [] : path ? this.paths(path) : this.words(query);
    found.sort((a, b) => b.score - a.score || (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
    return { total: found.length, found: found.slice(0, most) };
  }

  words(query) {
    const whole = query.toLowerCase();
    const words = whole.split(/\s+/);
    // `VmInstanceInventory.state` is a type and its field.
    const parts = whole.split(/[\s.]+/).filter((part) => part !== "");
    const described = this.descriptions.find(whole);
    const found = [];
    for (const entry of this.entries) {
      if (entry.owners) {
        this.findOwned(entry, query, parts, found);
        continue;
      }
      const named = bestMatch(entry, whole, words);
      const score = described.get(entry);
      if (named && !(score > named.score)) {
        found.push(result(entry, named, entry.owner, entry.href));
      } else if (score) {
        found.push({ ...result(entry, { score, at: [] }, entry.owner, entry.href), isDescribed: true });
      }
    }
    const path = whole.includes("-") && asPath(`/${query}`, this.basePath);
    if (path) {
      found.push(...this.paths(path).map((route) => ({ ...route, score: route.score - 400 })));
    }
    return found;
  }

  // Finds a name that several elements share. Words that do not match the name
  // have to match the owner's.
  findOwned(entry, query, parts, found) {
    const whole = query.toLowerCase();
    const own = bestMatch(entry, whole, [whole]);
    if (own) {
      const isWeighed = entry.name === query && /[a-z][A-Z]/.test(query);
      entry.owners.forEach((owner, index) => {
        const hit = { ...own, penalty: Math.min(index, 9), isWeighed };
        found.push(result(entry, hit, owner.name, `${owner.page}#${entry.anchor}`));
      });
      return;
    }
    if (parts.length < 2) {
      return;
    }
    const hits = parts.map((part) => match(part, entry.prepared));
    const others = parts.filter((_, index) => !hits[index]);
    if (others.length === parts.length) {
      return;
    }
    const at = hits.flatMap((hit) => (hit ? hit.at : []));
    for (const owner of entry.owners) {
      owner.prepared ||= prepare(owner.name);
      const theirs = others.map((part) => match(part, owner.prepared));
      if (theirs.every((hit) => hit)) {
        // Both names were given: better than the part's name alone, and worse
        // than one name that matches as well.
        const score = mean([...hits.filter((hit) => hit), ...theirs]) - 300;
        found.push(result(entry, { score, at, isWeighed: true }, owner.name, `${owner.page}#${entry.anchor}`));
      }
    }
  }

  // Operations by their paths. A variable matches any text.
  paths({ method, segments }) {
    const found = [];
    for (const route of this.routes) {
      if (method && !route.method.startsWith(method)) {
        continue;
      }
      const theirs = route.name.split("/").slice(1);
      const isBegun = segments.every((segment, index) => {
        const isLast = index === segments.length - 1;
        const there = theirs[index];
        if (there === undefined) {
          return segment === "" && isLast;
        }
        return there.startsWith("{") || (isLast ? there.startsWith(segment) : there === segment);
      });
      if (isBegun) {
        const exact = segments.filter((segment, index) => theirs[index] === segment).length;
        const isWhole = theirs.length === segments.filter((segment) => segment !== "").length;
        const score = 900 + 20 * exact + (isWhole ? 50 : 0) - 5 * theirs.length + (route.method === "GET" ? 2 : 0);
        found.push({ ...route, score, at: [] });
      }
    }
    return found;
  }
}

function asPath(query, basePath) {
  const found = /^(?:([A-Za-z]+)\s+)?(\/\S*)$/.exec(query);
  if (!found) {
    return undefined;
  }
  const [, method, typed] = found;
  const [path] = typed.split("?");
  const below = path.startsWith(`${basePath}/`) ? path.slice(basePath.length) : path;
  return { method: method && method.toUpperCase(), segments: below.split("/").slice(1) };
}

function mean(hits) {
  return hits.reduce((sum, hit) => sum + hit.score, 0) / hits.length;
}

// The better match of an entry: with the query as one word, or with its words.
function bestMatch(entry, whole, words) {
  const hit = matchWord(entry, whole);
  if (words.length < 2) {
    return hit;
  }
  const hits = [];
  for (const word of words) {
    const found = matchWord(entry, word);
    if (!found) {
      return hit;
    }
    hits.push(found);
  }
  const score = mean(hits);
  return hit && hit.score > score ? hit : { score, at: hits.flatMap(({ at }) => at) };
}

function matchWord(entry, word) {
  const hit = match(word, entry.prepared);
  const alias = entry.alias && (!hit || hit.score < EXACT) ? match(word, entry.alias) : undefined;
  return alias && (!hit || alias.score > hit.score) ? { score: alias.score - 1, at: hit ? hit.at : [] } : hit;
}

function result({ kind, name, since, removed }, { score, at, penalty = 0, isWeighed }, owner, href) {
  const total = (isWeighed ? score : weigh(kind, score)) - penalty + KINDS[kind] - Math.min(name.length, 60) / 2 - (removed ? 100 : 0);
  return { kind, name, owner, href, at, score: total, since, removed };
}
