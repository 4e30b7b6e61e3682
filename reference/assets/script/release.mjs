// What a release had.

// Versions are numbers with dots between them; absent numbers are zero.
export function compare(a, b) {
  const [left, right] = [a, b].map((it) => it.split(".").map(Number));
  for (let nth = 0; nth < Math.max(left.length, right.length); nth += 1) {
    const order = (left[nth] || 0) - (right[nth] || 0);
    if (order) {
      return Math.sign(order);
    }
  }
  return 0;
}

// The release that `?v=asked` means: the one of that version, or else the newest
// one before it. `problem` explains what was wrong with `asked`, `nearest` is the
// release to suggest; no `release` means that all of them are shown.
export function resolveRelease(asked, releases) {
  if (!asked || releases.length === 0) {
    return {};
  }
  const [first, newest] = [releases[0], releases.at(-1)];
  const numbers = asked.split(".");
  if (numbers.length > 4 || !numbers.every((it) => /^\d{1,5}$/.test(it) && Number(it) <= 65535)) {
    return { nearest: newest, problem: `${asked} is not a release: a release is a number such as ${newest}.` };
  }
  const release = releases.findLast((it) => compare(it, asked) <= 0);
  if (!release) {
    return { nearest: first, problem: `${asked} is not a release: the first one is ${first}.` };
  }
  if (compare(release, asked) === 0) {
    return { release };
  }
  return release === newest
    ? { nearest: newest, problem: `${asked} is not a release: the newest one is ${newest}.` }
    : { release, nearest: release, problem: `${asked} is not a release.` };
}

// Where an element stands in a release: "later", "there" or "gone". Without a
// release everything stands as it is now.
export function standing(release, since, removed) {
  if (!release) {
    return removed ? "gone" : "there";
  }
  if (since && compare(since, release) > 0) {
    return "later";
  }
  return removed && compare(removed, release) <= 0 ? "gone" : "there";
}
