// A box that searches while one types and remembers the id of what is chosen (core/_picker.html). The server draws the matches.

const PAUSE = 180;

export default function picker(element, { load }) {
  const box = element.querySelector('[role="combobox"]');
  const id = element.querySelector("[data-picker-id]");
  const list = element.querySelector('[role="listbox"]');
  let timer;
  let answered = ""; // what the matches in the list were asked for with

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
    if (!(await load(`${element.dataset.url}?q=${encodeURIComponent(text)}`, list))) return;
    answered = text;
    if (document.activeElement !== box || box.value.trim() !== text) return;
    show(true);
    mark(options()[0]);
  }

  function typed(event) {
    if (event.isComposing) return;
    id.value = "";
    clearTimeout(timer);
    timer = setTimeout(look, PAUSE);
  }

  // Enter before the matches have come brings them, instead of sending the form or taking a match of other words.
  const isTooEarly = ({ key }) => key === "Enter" && !id.value && ![answered, ""].includes(box.value.trim());

  function walk(event) {
    if (event.isComposing) return;
    if (isTooEarly(event)) {
      event.preventDefault();
      clearTimeout(timer);
      look();
    }
    if (list.hidden || event.defaultPrevented) return;
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
  return () => clearTimeout(timer);
}
