// A form of the API reference: sends what reads, and shows the address, the status and the answer below itself.

export default function tryOperation(form) {
  const line = form.querySelector(".try-line");
  const answer = form.querySelector(".try-answer");

  const send = async (event) => {
    event.preventDefault();
    const started = performance.now();
    const response = await fetch(`${form.action}?${new URLSearchParams(new FormData(form))}`);
    const text = await response.text();
    const { pathname, search } = new URL(response.url);
    line.textContent = `${response.status} · ${Math.round(performance.now() - started)} ms · GET ${pathname}${search}`;
    answer.firstElementChild.textContent = indented(text);
    answer.hidden = !text;
  };
  form.addEventListener("submit", send);
  return () => form.removeEventListener("submit", send);
}

function indented(text) {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
