// How lists travel in the index.

// The numbers of a list, which travel as what each is more than the last.
export function numbers(text) {
  let last = 0;
  return text === "" ? [] : text.split(" ").map((it) => {
    last += parseInt(it, 36);
    return last;
  });
}

export function lines(text) {
  return text === "" ? [] : text.split("\n");
}
