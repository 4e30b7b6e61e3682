// What the site is searched for: the index as `search.js` brings it, and what
// answers to a query. The writer of the index is `search.rs`.
import { Descriptions } from "./descriptions.mjs";
import { lines, numbers } from "./lists.mjs";
import { EXACT, match, prepare } from "./match.mjs";

// How much the kind counts: of two that match alike, the first here is first.
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

// From this on, a name begins with the word, or one of its words does.
const NAMED = 600;

// What a match is worth to a kind, so that answers have this order: whole names,
// but for those of parts; operations with the word in their names; types, errors
// and pages with it; operations with it in the summary; whole names of parts; and
// what is left. A name of a part in camel case that is typed as it is written is
// surely meant, and counts as a whole name.
function weighed(kind, score) {
  // An alias is worth one less.
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

// The anchor of a name, as pages make it.
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
    // In the order in which the writer counts them.
    const described = ["operation", "type", "error", "category", "page"];
    this.descriptions = new Descriptions(data, described.flatMap((kind) => this.entries.filter((it) => it.kind === kind)));
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
    const described = this.descriptions.find(whole);
    const found = [];
    for (const it of this.entries) {
      if (it.owners) {
        this.owned(it, query, parts, found);
        continue;
      }
      const named = best(it, whole, words);
      const said = described.get(it);
      if (named && !(said > named.score)) {
        found.push(result(it, named, it.owner, it.href));
      } else if (said) {
        found.push({ ...result(it, { score: said, at: [] }, it.owner, it.href), isDescribed: true });
      }
    }
    const path = whole.includes("-") && asPath(`/${query}`, this.basePath);
    if (path) {
      found.push(...this.paths(path).map((it) => ({ ...it, score: it.score - 400 })));
    }
    return found;
  }

  // A name that several have: words that it does not answer to are for the
  // name of the owner.
  owned(it, query, parts, found) {
    const whole = query.toLowerCase();
    const own = best(it, whole, [whole]);
    if (own) {
      const isWeighed = it.name === query && /[a-z][A-Z]/.test(query);
      it.owners.forEach((owner, nth) => {
        const hit = { ...own, later: Math.min(nth, 9), isWeighed };
        found.push(result(it, hit, owner.name, `${owner.page}#${it.anchor}`));
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
        // Both names were given: that is worth more than the part's name alone,
        // and less than one name that says as much.
        const score = mean([...hits.filter((hit) => hit), ...theirs]) - 300;
        found.push(result(it, { score, at, isWeighed: true }, owner.name, `${owner.page}#${it.anchor}`));
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

function result(it, { score, at, later = 0, isWeighed }, owner, href) {
  const worth = (isWeighed ? score : weighed(it.kind, score)) - later + KINDS[it.kind] - Math.min(it.name.length, 60) / 2 - (it.removed ? 100 : 0);
  return { kind: it.kind, name: it.name, owner, href, at, score: worth, since: it.since, removed: it.removed };
}
