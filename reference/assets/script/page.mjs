// The theme, anchors, the list of categories, and printing.
import { button, onPage } from "./dom.mjs";

// The theme is that of the system until the reader chooses one.
const dark = matchMedia("(prefers-color-scheme: dark)");

function isDark() {
  const chosen = document.documentElement.dataset.theme;
  return chosen ? chosen === "dark" : dark.matches;
}

onPage(() => {
  const theme = button("", "theme", () => {
    document.documentElement.dataset.theme = isDark() ? "light" : "dark";
    try {
      localStorage.setItem("theme", document.documentElement.dataset.theme);
    } catch {
      // The choice lasts for this page only.
    }
    show();
  });
  const show = () => {
    theme.textContent = isDark() ? "Light" : "Dark";
    theme.setAttribute("aria-label", isDark() ? "Light theme" : "Dark theme");
  };
  dark.onchange = show;
  show();
  document.getElementById("tools").append(theme);
});

// Opens and shows the element that the address names.
export function reveal() {
  let name = location.hash.slice(1);
  try {
    name = decodeURIComponent(name);
  } catch {
    // A percent sign that begins no escape.
  }
  const target = document.getElementById(name);
  for (let element = target; element; element = element.parentElement) {
    if (element.tagName === "DETAILS") {
      element.open = true;
    }
  }
  if (target) {
    target.scrollIntoView();
  }
}

addEventListener("hashchange", reveal);
onPage(() => {
  if (location.hash) {
    reveal();
  }
  // Scrolls the list of categories to the current page.
  const current = document.querySelector(".categories [aria-current]");
  const list = document.getElementById("categories");
  if (current && list) {
    list.scrollTop = current.offsetTop - list.clientHeight / 3;
  }
});

// Printed pages show everything.
let closed = [];
addEventListener("beforeprint", () => {
  closed = [...document.querySelectorAll("details:not([open])")];
  closed.forEach((details) => { details.open = true; });
});
addEventListener("afterprint", () => {
  closed.forEach((details) => { details.open = false; });
});
