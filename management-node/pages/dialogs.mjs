// Questions. Each is answered by a promise; the browser keeps the focus within
// the dialog, and gives it back to where it was.

import { $, attribute, element, show } from "./elements.mjs";

function opened(dialog) {
  dialog.returnValue = "no";
  dialog.showModal();
  return new Promise((done) => {
    dialog.addEventListener("close", () => done(dialog.returnValue === "yes"), { once: true });
  });
}

/** Whether to go on; `typed` is a name that has to be typed for it. */
export async function confirm({ title, text, label, typed }) {
  $("confirm-title").textContent = title;
  $("confirm-text").textContent = text;
  $("confirm-yes").textContent = label;
  $("confirm-wanted").textContent = typed ?? "";
  show($("confirm-typing"), typed !== undefined);
  const [name, yes] = [$("confirm-name"), $("confirm-yes")];
  name.value = "";
  name.required = typed !== undefined;
  name.oninput = () => {
    name.setCustomValidity(name.value === typed ? "" : `Type ${typed}.`);
    attribute(yes, "aria-disabled", typed !== undefined && name.value !== typed ? "true" : null);
  };
  if (typed === undefined) {
    name.oninput = null;
    name.setCustomValidity("");
    attribute(yes, "aria-disabled", null);
  } else {
    name.oninput();
  }
  const answer = opened($("confirm"));
  (typed === undefined ? $("confirm-no") : name).focus();
  return answer;
}

/** One of these images; null if none. */
export async function chooseIso({ title, text, isos }) {
  $("choose-title").textContent = title;
  $("choose-text").textContent = text;
  $("choose-yes").disabled = isos.length === 0;
  $("choose-list").replaceChildren(
    ...isos.map((iso, nth) => {
      const it = document.createElement("li");
      const input = document.createElement("input");
      Object.assign(input, { type: "radio", name: "iso", value: iso.uuid, id: `choose-${iso.uuid}`, checked: nth === 0 });
      const label = element("label", "", iso.name ?? iso.uuid);
      label.htmlFor = input.id;
      it.append(input, label);
      return it;
    }),
  );
  const answer = opened($("choose-iso"));
  ($("choose-list").querySelector("input") ?? $("choose-no")).focus();
  if (!(await answer)) {
    return null;
  }
  const chosen = $("choose-list").querySelector("input:checked")?.value;
  return isos.find((iso) => iso.uuid === chosen) ?? null;
}
