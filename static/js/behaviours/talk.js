// The box of a comment: a list of colleagues after an @, Ctrl+Enter sends. On a record's comments: goes to the one the
// address names. The server draws the matches.

import { optionsOf } from "../options.js";

const PAUSE = 150;
const ASKED = /(?:^|[^A-Za-z0-9_.+-])[@＠]([^\s@＠]{0,40})$/;

/** What stands between the last @ and the caret; null when nobody is being named. */
function typedName(box) {
  const found = ASKED.exec(box.value.slice(0, box.selectionStart));
  return found ? found[1] : null;
}

function goToNamed(element) {
  const named = location.hash.startsWith("#comment-") && element.querySelector(`#${CSS.escape(location.hash.slice(1))}`);
  if (!named) return;
  named.classList.add("is-named");
  named.scrollIntoView({ block: "center" });
  named.focus({ preventScroll: true });
}

export default function talk(element, { load }) {
  const box = element.querySelector(".talk-text");
  goToNamed(element);
  if (!box) return undefined;
  const place = box.closest(".talk-box");
  const list = place.querySelector('[role="listbox"]');
  let timer;
  let answered = null; // the name the list is of
  let isHurried = false; // Enter was pressed before it came

  const options = optionsOf(() => box, list);

  function show(shown) {
    list.hidden = !shown;
    if (!shown) box.removeAttribute("aria-activedescendant");
  }

  function choose(option) {
    const caret = box.selectionStart;
    const begin = caret - typedName(box).length;
    box.setRangeText(`${option.dataset.name} `, begin, caret, "end");
    const meant = Object.assign(document.createElement("input"), { type: "hidden", name: "mentions", value: option.dataset.id });
    place.append(meant);
    show(false);
    box.focus();
    box.dispatchEvent(new Event("input", { bubbles: true }));
  }

  async function look() {
    const name = typedName(box);
    if (name === null) return show(false);
    if (!(await load(`${place.dataset.people}?q=${encodeURIComponent(name)}`, list))) return;
    answered = name;
    if (document.activeElement !== box || typedName(box) !== name || !options.all().length) return show(false);
    if (isHurried) return choose(options.all()[0]);
    show(true);
    options.mark(options.all()[0]);
  }

  function typed(event) {
    if (event.isComposing) return;
    clearTimeout(timer);
    isHurried = false;
    if (typedName(box) === null) show(false);
    else timer = setTimeout(look, PAUSE);
  }

  function pressed(event) {
    if (event.isComposing) return;
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      box.form.requestSubmit();
      return;
    }
    if (list.hidden) return;
    const takes = event.key === "Enter" || event.key === "Tab";
    if (takes && answered !== typedName(box)) isHurried = true;
    else if (takes && options.marked()) choose(options.marked());
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
  box.addEventListener("keydown", pressed);
  box.addEventListener("blur", away);
  list.addEventListener("mousedown", keepFocus);
  list.addEventListener("click", clicked);
  if (element.matches(".talk-line")) box.focus();
  if (document.activeElement === box && typedName(box) !== null) look(); // typed before this was fetched
  return () => clearTimeout(timer);
}
