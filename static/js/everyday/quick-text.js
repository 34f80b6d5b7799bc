// Buttons that put words into a field: <div data-behaviour="quick-text" data-field="id"> of <button data-text="Send the offer">.

export default function quickText(element) {
  const field = document.getElementById(element.dataset.field);
  const show = () => {
    for (const button of element.querySelectorAll("[data-text]")) {
      button.setAttribute("aria-pressed", String(button.dataset.text === field.value));
    }
  };
  const choose = ({ target }) => {
    const button = target.closest("[data-text]");
    if (!button) return;
    field.value = button.dataset.text;
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
