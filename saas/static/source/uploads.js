// Sends files one by one while the page stays: three at a time, each with its progress and what became of it.
// The server answers {"outcome": "added", "words": "Added.", "href": "…", "link": "Open"}, with "version" of an answer.

const AT_ONCE = 3;
const TAGS = {
  added: ["Added", "done"],
  restored: ["Added", "done"],
  refused: ["Not added", "problem"],
  failed: ["Not sent", "problem"],
};
const ELSE = ["Known", "neutral"];

function made(name, className, text) {
  const element = document.createElement(name);
  element.className = className;
  element.textContent = text || "";
  return element;
}

class Sending {
  constructor(file, list, again) {
    this.file = file;
    this.item = made("li", "uploads__item");
    this.words = made("span", "uploads__words", "Waits");
    this.bar = made("progress", "uploads__bar");
    this.bar.max = 100;
    this.bar.value = 0;
    this.bar.setAttribute("aria-label", `Sending ${file.name}`);
    this.item.append(made("span", "uploads__name", file.name), " ", this.words, this.bar);
    list.append(this.item);
    this.again = again;
  }

  say(words, part) {
    this.words.textContent = words;
    if (part === undefined) {
      this.bar.removeAttribute("value");
    } else {
      this.bar.value = part;
    }
  }

  end(answer) {
    this.outcome = answer.outcome;
    this.bar.remove();
    const [label, kind] = TAGS[answer.outcome] || ELSE;
    this.words.replaceChildren(made("strong", `govuk-tag tag--${kind}`, label), ` ${answer.words} `);
    if (answer.href) {
      const link = made("a", "govuk-link", answer.link);
      link.href = answer.href;
      link.append(made("span", "govuk-visually-hidden", ` ${this.file.name}`));
      this.words.append(link);
    }
    if (answer.outcome === "failed") {
      const button = made("button", "link-button", "Try again");
      button.type = "button";
      button.append(made("span", "govuk-visually-hidden", ` ${this.file.name}`));
      button.addEventListener("click", () => {
        this.outcome = undefined;
        this.words.replaceChildren("Waits");
        this.bar.value = 0;
        this.item.append(this.bar);
        this.again(this);
      });
      this.words.append(button);
    }
  }
}

export function startUploads(container) {
  const input = container.querySelector("input[type=file]");
  const list = container.querySelector("[data-uploads-list]");
  const status = container.querySelector("[data-uploads-words]");
  const limit = Number(container.dataset.limit);
  const beside = (container.dataset.with || "").split(" ").filter(Boolean);
  const waiting = [];
  const all = [];
  let active = 0;

  const count = () => {
    const over = all.filter((each) => each.outcome !== undefined);
    const lost = over.filter((each) => ["refused", "failed"].includes(each.outcome)).length;
    const files = all.length === 1 ? "file" : "files";
    let words = `${over.length - lost} of ${all.length} ${files} arrived.`;
    if (lost) {
      words += lost === 1 ? " 1 was not added; why stands beside its name." : ` ${lost} were not added; why stands beside each name.`;
    }
    status.textContent = words;
  };

  const pump = () => {
    while (active < AT_ONCE && waiting.length) {
      active += 1;
      send(waiting.shift());
    }
  };

  const finish = (sending, answer) => {
    active -= 1;
    sending.end(answer);
    const version = input.form.querySelector("input[name=version]");
    if (version && version.value === "0" && answer.version) {
      version.value = answer.version;
    }
    count();
    pump();
    if ("spent" in container.dataset && !active && all.every((each) => each.outcome && each.outcome !== "failed")) {
      for (const name of beside) {
        input.form.elements[name].value = "";
      }
    }
  };

  const send = (sending) => {
    const { file } = sending;
    if (file.size > limit) {
      finish(sending, { outcome: "refused", words: `It is larger than ${container.dataset.limitWords}, the limit for one file.` });
      return;
    }
    const body = new FormData();
    body.append("csrf_token", input.form.querySelector("input[name=csrf_token]").value);
    for (const name of beside) {
      body.append(name, input.form.elements[name].value);
    }
    body.append("size", file.size);
    body.append("file", file, file.name);
    const request = new XMLHttpRequest();
    request.open("POST", container.dataset.uploads);
    request.setRequestHeader("Accept", "application/json");
    request.upload.addEventListener("progress", (event) => {
      const part = event.lengthComputable ? Math.floor((100 * event.loaded) / event.total) : 0;
      if (part < 100) {
        sending.say(`Sending: ${part} %`, part);
      }
    });
    request.upload.addEventListener("load", () => sending.say("Being checked"));
    request.addEventListener("load", () => finish(sending, answerOf(request, container.dataset.uploads)));
    for (const broken of ["error", "abort", "timeout"]) {
      request.addEventListener(broken, () => finish(sending, { outcome: "failed", words: "The connection broke off." }));
    }
    sending.say("Sending: 0 %", 0);
    request.send(body);
  };

  // Choosing files is no typing: a form that saves while one types must not send them too.
  input.addEventListener("input", (event) => event.stopPropagation());
  input.addEventListener("change", () => {
    const chosen = [...input.files];
    if (!chosen.length) {
      return;
    }
    list.hidden = false;
    for (const file of chosen) {
      const sending = new Sending(file, list, (again) => {
        waiting.push(again);
        pump();
      });
      all.push(sending);
      waiting.push(sending);
    }
    input.value = "";
    input.dispatchEvent(new Event("change"));
    status.textContent = chosen.length === 1 ? "Sending 1 file." : `Sending ${chosen.length} files.`;
    pump();
  });
  window.addEventListener("beforeunload", (event) => {
    if (active || waiting.length) {
      event.preventDefault();
    }
  });
}

function answerOf(request, address) {
  const where = new URL(address, window.location.href);
  if (request.responseURL && new URL(request.responseURL).pathname !== where.pathname) {
    return { outcome: "failed", words: "You were signed out. Sign in again in another window." };
  }
  try {
    const answer = JSON.parse(request.responseText);
    if (answer.outcome) {
      return answer;
    }
  } catch {
    // Not an answer to us: a page that says what is wrong with the service.
  }
  return request.status === 413
    ? { outcome: "refused", words: "It is too large." }
    : { outcome: "failed", words: "It could not be kept just now." };
}
