// Copies data-copy (or the text of the element it names by #id) and says so.

export default function copy(button, { toast }) {
  const run = async () => {
    const source = button.dataset.copy;
    const value = source.startsWith("#") ? document.querySelector(source).textContent.trim() : source;
    await navigator.clipboard.writeText(value);
    toast(button.dataset.copied, "good");
  };
  button.addEventListener("click", run);
  return () => button.removeEventListener("click", run);
}
