// A list of options beside a field that keeps the focus: one of them is marked, the arrows walk from one to the next.

export function optionsOf(field, list, selector = "[data-id]") {
  const all = () => [...list.querySelectorAll(selector)];
  const marked = () => all().find((option) => option.getAttribute("aria-selected") === "true");

  function mark(option) {
    for (const other of all()) other.setAttribute("aria-selected", String(other === option));
    if (option?.id) field()?.setAttribute("aria-activedescendant", option.id);
    else field()?.removeAttribute("aria-activedescendant");
    option?.scrollIntoView({ block: "nearest" });
  }

  /** Whether the key was an arrow; then the next option, or the one before, is marked. */
  function walk(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return false;
    const options = all();
    mark(options[(options.indexOf(marked()) + step + options.length) % options.length]);
    return true;
  }

  return { all, marked, mark, walk };
}
