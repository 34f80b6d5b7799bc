// A form that is on its way cannot be sent a second time; its button says so.

import { onFormRequest } from "../htmx.js";

const away = new WeakSet();

function buttons(form) {
  return [...form.elements].filter((element) => element.type === "submit");
}

function lock(form) {
  away.add(form);
  buttons(form).forEach((button) => button.setAttribute("aria-busy", "true"));
}

function unlock(form) {
  away.delete(form);
  buttons(form).forEach((button) => button.removeAttribute("aria-busy"));
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method === "dialog" || event.defaultPrevented) return;
  if (away.has(form)) event.preventDefault();
  // After this tick: another listener may yet keep the form from leaving.
  else if (form.method === "post") setTimeout(() => event.defaultPrevented || lock(form));
});
onFormRequest(lock, unlock);
window.addEventListener("pageshow", (event) => event.persisted && document.querySelectorAll("form").forEach(unlock));
