// An ISO is dragged onto a drive. Whoever has no mouse attaches by the button
// of the drive.

import { $ } from "./elements.mjs";

/** `describe` says of a drop what it would do, or why it cannot; `drop` does it. */
export function watchDrags({ refuses, drop }) {
  let held = null;

  document.addEventListener("dragstart", (event) => {
    const source = event.target.closest?.("[draggable]");
    const iso = source?.dataset.image ?? source?.closest("[data-iso]")?.dataset.iso;
    if (!iso) {
      return;
    }
    held = { iso, vm: source.closest("[data-vm]")?.dataset.vm };
    event.dataTransfer.setData("text/plain", iso);
    event.dataTransfer.effectAllowed = "copyMove";
    for (const drive of $("vm-list").querySelectorAll("[data-drive]")) {
      drive.classList.add(refuses(held, target(drive)) ? "closed" : "open");
    }
  });

  document.addEventListener("dragover", (event) => {
    const drive = event.target.closest?.("[data-drive]");
    for (const it of $("vm-list").querySelectorAll(".over")) {
      it.classList.toggle("over", it === drive);
    }
    if (held && drive?.classList.contains("open")) {
      drive.classList.add("over");
      event.preventDefault();
    }
  });

  document.addEventListener("drop", (event) => {
    const drive = event.target.closest?.("[data-drive]");
    if (held && drive) {
      event.preventDefault();
      drop(held, target(drive));
    }
  });

  document.addEventListener("dragend", () => {
    held = null;
    for (const it of $("vm-list").querySelectorAll("[data-drive]")) {
      it.classList.remove("open", "closed", "over");
    }
  });
}

const target = (drive) => ({ drive: drive.dataset.drive, vm: drive.closest("[data-vm]").dataset.vm });
