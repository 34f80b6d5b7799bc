// Parts of one page: [role=tablist] of [role=tab aria-controls=id]. Arrows walk, the address remembers (#id).

export default function tabs(list) {
  const all = [...list.querySelectorAll('[role="tab"]')];

  function show(tab, focus = false) {
    for (const other of all) {
      const chosen = other === tab;
      other.setAttribute("aria-selected", String(chosen));
      other.tabIndex = chosen ? 0 : -1;
      document.getElementById(other.getAttribute("aria-controls")).hidden = !chosen;
    }
    if (focus) tab.focus();
    history.replaceState(history.state, "", `#${tab.getAttribute("aria-controls")}`);
  }

  list.addEventListener("click", ({ target }) => {
    const tab = target.closest('[role="tab"]');
    if (tab) show(tab);
  });
  list.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    show(all[(all.indexOf(document.activeElement) + step + all.length) % all.length], true);
  });
  const remembered = all.find((tab) => `#${tab.getAttribute("aria-controls")}` === location.hash);
  if (remembered) show(remembered);
}
