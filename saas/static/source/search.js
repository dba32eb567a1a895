// "/" and Ctrl+K lead to the search box. "/" rests while somebody types and can be switched off (WCAG 2.2, 2.1.4).

const KEPT = "search-key";

function isOn() {
  try {
    return localStorage.getItem(KEPT) !== "off";
  } catch {
    return true;
  }
}

function keep(on) {
  try {
    localStorage.setItem(KEPT, on ? "on" : "off");
  } catch {
    // Where nothing may be kept, it lasts as long as the page.
  }
}

function isTyped(target) {
  return target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName);
}

export function startSearch(root) {
  const field = root.querySelector("[data-search]");
  if (!field) {
    return;
  }
  const link = root.querySelector(".search-link");
  let on = isOn();
  const tell = () => field.setAttribute("aria-keyshortcuts", on ? "/ Control+K" : "Control+K");
  tell();

  const choice = root.querySelector("[data-search-key]");
  if (choice) {
    const box = choice.querySelector("input");
    box.checked = on;
    box.addEventListener("change", () => {
      on = box.checked;
      keep(on);
      tell();
    });
    choice.hidden = false;
  }

  root.addEventListener("keydown", (event) => {
    const slash = on && event.key === "/" && !event.ctrlKey && !event.metaKey && !event.altKey && !isTyped(event.target);
    const letter = event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey;
    if (event.defaultPrevented || event.isComposing || !(slash || letter)) {
      return;
    }
    event.preventDefault();
    if (field.offsetParent === null && link) {
      link.click();
    } else {
      field.focus();
      field.select();
    }
  });
}
