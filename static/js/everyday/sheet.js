// The side sheet: whatever is loaded into #sheet slides in; "sheet:close" on an answer closes it.

import { afterSwapInto, newestInto } from "../htmx.js";
import { mayLeave } from "./dirty.js";

const sheet = document.getElementById("sheet-dialog");
const inside = document.getElementById("sheet");

function open() {
  if (!inside.firstElementChild) return;
  if (!sheet.open) sheet.showModal();
  const title = inside.querySelector("h2[id]");
  sheet.setAttribute("aria-labelledby", title?.id ?? "");
  const first = inside.querySelector(".is-invalid, [autofocus]") ?? inside.querySelector("input:not([type=hidden]), select, textarea");
  first?.focus();
}

function close() {
  sheet.close();
}

async function closeIfClean() {
  if (await mayLeave(inside)) close();
}

if (sheet) {
  afterSwapInto("sheet", open);
  // Whoever taps twice while the line is slow gets one sheet, and the second does not wipe out what is typed in the first.
  newestInto("sheet", (asker) => !sheet.open || inside.contains(asker));
  document.body.addEventListener("sheet:close", close);
  sheet.addEventListener("cancel", (event) => {
    event.preventDefault();
    closeIfClean();
  });
  sheet.addEventListener("close", () => {
    // A form on its way stays until it is answered: a refusal opens the sheet again.
    if (!sheet.open && !inside.querySelector("[aria-busy]")) inside.replaceChildren();
  });
  sheet.addEventListener("click", (event) => {
    if (event.target === sheet || event.target.closest("[data-sheet-close]")) {
      event.preventDefault();
      closeIfClean();
    }
  });
}
