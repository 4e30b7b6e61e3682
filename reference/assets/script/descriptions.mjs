// Words of summaries and descriptions, with the elements that they describe.
import { lines, numbers } from "./lists.mjs";
import { EXACT, match } from "./match.mjs";

// The score of a word in a summary and in the rest of a description: below a
// word of a name, above a name that only contains the letters.
const SUMMARY = 545;
const REST = 420;

// A word without the ending of a plural, past tense or participle:
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

// The words of a text in lower case, split as by the writer of the index.
export function wordsOf(text) {
  return text.toLowerCase().split(/[^\p{Alphabetic}\p{N}]+/u).filter((word) => word.length > 1);
}

export class Descriptions {
  // `described` are the entries that the numbers of the index refer to.
  constructor({ descriptions: { summaries, rest, ignored } }, described) {
    this.described = described;
    this.ignored = new Set(ignored.split(" "));
    const read = ({ names, owners }, score) => lines(names).map((word, index) => ({ word, stem: stem(word), owners: owners[index], score }));
    this.words = [...read(summaries, SUMMARY), ...read(rest, REST)];
  }

  // The scores of the entries that have all words of a query in their description
  // or name, and at least one in their description.
  find(query) {
    const words = wordsOf(query).filter((word) => !this.ignored.has(word));
    const scores = words.map((word) => this.scoresOf(word));
    const found = new Map();
    for (const entry of new Set(scores.flatMap((score) => [...score.keys()]))) {
      const all = words.map((word, index) => Math.max(scores[index].get(entry) || 0, nameScore(word, entry)));
      if (all.every((score) => score > 0)) {
        found.set(entry, all.reduce((sum, score) => sum + score, 0) / all.length);
      }
    }
    return found;
  }

  scoresOf(typed) {
    const typedStem = stem(typed);
    const scores = new Map();
    for (const { word, stem: root, owners, score } of this.words) {
      const part = word === typed ? 1 : root === typedStem ? 0.97 : typed.length > 2 && word.startsWith(typed) ? 0.9 : 0;
      if (part > 0) {
        for (const number of numbers(owners)) {
          const entry = this.described[number];
          scores.set(entry, Math.max(scores.get(entry) || 0, score * part));
        }
      }
    }
    return scores;
  }
}

// The score of a name for one word of several. Only whole words of the name
// count, and no more than in a summary: short names would outweigh descriptions.
function nameScore(word, entry) {
  const score = match(word, entry.prepared)?.score ?? 0;
  return score > EXACT / 2 ? Math.min(score, SUMMARY) : 0;
}
