// Dialogs that return promises. The browser keeps the focus within a dialog, and
// restores it afterwards.

import { $, attribute, element, show } from "./elements.mjs";

function openDialog(dialog) {
  dialog.returnValue = "no";
  dialog.showModal();
  return new Promise((done) => {
    dialog.addEventListener("close", () => done(dialog.returnValue === "yes"), { once: true });
  });
}

/** Asks for confirmation; `typed` is a name that has to be typed. */
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
  const answer = openDialog($("confirm"));
  (typed === undefined ? $("confirm-no") : name).focus();
  return answer;
}

/** Lets the user choose an image; null if none is chosen. */
export async function chooseIso({ title, text, isos }) {
  $("choose-title").textContent = title;
  $("choose-text").textContent = text;
  $("choose-yes").disabled = isos.length === 0;
  $("choose-list").replaceChildren(
    ...isos.map((iso, index) => {
      const item = document.createElement("li");
      const input = document.createElement("input");
      Object.assign(input, { type: "radio", name: "iso", value: iso.uuid, id: `choose-${iso.uuid}`, checked: index === 0 });
      const label = element("label", "", iso.name ?? iso.uuid);
      label.htmlFor = input.id;
      item.append(input, label);
      return item;
    }),
  );
  const answer = openDialog($("choose-iso"));
  ($("choose-list").querySelector("input") ?? $("choose-no")).focus();
  if (!(await answer)) {
    return null;
  }
  const chosen = $("choose-list").querySelector("input:checked")?.value;
  return isos.find((iso) => iso.uuid === chosen) ?? null;
}
