// Shows what belongs to a radio or tick only while it is chosen. Without scripts it is always shown.

export function startReveal(root) {
  const choices = [...root.querySelectorAll("input[data-reveals]")];
  const show = () => {
    for (const choice of choices) {
      const kind = choice.type === "radio" ? "radios" : "checkboxes";
      const part = document.getElementById(choice.dataset.reveals);
      part.classList.toggle(`govuk-${kind}__conditional--hidden`, !choice.checked);
    }
  };
  if (choices.length) {
    root.addEventListener("change", show);
    window.addEventListener("pageshow", show);
    show();
  }
}
