// Buttons that fill a field with words or a day: <div data-behaviour="quick-fill" data-field="id"> of <button data-fill="2026-11-24">.

export default function quickFill(element) {
  const field = document.getElementById(element.dataset.field);
  const show = () => {
    for (const button of element.querySelectorAll("[data-fill]")) {
      button.setAttribute("aria-pressed", String(button.dataset.fill === field.value));
    }
  };
  const choose = ({ target }) => {
    const button = target.closest("[data-fill]");
    if (!button) return;
    field.value = button.dataset.fill;
    field.dispatchEvent(new Event("input", { bubbles: true }));
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
