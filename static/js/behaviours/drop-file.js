// A form that takes a file dropped anywhere on it; the name shows, and the upload begins at once.

export default function dropFile(form) {
  const input = form.querySelector('input[type="file"]');
  const name = form.querySelector("[data-drop-name]");

  const send = () => {
    const file = input.files[0];
    if (!file) return;
    name.textContent = file.name;
    name.hidden = false;
    form.requestSubmit();
  };
  const over = (event) => {
    event.preventDefault();
    form.classList.add("is-over");
  };
  const out = () => form.classList.remove("is-over");
  const drop = (event) => {
    event.preventDefault();
    out();
    if (!event.dataTransfer.files.length) return;
    input.files = event.dataTransfer.files;
    send();
  };

  input.addEventListener("change", send);
  form.addEventListener("dragover", over);
  form.addEventListener("dragleave", out);
  form.addEventListener("drop", drop);
  return () => {
    input.removeEventListener("change", send);
    form.removeEventListener("dragover", over);
    form.removeEventListener("dragleave", out);
    form.removeEventListener("drop", drop);
  };
}
