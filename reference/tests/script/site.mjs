// The site that the tests are about: a folder.
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";

if (!process.env.SITE) {
  throw new Error("SITE names the folder of a site: cargo xtask site");
}

export function read(path) {
  return readFileSync(join(process.env.SITE, path), "utf8");
}

// What the pages of all operations say for programs.
export function operations() {
  const files = readdirSync(join(process.env.SITE, "operations"));
  const pages = files.filter((it) => it.endsWith(".json") && it !== "index.json");
  return pages.map((it) => ({ page: it, ...JSON.parse(read(`operations/${it}`)) }));
}

export function searchIndex() {
  new Function(read("assets/search.js"))();
  return globalThis.searchIndex;
}
