// Decodes the lists of the search index.

// Numbers in base 36, each written as the difference from the one before.
export function numbers(text) {
  let last = 0;
  return text === "" ? [] : text.split(" ").map((step) => {
    last += parseInt(step, 36);
    return last;
  });
}

export function lines(text) {
  return text === "" ? [] : text.split("\n");
}
