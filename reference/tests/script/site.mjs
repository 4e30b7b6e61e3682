// The site under test: a folder.
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";

if (!process.env.SITE) {
  throw new Error("set SITE to the folder of a site; `cargo xtask site` writes one");
}

export function read(path) {
  return readFileSync(join(process.env.SITE, path), "utf8");
}

// The JSON of all operations' pages.
export function operations() {
  const files = readdirSync(join(process.env.SITE, "operations"));
  const pages = files.filter((it) => it.endsWith(".json") && it !== "index.json");
  return pages.map((it) => ({ page: it, ...JSON.parse(read(`operations/${it}`)) }));
}

export function searchIndex() {
  new Function(read("assets/search.js"))();
  return globalThis.searchIndex;
}
