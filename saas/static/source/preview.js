// Opens the preview of a file beside the link that leads to it. On a phone, and without scripts, the link is a page.

const WIDE = "(min-width: 40.0625em)";

export function startPreviews(root) {
  root.addEventListener("click", async (event) => {
    const link = event.target.closest("a[data-preview], a[data-preview-page]");
    if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) {
      return;
    }
    const open = link.closest("[data-preview-pane]");
    if (!window.matchMedia(WIDE).matches || (link.hasAttribute("data-preview-page") && !open)) {
      return;
    }
    event.preventDefault();
    const pane = open || paneOf(link);
    pane.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(link.href, { credentials: "same-origin" });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const body = page.querySelector("[data-preview-body]");
      if (!answer.ok || !body) {
        throw new Error("no preview");
      }
      pane.querySelector("[data-preview-shown]").replaceChildren(document.importNode(body, true));
    } catch {
      window.location.assign(link.href);
      return;
    }
    pane.removeAttribute("aria-busy");
    pane.focus();
  });
}

function paneOf(link) {
  const block = link.closest("li, p, td, dd") || link;
  const there = block.parentElement.querySelector(":scope > [data-preview-pane], :scope > * > [data-preview-pane]");
  if (there) {
    there.remove();
  }
  const pane = document.createElement("section");
  pane.className = "preview-pane";
  pane.dataset.previewPane = "";
  pane.tabIndex = -1;
  pane.setAttribute("aria-label", link.textContent.trim());
  const close = document.createElement("button");
  close.type = "button";
  close.className = "link-button";
  close.textContent = "Close the preview";
  close.addEventListener("click", () => {
    pane.remove();
    link.focus();
  });
  const shown = document.createElement("div");
  shown.dataset.previewShown = "";
  shown.textContent = "The preview is being made.";
  pane.append(close, shown);
  if (block.matches("li, td, dd")) {
    block.append(pane);
  } else {
    block.after(pane);
  }
  return pane;
}
