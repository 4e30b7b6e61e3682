// What the site is searched for: the index as `search.js` brings it, and what
// answers to a query. The writer of the index is `search.rs`.
import { EXACT, match, prepare } from "./match.mjs";

// Of two that match alike, the kind decides.
const KINDS = {
  operation: 90,
  error: 85,
  type: 80,
  category: 75,
  page: 75,
  path: 60,
  key: 55,
  tag: 50,
  value: 40,
  parameter: 30,
  field: 20,
};

// The anchor of a name, as pages make it.
export function slug(text) {
  return text.replace(/[^A-Za-z0-9._]+/g, "-").replace(/-+$/, "");
}

// The numbers of a list, which travel as what each is more than the last.
function numbers(text) {
  let last = 0;
  return text === "" ? [] : text.split(" ").map((it) => {
    last += parseInt(it, 36);
    return last;
  });
}

function lines(text) {
  return text === "" ? [] : text.split("\n");
}

export class Index {
  constructor(data) {
    this.entries = [];
    const categories = data.categories.map(([name, title]) => {
      this.add("category", title, { href: `categories/${name}.html`, alias: name });
      return title;
    });
    data.pages.forEach(([title, href]) => this.add("page", title, { href }));
    const { names, categories: of, routes, keys, since, removed } = data.operations;
    const life = ({ since: from, removed: to }, nth) => ({
      since: data.releases[from[nth] - 1],
      removed: data.releases[to[nth] - 1],
    });
    const operations = lines(names).map((name, nth) => ({
      name,
      page: `operations/${name}.html`,
      owner: categories[of[nth]],
      ...life({ since, removed }, nth),
    }));
    this.routes = [];
    const perLine = routes.split("\n");
    operations.forEach((it, nth) => {
      const common = { href: it.page, since: it.since, removed: it.removed };
      this.add("operation", it.name, { ...common, owner: it.owner });
      for (const route of perLine[nth].split(" ")) {
        const [method, path] = [route.slice(0, route.indexOf("/")), route.slice(route.indexOf("/"))];
        this.routes.push({ kind: "path", method, name: path, owner: it.name, ...common });
      }
    });
    keys.split("\n").forEach((key, nth) => {
      if (key) {
        this.add("key", key, { href: `${operations[nth].page}#body`, owner: operations[nth].name });
      }
    });
    const types = lines(data.types.names).map((name, nth) => ({
      name,
      page: `types/${name}.html`,
      ...life(data.types, nth),
    }));
    types.forEach(({ name, page, ...rest }) => this.add("type", name, { href: page, ...rest }));
    // What many have under one name is one entry with many owners.
    const owned = (kind, { names: text, owners }, holders, prefix) => {
      lines(text).forEach((name, nth) => {
        const of = numbers(owners[nth]).map((it) => holders[it]);
        this.add(kind, name, { owners: of, anchor: prefix + slug(name) });
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
  }

  add(kind, name, rest) {
    const it = { kind, name, ...rest, ready: prepare(name) };
    // A category answers to its name, too.
    it.alias = rest.alias && prepare(rest.alias);
    this.entries.push(it);
  }

  // The best answers, and how many there are in all.
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
    // `VmInstanceInventory.state` is a field and its type.
    const parts = whole.split(/[\s.]+/).filter((it) => it !== "");
    const found = [];
    for (const it of this.entries) {
      if (it.owners) {
        this.owned(it, whole, parts, found);
        continue;
      }
      const hit = best(it, whole, words);
      if (hit) {
        found.push(result(it, hit, it.owner, it.href));
      }
    }
    if (whole.includes("-")) {
      found.push(...this.paths(asPath(`/${query}`, this.basePath)).map((it) => ({ ...it, score: it.score - 400 })));
    }
    return found;
  }

  // A name that several have: words that it does not answer to are for the
  // name of the owner.
  owned(it, whole, parts, found) {
    const own = best(it, whole, [whole]);
    if (own) {
      it.owners.forEach((owner, nth) => {
        found.push(result(it, { ...own, score: own.score - Math.min(nth, 9) }, owner.name, `${owner.page}#${it.anchor}`));
      });
      return;
    }
    if (parts.length < 2) {
      return;
    }
    const hits = parts.map((part) => match(part, it.ready));
    const others = parts.filter((_, nth) => !hits[nth]);
    if (others.length === parts.length) {
      return;
    }
    const at = hits.flatMap((hit) => (hit ? hit.at : []));
    for (const owner of it.owners) {
      owner.ready ||= prepare(owner.name);
      const theirs = others.map((part) => match(part, owner.ready));
      if (theirs.every((hit) => hit)) {
        // What one name says alone comes first.
        const score = mean([...hits.filter((hit) => hit), ...theirs]) - 300;
        found.push(result(it, { score, at }, owner.name, `${owner.page}#${it.anchor}`));
      }
    }
  }

  // Operations by their paths. What is typed in the place of a variable is a
  // value of it.
  paths({ method, segments }) {
    const found = [];
    for (const it of this.routes) {
      if (method && !it.method.startsWith(method)) {
        continue;
      }
      const theirs = it.name.split("/").slice(1);
      const isBegun = segments.every((segment, nth) => {
        const isLast = nth === segments.length - 1;
        const there = theirs[nth];
        if (there === undefined) {
          return segment === "" && isLast;
        }
        return there.startsWith("{") || (isLast ? there.startsWith(segment) : there === segment);
      });
      if (isBegun) {
        const exact = segments.filter((segment, nth) => theirs[nth] === segment).length;
        const isWhole = theirs.length === segments.filter((it) => it !== "").length;
        const score = 900 + 20 * exact + (isWhole ? 50 : 0) - 5 * theirs.length + (it.method === "GET" ? 2 : 0);
        found.push({ ...it, score, at: [] });
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

// What a query is worth to an entry: as one word, or each of its words.
function best(it, whole, words) {
  const hit = one(it, whole);
  if (words.length < 2) {
    return hit;
  }
  const hits = [];
  for (const word of words) {
    const found = one(it, word);
    if (!found) {
      return hit;
    }
    hits.push(found);
  }
  const score = mean(hits);
  return hit && hit.score > score ? hit : { score, at: hits.flatMap((hit) => hit.at) };
}

function one(it, word) {
  const hit = match(word, it.ready);
  const alias = it.alias && (!hit || hit.score < EXACT) ? match(word, it.alias) : undefined;
  return alias && (!hit || alias.score > hit.score) ? { score: alias.score - 1, at: hit ? hit.at : [] } : hit;
}

function result(it, { score, at }, owner, href) {
  const worth = score + KINDS[it.kind] - Math.min(it.name.length, 60) / 2 - (it.removed ? 100 : 0);
  return { kind: it.kind, name: it.name, owner, href, at, score: worth, since: it.since, removed: it.removed };
}
