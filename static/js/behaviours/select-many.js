// Ticked rows of a form show what can be done with them: [data-select-bar] with [data-select-count]. Shift ticks a stretch.

export default function selectMany(form) {
  const bar = form.querySelector("[data-select-bar]");
  const count = form.querySelector("[data-select-count]");
  if (!bar) return;
  let last;

  const boxes = () => [...form.querySelectorAll('tbody input[type="checkbox"]')];

  function show() {
    const chosen = boxes().filter((box) => box.checked).length;
    bar.hidden = !chosen;
    count.textContent = chosen;
  }

  function clicked(event) {
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

  form.addEventListener("click", clicked);
  show();
  return () => form.removeEventListener("click", clicked);
}
