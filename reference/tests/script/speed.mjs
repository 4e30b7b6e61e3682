// Prints how long queries take, in CPU time: node reference/tests/script/speed.mjs, with SITE set
// to the folder of a site. It asserts nothing.
import { Index } from "../../assets/script/index.mjs";
import { QUERIES } from "./queries.mjs";
import { searchIndex } from "./site.mjs";

const now = () => process.cpuUsage().user / 1000;
const data = searchIndex();
let start = now();
const index = new Index(data);
console.log(`index of ${index.entries.length} names: ${(now() - start).toFixed(1)} ms`);
const times = [];
for (let round = 0; round < 5; round += 1) {
  for (const [query] of QUERIES) {
    start = now();
    index.find(query);
    times.push([now() - start, query]);
  }
}
times.sort(([a], [b]) => a - b);
const at = (part) => times[Math.floor((times.length - 1) * part)];
for (const [name, part] of [["median", 0.5], ["95 of 100", 0.95], ["slowest", 1]]) {
  const [time, query] = at(part);
  console.log(`${name}: ${time.toFixed(1)} ms (${query})`);
}
