// A box that searches while one types and remembers the id of what is chosen (core/_picker.html). The server draws the matches.

const PAUSE = 180;

export default function picker(element, { load }) {
  const box = element.querySelector('[role="combobox"]');
  const id = element.querySelector("[data-picker-id]");
  const list = element.querySelector('[role="listbox"]');
  let timer;
  let asked = ""; // what the newest question was about
  let answered = ""; // what the matches in the list are of
  let isHurried = false; // Enter was pressed before they came

  const options = () => [...list.querySelectorAll("[data-id]")];

  function show(shown) {
    list.hidden = !shown;
    box.setAttribute("aria-expanded", String(shown));
    if (!shown) box.removeAttribute("aria-activedescendant");
  }

  function mark(option) {
    for (const other of options()) other.setAttribute("aria-selected", String(other === option));
    if (option) box.setAttribute("aria-activedescendant", option.id);
    option?.scrollIntoView({ block: "nearest" });
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
    const [first] = options();
    if (isHurried && first) return choose(first);
    show(true);
    mark(first);
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
    const all = options();
    const at = all.findIndex((option) => option.getAttribute("aria-selected") === "true");
    if (event.key === "ArrowDown") mark(all[(at + 1) % all.length]);
    else if (event.key === "ArrowUp") mark(all[(at - 1 + all.length) % all.length]);
    else if (event.key === "Enter" && all[at]) choose(all[at]);
    else if (event.key === "Escape") show(false);
    else return;
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
