// A box that searches while one types and remembers the id of what is chosen (core/_picker.html). The server draws the matches.

import { optionsOf } from "../options.js";

const PAUSE = 180;

export default function picker(element, { load }) {
  const box = element.querySelector('[role="combobox"]');
  const id = element.querySelector("[data-picker-id]");
  const list = element.querySelector('[role="listbox"]');
  let timer;
  let asked = ""; // what the newest question was about
  let answered = ""; // what the matches in the list are of
  let isHurried = false; // Enter was pressed before they came

  const options = optionsOf(() => box, list);

  function show(shown) {
    list.hidden = !shown;
    box.setAttribute("aria-expanded", String(shown));
    if (!shown) box.removeAttribute("aria-activedescendant");
  }

  function choose(option) {
    id.value = option.dataset.id;
    box.value = option.dataset.name;
    show(false);
    id.dispatchEvent(new Event("change", { bubbles: true }));
  }

  async function look() {
    const text = box.value.trim();
    if (!text) return show(false);
    asked = text;
    if (!(await load(`${element.dataset.url}?q=${encodeURIComponent(text)}`, list))) {
      if (asked === text) asked = "";
      return;
    }
    answered = text;
    if (document.activeElement !== box || box.value.trim() !== text) return;
    const [first] = options.all();
    if (isHurried && first) return choose(first);
    show(true);
    options.mark(first);
  }

  function typed(event) {
    if (event.isComposing) return;
    id.value = "";
    isHurried = false;
    clearTimeout(timer);
    timer = setTimeout(look, PAUSE);
  }

  /** Enter before the matches have come takes their first, instead of sending the form or taking one of other words. */
  function hurry() {
    isHurried = true;
    clearTimeout(timer);
    if (asked !== box.value.trim()) look();
  }

  const isTooEarly = () => !id.value && ![answered, ""].includes(box.value.trim());

  function walk(event) {
    if (event.isComposing) return;
    if (event.key === "Enter" && isTooEarly()) {
      event.preventDefault();
      return hurry();
    }
    if (list.hidden) return;
    if (event.key === "Enter" && options.marked()) choose(options.marked());
    else if (event.key === "Escape") show(false);
    else if (!options.walk(event)) return;
    event.preventDefault();
    event.stopPropagation();
  }

  function clicked(event) {
    const option = event.target.closest("[data-id]");
    if (option) choose(option);
  }

  const away = () => setTimeout(() => show(false), 120);
  const keepFocus = (event) => event.preventDefault();

  box.addEventListener("input", typed);
  box.addEventListener("compositionend", typed);
  box.addEventListener("keydown", walk);
  box.addEventListener("blur", away);
  list.addEventListener("mousedown", keepFocus);
  list.addEventListener("click", clicked);
  if (document.activeElement === box && isTooEarly()) look(); // typed while the page was still loading
  return () => clearTimeout(timer);
}
