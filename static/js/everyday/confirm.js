// Asks before something that cannot be taken back: hx-confirm="Sentence" or data-confirm="Sentence" on a form or its
// button; data-confirm-verb="Delete" names the button that goes ahead.

import { onConfirm } from "../htmx.js";

const dialog = document.getElementById("confirm");
const agreed = new WeakSet();

/** Resolves to true when the person goes ahead. */
export function ask(sentence, verb) {
  const go = dialog.querySelector("[data-confirm-go]");
  dialog.querySelector(".dialog-text").textContent = sentence;
  go.textContent = verb || go.dataset.confirmGo;
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "go"), { once: true });
  });
}

if (dialog) {
  onConfirm((sentence, element) => ask(sentence, element.dataset.confirmVerb));
  document.addEventListener(
    "submit",
    async (event) => {
      const asked = event.submitter?.dataset.confirm ? event.submitter : event.target;
      if (!asked.dataset.confirm || agreed.has(event.target)) {
        agreed.delete(event.target);
        return;
      }
      event.preventDefault();
      event.stopImmediatePropagation();
      if (!(await ask(asked.dataset.confirm, asked.dataset.confirmVerb))) return;
      agreed.add(event.target);
      event.target.requestSubmit(event.submitter ?? undefined);
    },
    { capture: true },
  );
}
