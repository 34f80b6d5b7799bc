// The command palette: a button opens it, the server fills it (data-url), arrows walk its options, Enter goes.
// Options are links or buttons with role="option" inside the dialog; the field is its first input.

export default function palette(button, { htmx }) {
  const dialog = document.getElementById("palette");
  const inside = document.getElementById("palette-content");

  const options = () => [...inside.querySelectorAll('[role="option"]')];

  function choose(option) {
    for (const other of options()) other.setAttribute("aria-selected", String(other === option));
    option?.scrollIntoView({ block: "nearest" });
    const field = inside.querySelector("input");
    if (option?.id) field?.setAttribute("aria-activedescendant", option.id);
    else field?.removeAttribute("aria-activedescendant");
  }

  async function open(event) {
    if (!button.dataset.url) return;
    event.preventDefault();
    if (dialog.open) return;
    dialog.showModal();
    if (!inside.querySelector("input")) await htmx.ajax("GET", button.dataset.url, { target: "#palette-content", swap: "innerHTML" });
    const field = inside.querySelector("input");
    field?.focus();
    field?.select();
  }

  function walk(event) {
    if (event.isComposing) return;
    const all = options();
    const at = all.findIndex((option) => option.getAttribute("aria-selected") === "true");
    if (event.key === "ArrowDown") choose(all[(at + 1) % all.length]);
    else if (event.key === "ArrowUp") choose(all[(at - 1 + all.length) % all.length]);
    else if (event.key === "Enter" && all.length) {
      const chosen = all[Math.max(at, 0)];
      (chosen.matches("a, button") ? chosen : (chosen.querySelector("a, button") ?? chosen)).click();
    } else return;
    event.preventDefault();
  }

  function closeOutside(event) {
    if (event.target === dialog || event.target.closest('[role="option"], [data-palette-close]')) dialog.close();
  }

  button.addEventListener("click", open);
  dialog.addEventListener("keydown", walk);
  dialog.addEventListener("click", closeOutside);
  return () => {
    button.removeEventListener("click", open);
    dialog.removeEventListener("keydown", walk);
    dialog.removeEventListener("click", closeOutside);
  };
}
