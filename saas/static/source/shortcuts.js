// Ctrl+Enter presses the form's main button, from anywhere on a page that has only one. Single keys: keys.js.

export function startShortcuts(root) {
  root.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) {
      return;
    }
    const all = root.querySelectorAll("button[data-main]");
    const form = event.target.form || (all.length === 1 && all[0].form);
    const button = form && form.querySelector("button[data-main]");
    if (button) {
      event.preventDefault();
      form.requestSubmit(button);
    }
  });
}
