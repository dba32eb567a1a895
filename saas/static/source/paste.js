// Takes what is pasted from Word and other programs as our plain text: paragraphs, bullets, numbers, **bold**, *italic*.

const BLOCKS = new Set("address article blockquote body dd div dl dt figure footer form h1 h2 h3 h4 h5 h6 header hr html li main ol p pre section table tbody td tfoot th thead tr ul".split(" "));
const LEFT_OUT = new Set(["head", "img", "link", "meta", "noscript", "object", "script", "style", "svg", "template", "title", "xml"]);
const HEADING = /^h[1-6]$/;
const NUMBER = /^\(?\d{1,3}[.)]/;

export function plainFrom(html) {
  const lines = []; // {text, kind: "text" | "list", gap: an empty line belongs before it}
  let words = "";

  const end = (line = {}) => {
    const text = tidy(words);
    words = "";
    if (text) {
      lines.push({ kind: "text", prefix: "", gap: true, ...line, text });
    }
  };

  const styleOf = (element) => (element.getAttribute("style") || "").toLowerCase();

  const marked = (element, mark, inner) => {
    const before = words;
    words = "";
    inner();
    const [, lead, text, tail] = words.match(/^(\s*)([\s\S]*?)(\s*)$/);
    const plain = text && !text.includes("\n") && !text.startsWith("*");
    words = before + lead + (plain ? mark + text + mark : text) + tail;
  };

  const inside = (node, list) => node.childNodes.forEach((child) => walk(child, list));

  const walk = (node, list) => {
    if (node.nodeType === Node.TEXT_NODE) {
      words += node.nodeValue.replace(/[\s\u00a0]+/g, " ");
      return;
    }
    const name = node.nodeName.toLowerCase();
    if (node.nodeType !== Node.ELEMENT_NODE || LEFT_OUT.has(name)) {
      return;
    }
    const style = styleOf(node);
    if (/display:\s*none|mso-hide:\s*all/.test(style) || /mso-list:\s*ignore/.test(style)) {
      return;
    }
    if (name === "br") {
      words += "\n";
    } else if (name === "ul" || name === "ol") {
      end();
      const own = { ordered: name === "ol", level: (list?.level || 0) + 1, number: Number(node.getAttribute("start") || 1) };
      node.childNodes.forEach((child) => walk(child, own));
      end();
    } else if (name === "li" && list) {
      end();
      const prefix = list.ordered ? `${list.number++}. ` : "- ";
      const at = lines.length;
      node.childNodes.forEach((child) => walk(child, list));
      end({ kind: "list", level: list.level, prefix });
      if (lines[at] && lines[at].kind === "text") {
        Object.assign(lines[at], { kind: "list", level: list.level, prefix });
      }
    } else if (/mso-list:\s*l\d+\s+level(\d)/.test(style)) {
      end();
      const level = Number(style.match(/level(\d)/)[1]);
      const mark = (node.querySelector("[style*='gnore']")?.textContent || "").replace(/[\s\u00a0]+/g, "");
      inside(node, null);
      const numbered = NUMBER.test(mark);
      const lettered = /^\(?[a-z]{1,4}[.)]/i.test(mark);
      end({ kind: "list", level, prefix: numbered ? `${mark.replace(/\D/g, "")}. ` : lettered ? `- ${mark} ` : "- " });
    } else if (name === "td" || name === "th") {
      inside(node, null);
      words = words.trimEnd().replace(/\n+/g, " ");
      words += node.nextElementSibling ? " | " : "";
    } else if (name === "tr") {
      end();
      for (const cell of node.children) {
        walk(cell, null);
      }
      end({ gap: node.previousElementSibling === null });
    } else if (HEADING.test(name)) {
      end();
      marked(node, "**", () => inside(node, null));
      end();
    } else if (BLOCKS.has(name)) {
      // a paragraph inside a cell stays on the row's line
      if (node.closest("td, th")) {
        words = words && !/\s$/.test(words) ? `${words} ` : words;
        inside(node, null);
      } else {
        end();
        inside(node, list);
        end();
      }
    } else if (isBold(name, style)) {
      marked(node, "**", () => inside(node, list));
    } else if (isItalic(name, style)) {
      marked(node, "*", () => inside(node, list));
    } else {
      inside(node, list);
    }
  };

  walk(new DOMParser().parseFromString(html, "text/html").body, null);
  end();
  return written(lines);
}

function isBold(name, style) {
  const weight = style.match(/font-weight:\s*(\w+)/)?.[1];
  return weight ? weight === "bold" || Number(weight) >= 600 : name === "b" || name === "strong";
}

function isItalic(name, style) {
  const slant = style.match(/font-style:\s*(\w+)/)?.[1];
  return slant ? slant === "italic" : name === "i" || name === "em";
}

function tidy(text) {
  return text
    .replace(/\*\*(\s*)\*\*/g, "$1") // bold that ends and begins again
    .split("\n")
    .map((line) => line.replace(/[ \u00a0]+/g, " ").trim())
    .join("\n")
    .replace(/^\n+|\n+$/g, "")
    .replace(/^[·•▪◦§]\s+/gm, "- ");
}

function written(lines) {
  let text = "";
  lines.forEach((line, at) => {
    const before = lines[at - 1];
    if (before) {
      text += line.kind === "list" && before.kind === "list" ? "\n" : line.gap ? "\n\n" : "\n";
    }
    const indent = line.kind === "list" ? "   ".repeat(line.level - 1) : "";
    text += indent + line.prefix + line.text.replace(/\n/g, line.kind === "list" ? `\n${indent}  ` : "\n");
  });
  return text;
}

export function startPaste(area) {
  area.addEventListener("paste", (event) => {
    const html = event.clipboardData?.getData("text/html");
    const text = html ? plainFrom(html) : "";
    if (!text) {
      return; // plain text goes in as it is
    }
    event.preventDefault();
    if (!document.execCommand("insertText", false, text)) {
      area.setRangeText(text, area.selectionStart, area.selectionEnd, "end");
      area.dispatchEvent(new Event("input", { bubbles: true }));
    }
  });
}
