// The command palette: a button opens it, the server fills it (data-url), arrows walk its options, Enter goes.
// Options are links or buttons with role="option" inside the dialog; the field is its first input. What is pressed before
// the server has answered is not lost: letters go into the field, and Enter waits for the lines of the words that stand there.

import { afterSwapInto } from "../htmx.js";
import { optionsOf } from "../options.js";

export default function palette(button, { load }) {
  const dialog = document.getElementById("palette");
  const inside = document.getElementById("palette-content");
  let early = ""; // typed before the field was there
  let answered = ""; // the words the lines belong to
  let isHurried = false; // Enter was pressed before they came

  const field = () => inside.querySelector("input");
  const options = optionsOf(field, inside, '[role="option"]');

  async function open(event) {
    if (!button.dataset.url) return;
    event.preventDefault();
    if (dialog.open) return;
    dialog.showModal();
    early = "";
    isHurried = false;
    if (!field()) await load(button.dataset.url, inside);
    field()?.focus();
    field()?.select();
    if (early && field()) giveBack();
  }

  function giveBack() {
    const wasHurried = isHurried;
    field().setRangeText(early, 0, field().value.length, "end");
    field().dispatchEvent(new Event("input", { bubbles: true }));
    early = "";
    isHurried = wasHurried;
  }

  function go() {
    const chosen = options.marked() ?? options.all()[0];
    isHurried = false;
    if (chosen) (chosen.matches("a, button") ? chosen : (chosen.querySelector("a, button") ?? chosen)).click();
  }

  function arrived(asked) {
    answered = asked.get("q") ?? "";
    if (isHurried && dialog.open && field().value === answered) go();
  }

  const typed = () => (isHurried = false);

  function walk(event) {
    if (event.isComposing) return;
    if (event.key === "Enter" && (early || field()?.value !== answered)) isHurried = true;
    else if (event.key === "Enter" && options.all().length) go();
    else if (!field() && event.key.length === 1 && !event.ctrlKey && !event.metaKey) early += event.key;
    else if (!options.walk(event)) return;
    event.preventDefault();
  }

  function closeOutside(event) {
    if (event.target === dialog || event.target.closest('[role="option"], [data-palette-close]')) dialog.close();
  }

  afterSwapInto("palette-lines", arrived);
  button.addEventListener("click", open);
  dialog.addEventListener("input", typed);
  dialog.addEventListener("keydown", walk);
  dialog.addEventListener("click", closeOutside);
  return () => {
    button.removeEventListener("click", open);
    dialog.removeEventListener("input", typed);
    dialog.removeEventListener("keydown", walk);
    dialog.removeEventListener("click", closeOutside);
  };
}
