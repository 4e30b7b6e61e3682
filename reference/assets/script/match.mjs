// How well a name matches what was typed.

// The scores of the ways to match, best first.
export const EXACT = 1000;
const PREFIX = 800;
const WORD = 650;
const INITIALS = 550;
const INSIDE = 400;
const TYPO = 200;

// Prepares a name for matching: in lower case, with the positions where its words
// begin, at capitals and after other characters than letters and digits.
export function prepare(name) {
  const starts = [];
  let before = OTHER;
  for (let at = 0; at < name.length; at += 1) {
    const kind = kindOf(name.charCodeAt(at));
    if (kind === CAPITAL || (kind === LETTER && before === OTHER)) {
      starts.push(at);
    }
    before = kind;
  }
  return { lower: name.toLowerCase(), starts };
}

const OTHER = 0;
const LETTER = 1;
const CAPITAL = 2;

// The kind of an ASCII character; a digit counts as a letter.
function kindOf(code) {
  if (code >= 65 && code <= 90) {
    return CAPITAL;
  }
  return (code >= 97 && code <= 122) || (code >= 48 && code <= 57) ? LETTER : OTHER;
}

// The score of a lower-case word for a name, and the matched letters as pairs of
// begin and end; undefined if it does not match.
export function match(word, { lower, starts }) {
  if (lower === word) {
    return { score: EXACT, at: [[0, word.length]] };
  }
  if (lower.startsWith(word)) {
    return { score: PREFIX, at: [[0, word.length]] };
  }
  const begun = starts.find((at) => lower.startsWith(word, at));
  if (begun !== undefined) {
    return { score: WORD - begun / 2, at: [[begun, begun + word.length]] };
  }
  const pieces = word.length > 1 ? matchInitials(word, lower, starts) : undefined;
  if (pieces) {
    // Skipped words lower the score, also before the first match.
    const skipped = starts.filter((start) => start <= pieces.at(-1)[0]).length - pieces.length;
    const isWhole = pieces.length === starts.length ? 40 : 0;
    return { score: INITIALS + isWhole - 20 * Math.max(skipped, 0) - 2 * pieces.length, at: pieces };
  }
  const inside = word.length > 1 ? lower.indexOf(word) : -1;
  if (inside >= 0) {
    return { score: INSIDE - inside / 2, at: [[inside, inside + word.length]] };
  }
  if (word.length < 4) {
    return undefined;
  }
  if (hasOneTypo(word, lower, 0, true)) {
    return { score: TYPO + 100, at: [] };
  }
  const typo = starts.find((at) => hasOneTypo(word, lower, at, false));
  return typo === undefined ? undefined : { score: TYPO - typo / 2, at: [] };
}

// Splits the word into pieces that begin words of the name, in order: `aitv` and
// `attiso` match AttachIsoToVmInstance.
function matchInitials(word, lower, starts) {
  if (!hasLetters(word, lower)) {
    return undefined;
  }
  const dead = new Set();
  const from = (typed, index) => {
    if (typed === word.length) {
      return [];
    }
    const key = typed * 64 + index;
    if (dead.has(key)) {
      return undefined;
    }
    for (let next = index; next < starts.length; next += 1) {
      const start = starts[next];
      const room = (starts[next + 1] ?? lower.length) - start;
      let length = 0;
      while (length < room && typed + length < word.length && word[typed + length] === lower[start + length]) {
        length += 1;
      }
      for (; length > 0; length -= 1) {
        const rest = from(typed + length, next + 1);
        if (rest) {
          return [[start, start + length], ...rest];
        }
      }
    }
    dead.add(key);
    return undefined;
  };
  return from(0, 0);
}

// Whether a name has all letters of a word, in order: a quick check.
function hasLetters(word, lower) {
  let at = -1;
  for (const letter of word) {
    at = lower.indexOf(letter, at + 1);
    if (at < 0) {
      return false;
    }
  }
  return true;
}

// Whether the word is the name from `at` on with one typing error: a letter too
// many, too few or wrong, or two swapped. More text may follow unless `isWhole`.
export function hasOneTypo(word, name, at, isWhole) {
  let same = 0;
  while (same < word.length && word.charCodeAt(same) === name.charCodeAt(at + same)) {
    same += 1;
  }
  // First letters are seldom wrong, and checking them would be slow.
  if (same === 0 && !isWhole) {
    return false;
  }
  // Whether the rest is equal after skipping letters of the word and of the name.
  const restMatches = (typed, there) => {
    const [from, to] = [same + typed, at + same + there];
    const end = to + word.length - from;
    if (from > word.length || (isWhole ? end !== name.length : end > name.length)) {
      return false;
    }
    for (let index = from; index < word.length; index += 1) {
      if (word.charCodeAt(index) !== name.charCodeAt(to + index - from)) {
        return false;
      }
    }
    return true;
  };
  return restMatches(1, 0) || restMatches(0, 1) || restMatches(1, 1)
    || (same + 1 < word.length && word[same] === name[at + same + 1] && word[same + 1] === name[at + same] && restMatches(2, 2));
}
