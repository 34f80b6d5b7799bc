// Photos and files of a record: chosen is sent, and a bar shows how far it is.

export default function files(element) {
  const form = element.querySelector(".file-form");
  if (!form) return undefined;
  const input = form.querySelector('input[type="file"]');
  const bar = form.querySelector("progress");
  form.querySelector("[data-upload]").hidden = true;

  const send = () => input.files.length && form.requestSubmit();
  const show = ({ detail }) => {
    bar.hidden = false;
    bar.value = Math.round((100 * detail.sent) / detail.all);
  };
  input.addEventListener("change", send);
  form.addEventListener("upload:progress", show);
  return () => {
    input.removeEventListener("change", send);
    form.removeEventListener("upload:progress", show);
  };
}
