// Ticked rows show what can be done with them: [data-select-bar] with [data-select-count]. Shift ticks a stretch,
// [data-select-all] in the head every row shown.

export default function selectMany(rows) {
  const bar = rows.querySelector("[data-select-bar]");
  const count = rows.querySelector("[data-select-count]");
  const every = rows.querySelector("[data-select-all]");
  if (!bar) return;
  let last;

  const boxes = () => [...rows.querySelectorAll('tbody input[type="checkbox"]')];

  function show() {
    const all = boxes();
    const chosen = all.filter((box) => box.checked).length;
    bar.hidden = !chosen;
    count.textContent = chosen;
    if (every) [every.checked, every.indeterminate] = [chosen === all.length, chosen > 0 && chosen < all.length];
  }

  function clicked(event) {
    if (every && event.target === every) {
      for (const box of boxes()) box.checked = every.checked;
      return show();
    }
    const box = event.target.closest('tbody input[type="checkbox"]');
    if (!box) return;
    const all = boxes();
    if (event.shiftKey && last) {
      const [from, to] = [all.indexOf(last), all.indexOf(box)].sort((one, other) => one - other);
      for (const between of all.slice(from, to + 1)) between.checked = box.checked;
    }
    last = box;
    show();
  }

  rows.addEventListener("click", clicked);
  show();
  return () => rows.removeEventListener("click", clicked);
}
