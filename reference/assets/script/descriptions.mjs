// Words of summaries and of descriptions, and what they describe.
import { lines, numbers } from "./lists.mjs";
import { EXACT, match } from "./match.mjs";

// What a word is worth in a summary and in the rest of a description: below a
// word of a name, above a name that only contains the letters.
const SUMMARY = 545;
const REST = 420;

// A word without the ending of its plural, its past or its participle:
// "attaching", "attached" and "attaches" are "attach".
export function stem(word) {
  if (word.length < 4 || !/^[a-z]+$/.test(word)) {
    return word;
  }
  const bare = word.replace(/(?:ies|y)$/, "i").replace(/(?:ing|ed|es|s|e)$/, "");
  if (bare.length < 3) {
    return word;
  }
  // "stopped" and "running", but not "passed" and "called".
  return /(?:ing|ed)$/.test(word) ? bare.replace(/([bdgmnprt])\1$/, "$1") : bare;
}

// The words of a text, in lower case, as the writer of the index cuts it.
export function wordsOf(text) {
  return text.toLowerCase().split(/[^\p{Alphabetic}\p{N}]+/u).filter((it) => it.length > 1);
}

export class Descriptions {
  // `described` are the entries that numbers stand for.
  constructor({ descriptions: { summaries, rest, ignored } }, described) {
    this.described = described;
    this.ignored = new Set(ignored.split(" "));
    const read = ({ names, owners }, worth) => lines(names).map((word, nth) => ({ word, stem: stem(word), owners: owners[nth], worth }));
    this.words = [...read(summaries, SUMMARY), ...read(rest, REST)];
  }

  // What the words of a query are worth to each entry that has all of them, in
  // its description or in its name, and at least one in its description.
  find(query) {
    const words = wordsOf(query).filter((it) => !this.ignored.has(it));
    const worths = words.map((word) => this.worthOf(word));
    const found = new Map();
    for (const it of new Set(worths.flatMap((worth) => [...worth.keys()]))) {
      const all = words.map((word, nth) => Math.max(worths[nth].get(it) || 0, nameWorth(word, it)));
      if (all.every((worth) => worth > 0)) {
        found.set(it, all.reduce((sum, worth) => sum + worth, 0) / all.length);
      }
    }
    return found;
  }

  worthOf(typed) {
    const typedStem = stem(typed);
    const worths = new Map();
    for (const { word, stem: root, owners, worth } of this.words) {
      const part = word === typed ? 1 : root === typedStem ? 0.97 : typed.length > 2 && word.startsWith(typed) ? 0.9 : 0;
      if (part > 0) {
        for (const number of numbers(owners)) {
          const it = this.described[number];
          worths.set(it, Math.max(worths.get(it) || 0, worth * part));
        }
      }
    }
    return worths;
  }
}

// What a word among others is worth to a name: whole words of it count, and no
// more than in a summary, or short names would outweigh what is said of them.
function nameWorth(word, it) {
  const score = match(word, it.ready)?.score ?? 0;
  return score > EXACT / 2 ? Math.min(score, SUMMARY) : 0;
}
