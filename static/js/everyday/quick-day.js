// Buttons that put a day into a date field: <div data-behaviour="quick-day" data-field="id"> of <button data-day="2026-11-24">.

export default function quickDay(element) {
  const field = document.getElementById(element.dataset.field);
  const show = () => {
    for (const button of element.querySelectorAll("[data-day]")) {
      button.setAttribute("aria-pressed", String(button.dataset.day === field.value));
    }
  };
  const choose = ({ target }) => {
    const button = target.closest("[data-day]");
    if (!button) return;
    field.value = button.dataset.day;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    show();
  };
  const emptied = () => setTimeout(show);
  element.addEventListener("click", choose);
  field.addEventListener("input", show);
  field.form?.addEventListener("reset", emptied);
  show();
  return () => {
    element.removeEventListener("click", choose);
    field.removeEventListener("input", show);
    field.form?.removeEventListener("reset", emptied);
  };
}
