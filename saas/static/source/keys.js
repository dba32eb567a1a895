// Single keys of a page, read from the list that the page shows of them. [data-key] names the key, [data-does] what it
// works on: selectors parted by "|", of which the first that is there counts. They rest while somebody types and can be
// switched off, which this device remembers.

const KEPT = "charterway:keys";
const NOT_TYPED = ["radio", "checkbox", "button", "submit", "reset", "file", "range"];

function isTyping(target) {
  return target.isContentEditable || target.matches("textarea, select") || (target.matches("input") && !NOT_TYPED.includes(target.type));
}

function isOn() {
  try {
    return localStorage.getItem(KEPT) !== "off";
  } catch {
    return true; // no storage: they are on until the page is left
  }
}

function keep(on) {
  try {
    localStorage.setItem(KEPT, on ? "on" : "off");
  } catch {
    // no storage
  }
}

function goTo(field) {
  for (let fold = field.closest("details"); fold; fold = fold.parentElement.closest("details")) {
    fold.open = true;
  }
  field.focus();
  field.setSelectionRange?.(field.value.length, field.value.length);
}

function act(target) {
  if (target.matches("input[type=radio]")) {
    target.checked = true;
    target.dispatchEvent(new Event("input", { bubbles: true }));
    target.dispatchEvent(new Event("change", { bubbles: true }));
    goTo(target.form.querySelector("textarea"));
  } else if (target.matches("summary")) {
    target.click();
    target.focus();
  } else if (target.matches("textarea") || (target.matches("input") && !NOT_TYPED.includes(target.type))) {
    goTo(target);
  } else {
    target.click();
  }
}

// A link with [data-opens] leads to a fold and opens it, so that its first field can be typed in at once.
function startOpeners(root) {
  root.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-opens]");
    const fold = link && root.getElementById(link.dataset.opens);
    if (fold) {
      event.preventDefault();
      fold.open = true;
      fold.scrollIntoView({ block: "center" });
      (fold.querySelector("textarea, input:not([type=hidden])") || fold.querySelector("summary")).focus();
    }
  });
}

export function startKeys(root) {
  startOpeners(root);
  const panel = root.querySelector("[data-keys]");
  if (!panel) {
    return;
  }
  const keys = new Map([...panel.querySelectorAll("[data-key]")].map((each) => [each.dataset.key, each.dataset.does]));
  const box = panel.querySelector("[data-keys-on]");
  const words = panel.querySelector("summary span");
  const said = root.querySelector("[data-keys-said]");
  let on = isOn();
  const show = () => {
    box.checked = on;
    words.textContent = on ? "Keys: on. Press ? to see them" : "Keys: off";
    root.body.classList.toggle("keys-on", on);
  };
  panel.hidden = false;
  show();
  box.addEventListener("change", () => {
    on = box.checked;
    keep(on);
    show();
    said.textContent = on ? "Single keys are on." : "Single keys are off.";
  });
  window.addEventListener("storage", () => {
    on = isOn(); // switched in another window
    show();
  });
  root.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) {
      return;
    }
    if (isTyping(event.target)) {
      if (event.key === "Escape") {
        event.target.blur();
      }
      return;
    }
    const selector = on && !event.repeat && keys.get(event.key.toLowerCase());
    const target = selector && selector.split("|").map((each) => root.querySelector(each)).find(Boolean);
    if (target) {
      event.preventDefault();
      act(target);
    }
  });
}
