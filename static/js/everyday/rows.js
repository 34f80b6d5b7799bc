// Rows of a form that come and go: a copy of <template data-row> is added, a [data-row-line] removed. The last one is emptied.

export default function rows(element) {
  const list = element.querySelector("[data-rows]");
  const template = element.querySelector("template[data-row]");

  const changed = () => list.dispatchEvent(new Event("input", { bubbles: true }));

  function add() {
    list.append(template.content.cloneNode(true));
    list.lastElementChild.querySelector("select, input")?.focus();
  }

  function remove(line) {
    const next = line.nextElementSibling ?? line.previousElementSibling;
    if (next) {
      line.remove();
      next.querySelector("input")?.focus();
    } else {
      line.querySelectorAll("input").forEach((input) => (input.value = ""));
    }
    changed();
  }

  function click({ target }) {
    if (target.closest("[data-row-add]")) add();
    const line = target.closest("[data-row-remove]")?.closest("[data-row-line]");
    if (line) remove(line);
  }

  element.addEventListener("click", click);
  return () => element.removeEventListener("click", click);
}
