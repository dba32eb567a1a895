// Takes a table that is pasted from Word, a sheet or a web page: its rows as lines, its cells with tabs between them.

export function startTablePaste(area) {
  area.addEventListener("paste", (event) => {
    const html = event.clipboardData?.getData("text/html");
    const text = html ? tableFrom(html) : "";
    if (!text) {
      return; // plain text goes in as it is
    }
    event.preventDefault();
    area.setRangeText(text, area.selectionStart, area.selectionEnd, "end");
    area.dispatchEvent(new Event("input", { bubbles: true }));
  });
}

function tableFrom(html) {
  const body = new DOMParser().parseFromString(html, "text/html").body;
  const rows = [...body.querySelectorAll("tr")].filter((row) => !row.parentElement.closest("td, th"));
  return rows.map((row) => [...row.children].map(wordsOf).join("\t")).join("\n");
}

// A cell of several paragraphs stays one cell: the reader takes a line end inside quotes as part of it.
function wordsOf(cell) {
  const copy = cell.cloneNode(true);
  copy.querySelectorAll("br").forEach((each) => each.replaceWith("\n"));
  copy.querySelectorAll("p, li, div").forEach((each) => each.append("\n"));
  const words = copy.textContent.replace(/[^\S\n]+/g, " ").split("\n").map((line) => line.trim()).filter(Boolean).join("\n");
  const merged = "\t".repeat(Math.min((cell.colSpan || 1) - 1, 50));
  return (/[\n"]/.test(words) ? `"${words.replace(/"/g, '""')}"` : words) + merged;
}
