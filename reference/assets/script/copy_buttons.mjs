// Buttons that copy text.
import { announce, button, el, onPage } from "./dom.mjs";

// Copies a text. Pages without the clipboard API, such as files, select it in a
// hidden field.
function copy(text) {
  if (navigator.clipboard && window.isSecureContext) {
    return navigator.clipboard.writeText(text);
  }
  const area = el("textarea", { class: "unseen" });
  area.value = text;
  document.body.append(area);
  area.select();
  const isCopied = document.execCommand("copy");
  area.remove();
  return isCopied ? Promise.resolve() : Promise.reject(new Error("copying is not allowed"));
}

// The code of a block, without prompts, line numbers and elements that the
// chosen release does not have.
function codeOf(pre) {
  const copied = pre.cloneNode(true);
  copied.querySelectorAll("[data-nocopy], [hidden]").forEach((part) => part.remove());
  return copied.textContent.replace(/^\$ /gm, "");
}

export function copyButton(what, text, label = "Copy") {
  const result = button(label, "copy", () => {
    const show = (word) => {
      result.textContent = word;
      announce(`${word}: ${what}`);
      setTimeout(() => { result.textContent = label; }, 1500);
    };
    const wanted = text();
    if (wanted === "") {
      show("Nothing to copy");
      return;
    }
    copy(wanted).then(() => show("Copied"), () => show("Copy failed"));
  });
  result.setAttribute("aria-label", `${label === "Copy" ? "Copy" : `${label}:`} ${what}`);
  return result;
}

// Adds a copy button to a block of code.
export function addFrame(pre) {
  const frame = el("div", { class: pre.classList.contains("panel") ? "frame panel" : "frame" });
  pre.classList.remove("panel");
  pre.replaceWith(frame);
  frame.append(pre, copyButton("the code", () => codeOf(pre)));
}

onPage(() => {
  document.querySelectorAll("[data-copy]").forEach((part) => {
    part.after(copyButton(part.textContent, () => part.textContent));
  });
  document.querySelectorAll("[data-copy-link]").forEach((link) => {
    link.after(copyButton("the link", () => link.href));
  });
  document.querySelectorAll("pre").forEach(addFrame);
});
