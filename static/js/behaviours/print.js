// A button that prints the page it stands on.

export default function print(button) {
  const start = () => window.print();
  button.addEventListener("click", start);
  return () => button.removeEventListener("click", start);
}
