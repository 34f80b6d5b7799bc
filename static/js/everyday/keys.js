// One key, one deed: an element with data-key="n" (or a pair such as "g b") is clicked or, if a field, focused.
// Never while typing; "?" lists them. A button with data-opens="id" opens that dialog.

let first = "";
let timer;

const typing = (element) => element.closest("input, textarea, select, [contenteditable]");

function elementFor(key) {
  const layer = [...document.querySelectorAll("dialog[open]")].at(-1) ?? document;
  const meant = [...layer.querySelectorAll("[data-key]")].filter((element) => element.dataset.key.split("|").includes(key) && !element.disabled);
  return meant.find((element) => element.closest("main")) ?? meant[0]; // the page's own key before the one that works everywhere
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.altKey || event.isComposing) return;
  const command = event.ctrlKey || event.metaKey;
  if (command && event.key.toLowerCase() === "k") return run(event, "mod k");
  if (command || typing(event.target)) return;
  const key = first ? `${first} ${event.key}` : event.key;
  clearTimeout(timer);
  first = "";
  if (run(event, key)) return;
  first = event.key.length === 1 ? event.key : "";
  timer = setTimeout(() => (first = ""), 900);
});

function run(event, key) {
  const element = elementFor(key);
  if (!element) return false;
  event.preventDefault();
  if (element.matches("input, textarea, select")) element.focus();
  else element.click();
  return true;
}

/** The page's own keys, read off its elements, below those that work everywhere. */
function listHere(dialog) {
  const form = dialog.querySelector("#keys-here");
  dialog.querySelector("#keys-of-page")?.remove();
  const own = [...document.querySelectorAll("main [data-key]")].filter((element) => !element.disabled && element.offsetParent);
  if (!form || !own.length) return;
  const part = document.createElement("section");
  part.id = "keys-of-page";
  part.append(form.content.cloneNode(true));
  for (const [keys, words] of new Map(own.map((element) => [element.dataset.key, element.ariaLabel || element.textContent.trim()]))) {
    const term = document.createElement("dt");
    for (const key of keys.split("|").at(-1).split(" ")) term.append(Object.assign(document.createElement("kbd"), { textContent: key }), " ");
    const meaning = Object.assign(document.createElement("dd"), { textContent: words || "–" });
    part.querySelector("dl").append(term, meaning);
  }
  form.after(part);
}

document.addEventListener("click", ({ target }) => {
  const dialog = document.getElementById(target.closest?.("[data-opens]")?.dataset.opens);
  if (!dialog) return;
  if (dialog.id === "keys") listHere(dialog);
  dialog.showModal();
});
