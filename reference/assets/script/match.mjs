// How well a name answers to what was typed.

// The ways, the best first: what each is worth.
export const EXACT = 1000;
const PREFIX = 800;
const WORD = 650;
const INITIALS = 550;
const INSIDE = 400;
const TYPO = 200;

// A name, made ready to be compared: in lower case, and where its words begin:
// at capitals, and after what is no letter.
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

// Of a character of ASCII; a digit is a letter.
function kindOf(code) {
  if (code >= 65 && code <= 90) {
    return CAPITAL;
  }
  return (code >= 97 && code <= 122) || (code >= 48 && code <= 57) ? LETTER : OTHER;
}

// What a word, in lower case, is worth to a name, and which letters it met:
// pairs of where they begin and end. Nothing where it does not match.
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
  const pieces = word.length > 1 ? initials(word, lower, starts) : undefined;
  if (pieces) {
    // The first word counts, and so do words that were left out.
    const left = starts.filter((it) => it <= pieces.at(-1)[0]).length - pieces.length;
    const isWhole = pieces.length === starts.length ? 40 : 0;
    return { score: INITIALS + isWhole - 20 * Math.max(left, 0) - 2 * pieces.length, at: pieces };
  }
  const inside = word.length > 1 ? lower.indexOf(word) : -1;
  if (inside >= 0) {
    return { score: INSIDE - inside / 2, at: [[inside, inside + word.length]] };
  }
  if (word.length < 4) {
    return undefined;
  }
  if (isOff(word, lower, 0, true)) {
    return { score: TYPO + 100, at: [] };
  }
  const off = starts.find((at) => isOff(word, lower, at, false));
  return off === undefined ? undefined : { score: TYPO - off / 2, at: [] };
}

// The word in pieces, each of which begins a word of the name, in their order:
// `aitv` and `attiso` are AttachIsoToVmInstance.
function initials(word, lower, starts) {
  if (!isWithin(word, lower)) {
    return undefined;
  }
  const dead = new Set();
  const from = (typed, nth) => {
    if (typed === word.length) {
      return [];
    }
    const key = typed * 64 + nth;
    if (dead.has(key)) {
      return undefined;
    }
    for (let next = nth; next < starts.length; next += 1) {
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

// Whether all letters are there, in their order: quick to tell.
function isWithin(word, lower) {
  let at = -1;
  for (const letter of word) {
    at = lower.indexOf(letter, at + 1);
    if (at < 0) {
      return false;
    }
  }
  return true;
}

// Whether one mistake was made in typing what stands there: a letter too many,
// too few or another one, or two that changed places. Unless it is to be the
// whole name, more may follow.
export function isOff(word, name, at, isWhole) {
  let same = 0;
  while (same < word.length && word.charCodeAt(same) === name.charCodeAt(at + same)) {
    same += 1;
  }
  // A first letter is seldom wrong, and would be much to look through.
  if (same === 0 && !isWhole) {
    return false;
  }
  // Whether the rest is the same after so many letters of each.
  const rest = (typed, there) => {
    const [from, to] = [same + typed, at + same + there];
    const end = to + word.length - from;
    if (from > word.length || (isWhole ? end !== name.length : end > name.length)) {
      return false;
    }
    for (let nth = from; nth < word.length; nth += 1) {
      if (word.charCodeAt(nth) !== name.charCodeAt(to + nth - from)) {
        return false;
      }
    }
    return true;
  };
  return rest(1, 0) || rest(0, 1) || rest(1, 1)
    || (same + 1 < word.length && word[same] === name[at + same + 1] && word[same + 1] === name[at + same] && rest(2, 2));
}
