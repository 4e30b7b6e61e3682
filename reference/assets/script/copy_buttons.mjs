// Buttons that copy.
import { button, el, onPage, say } from "./dom.mjs";

// An old way where the new one is not allowed, as in a file.
function copy(text) {
  if (navigator.clipboard && window.isSecureContext) {
    return navigator.clipboard.writeText(text);
  }
  const area = el("textarea", { class: "unseen" });
  area.value = text;
  document.body.append(area);
  area.select();
  const done = document.execCommand("copy");
  area.remove();
  return done ? Promise.resolve() : Promise.reject(new Error("copying is not allowed"));
}

// What a reader of code means to have: no prompts, no numbers of lines, and
// nothing that a release did not have.
function codeOf(pre) {
  const it = pre.cloneNode(true);
  it.querySelectorAll("[data-nocopy], [hidden]").forEach((part) => part.remove());
  return it.textContent.replace(/^\$ /gm, "");
}

export function copyButton(what, text, label = "Copy") {
  const it = button(label, "copy", () => {
    const tell = (word) => {
      it.textContent = word;
      say(`${word}: ${what}`);
      setTimeout(() => { it.textContent = label; }, 1500);
    };
    const wanted = text();
    if (wanted === "") {
      tell("Nothing to copy");
      return;
    }
    copy(wanted).then(() => tell("Copied"), () => tell("Cannot copy"));
  });
  it.setAttribute("aria-label", `${label === "Copy" ? "Copy" : `${label}:`} ${what}`);
  return it;
}

// A block of code with a button.
export function framed(pre) {
  const frame = el("div", { class: pre.classList.contains("panel") ? "frame panel" : "frame" });
  pre.classList.remove("panel");
  pre.replaceWith(frame);
  frame.append(pre, copyButton("the code", () => codeOf(pre)));
  return frame;
}

onPage(() => {
  document.querySelectorAll("[data-copy]").forEach((it) => {
    it.after(copyButton(it.textContent, () => it.textContent));
  });
  document.querySelectorAll("[data-copy-link]").forEach((it) => {
    it.after(copyButton("the link", () => it.href));
  });
  document.querySelectorAll("pre").forEach(framed);
});
