// Ctrl+Enter presses the form's main button; nothing listens to single keys.

export function startShortcuts(root) {
  root.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || !event.target.form) {
      return;
    }
    const button = event.target.form.querySelector("button[data-main]");
    if (button) {
      event.preventDefault();
      event.target.form.requestSubmit(button);
    }
  });
}
