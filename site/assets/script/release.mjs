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
