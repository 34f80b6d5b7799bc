// Light, dark or as the system: at once on a click, kept by the form's own POST. Charts hear "theme:changed".
// The buttons say data-choose-theme: data-theme is the kit's and would paint the button itself in that theme.

document.addEventListener("submit", (event) => {
  const theme = event.submitter?.dataset.chooseTheme;
  if (!theme) return;
  event.preventDefault();
  if (theme === "system") delete document.documentElement.dataset.bsTheme;
  else document.documentElement.dataset.bsTheme = theme;
  document.querySelectorAll("[data-choose-theme]").forEach((button) => {
    button.setAttribute("aria-pressed", String(button.dataset.chooseTheme === theme));
  });
  document.dispatchEvent(new CustomEvent("theme:changed"));
  fetch(event.target.action, { method: "POST", body: new FormData(event.target, event.submitter), redirect: "manual" });
});

matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
  document.dispatchEvent(new CustomEvent("theme:changed"));
});
