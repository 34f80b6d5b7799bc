// One key, one deed: an element with data-key="n" (or a pair such as "g b") is clicked or, if a field, focused.
// Never while typing; "?" lists them. A button with data-opens="id" opens that dialog.

let first = "";
let timer;

const typing = (element) => element.closest("input, textarea, select, [contenteditable]");

function elementFor(key) {
  const layer = [...document.querySelectorAll("dialog[open]")].at(-1) ?? document;
  return [...layer.querySelectorAll("[data-key]")].find((element) => element.dataset.key.split("|").includes(key) && !element.disabled);
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

document.addEventListener("click", ({ target }) => {
  const opener = target.closest?.("[data-opens]");
  if (opener) document.getElementById(opener.dataset.opens)?.showModal();
});
