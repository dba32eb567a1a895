// Keeps on the device what was typed and not saved yet, for one person at one answer, and offers it again after a lost
// connection, a closed tab or an ended session. What is saved is dropped; signing out deletes the person's own.

const PREFIX = "charterway:draft:";
const SENT = "charterway:sent";
const SIGNED_OUT = "charterway:signed-out";
const KEPT_MILLISECONDS = 14 * 24 * 60 * 60 * 1000;
const PAUSE_MILLISECONDS = 300;
const MOST_OFFERS = 3;

function read(key) {
  try {
    return JSON.parse(localStorage.getItem(key)) || { current: null, earlier: [] };
  } catch {
    return { current: null, earlier: [] };
  }
}

function write(key, draft) {
  try {
    if (draft.current || draft.earlier.length) {
      localStorage.setItem(key, JSON.stringify(draft));
    } else {
      localStorage.removeItem(key);
    }
    return true;
  } catch {
    return false; // no storage, or it is full
  }
}

function keys(prefix) {
  try {
    return Object.keys(localStorage).filter((key) => key.startsWith(prefix));
  } catch {
    return [];
  }
}

function controls(form) {
  return [...form.elements].filter(
    (each) => each.name && each.willValidate && !["hidden", "file", "submit", "button"].includes(each.type),
  );
}

function valueOf(form, name) {
  const found = controls(form).filter((each) => each.name === name);
  const chosen = found.filter((each) => !["radio", "checkbox"].includes(each.type) || each.checked);
  return chosen.length ? chosen[0].value : "";
}

function versionOf(form) {
  return form.querySelector("input[name=version]")?.value || "";
}

function firstValueOf(control) {
  if (control.tagName === "SELECT") {
    const chosen = [...control.options].find((option) => option.defaultSelected);
    return chosen ? chosen.value : control.options[0]?.value || "";
  }
  return control.defaultValue;
}

function firstValues(form) {
  const values = {};
  for (const each of controls(form)) {
    if (["radio", "checkbox"].includes(each.type)) {
      values[each.name] = each.defaultChecked ? each.value : values[each.name] || "";
    } else {
      values[each.name] = firstValueOf(each);
    }
  }
  return values;
}

// As the server tidies texts: blanks at the ends of lines and round the whole are no difference.
function same(left, right) {
  const tidy = (text) => text.replace(/\r\n/g, "\n").replace(/[ \t\u00a0]+$/gm, "").trim();
  return tidy(left) === tidy(right);
}

function moment(at) {
  const then = new Date(at);
  const hour = then.getHours();
  const time = `${hour % 12 || 12}:${String(then.getMinutes()).padStart(2, "0")}${hour < 12 ? "am" : "pm"}`;
  const today = then.toDateString() === new Date().toDateString();
  return today ? time : `${time} on ${then.toLocaleDateString("en-GB", { day: "numeric", month: "long" })}`;
}

function made(name, className, ...parts) {
  const element = document.createElement(name);
  element.className = className;
  element.append(...parts);
  return element;
}

// The words between what both texts begin and end with: enough to see what was typed.
export function between(before, after) {
  const [left, right] = [before.split(/(?<=\s)/), after.split(/(?<=\s)/)];
  let start = 0;
  while (start < left.length && start < right.length && left[start].trim() === right[start].trim()) {
    start += 1;
  }
  let end = 0;
  while (end < left.length - start && end < right.length - start && left.at(-1 - end).trim() === right.at(-1 - end).trim()) {
    end += 1;
  }
  return {
    begins: right.slice(0, start).join(""),
    removed: left.slice(start, left.length - end).join(""),
    added: right.slice(start, right.length - end).join(""),
    ends: right.slice(right.length - end).join(""),
  };
}

function difference(before, after) {
  const { begins, removed, added, ends } = between(before, after);
  const block = made("div", "difference", begins);
  if (removed) {
    block.append(made("del", "", made("span", "govuk-visually-hidden", " removed: "), removed));
  }
  if (added) {
    block.append(made("ins", "", made("span", "govuk-visually-hidden", " added: "), added));
  }
  block.append(ends);
  return block;
}

function labelOf(form, name) {
  const control = controls(form).find((each) => each.name === name);
  const legend = ["radio", "checkbox"].includes(control.type) && control.closest("fieldset")?.querySelector("legend");
  return (legend || control.labels[0]).textContent.trim();
}

function shownValue(form, name, value) {
  const control = controls(form).find((each) => each.name === name && (each.type !== "radio" || each.value === value));
  if (control?.tagName === "SELECT") {
    return [...control.options].find((option) => option.value === value)?.textContent || value;
  }
  return control?.type === "radio" ? control.labels[0].textContent.trim() : value;
}

function fill(form, fields) {
  for (const [name, value] of Object.entries(fields)) {
    for (const each of controls(form).filter((control) => control.name === name)) {
      if (each.type === "radio" || each.type === "checkbox") {
        each.checked = each.value === value;
      } else {
        each.value = value;
      }
      each.closest("details")?.setAttribute("open", "");
      each.dispatchEvent(new Event("input", { bubbles: true }));
      each.dispatchEvent(new Event("change", { bubbles: true }));
    }
  }
}

export function startDraft(form) {
  const key = PREFIX + form.dataset.draft;
  const saved = firstValues(form);
  const offers = document.querySelector("[data-draft-offers]");
  const draft = read(key);
  let timer = null;
  let deleted = false; // by signing out here or in another window: only new words are kept again

  const differs = (entry) => Object.entries(entry.fields).some(([name, value]) => name in saved && !same(saved[name], value));
  const unsaved = () =>
    Object.fromEntries(
      Object.keys(saved)
        .map((name) => [name, valueOf(form, name)])
        .filter(([name, value]) => !same(value, saved[name])),
    );

  const keep = () => {
    clearTimeout(timer);
    if (deleted) {
      return;
    }
    const fields = unsaved();
    const typed = Object.keys(fields).length > 0;
    draft.current = typed ? { at: Date.now(), version: versionOf(form), fields } : null;
    form.dataset.kept = write(key, draft) ? "yes" : "no";
  };

  const forget = (entry, block) => {
    draft.earlier = draft.earlier.filter((each) => each !== entry);
    write(key, draft);
    block.remove();
  };

  const offer = (entry) => {
    const at = moment(entry.at);
    const block = made("section", "govuk-inset-text");
    block.setAttribute("aria-label", `Words typed at ${at}`);
    const back = made("button", "govuk-button govuk-!-margin-bottom-2", `Bring back what you typed at ${at}`);
    const away = made("button", "link-button", "Throw it away");
    back.type = away.type = "button";
    const list = made("div", "govuk-details__text");
    for (const [name, value] of Object.entries(entry.fields).filter(([each]) => each in saved)) {
      const shown = shownValue(form, name, value);
      const text = controls(form).some((each) => each.name === name && each.tagName === "TEXTAREA");
      list.append(made("p", "govuk-body govuk-!-font-weight-bold", labelOf(form, name)));
      list.append(text ? difference(saved[name], value) : made("p", "govuk-body", shown || "(empty)"));
    }
    const words = "See what it changes";
    const details = made(
      "details",
      "govuk-details",
      made("summary", "govuk-details__summary", made("span", "govuk-details__summary-text", words)),
      list,
    );
    const said = made("p", "govuk-body", `You typed here at ${at}, and it was not saved.`);
    said.setAttribute("role", "status");
    const note = "It is kept on this device only, for you, up to 14 days. Signing out deletes it.";
    block.append(said, details, back, " ", away, made("p", "govuk-body-s govuk-!-margin-bottom-0", note));
    back.addEventListener("click", () => {
      forget(entry, block);
      fill(form, entry.fields);
      keep();
      form.elements[Object.keys(entry.fields)[0]]?.focus?.();
    });
    away.addEventListener("click", () => forget(entry, block));
    offers?.append(block);
  };

  // Where the form asks for it, words typed over what still stands go back by themselves: a reload loses nothing.
  if (draft.current && form.dataset.draftRestore && form.dataset.refused !== "yes") {
    const { at, version, fields } = draft.current;
    if (version === versionOf(form) && differs(draft.current)) {
      draft.current = null;
      setTimeout(() => {
        fill(form, fields);
        form.dispatchEvent(new CustomEvent("charterway:restored"));
        const said = made("p", "settled", `What you typed at ${moment(at)} is back.`);
        said.setAttribute("role", "status");
        offers?.append(said);
      });
    }
  }
  if (draft.current && form.dataset.refused !== "yes") {
    draft.earlier = [draft.current, ...draft.earlier].slice(0, MOST_OFFERS);
    draft.current = null;
  }
  draft.earlier = draft.earlier.filter(differs);
  write(key, draft);
  draft.earlier.forEach(offer);

  form.addEventListener("input", () => {
    deleted = false;
    clearTimeout(timer);
    timer = setTimeout(keep, PAUSE_MILLISECONDS);
  });
  form.addEventListener("charterway:saved", (event) => {
    Object.assign(saved, event.detail);
    keep();
  });
  form.addEventListener("submit", keep);
  document.addEventListener("charterway:deleted", () => (deleted = true));
  new BroadcastChannel(SIGNED_OUT).onmessage = (event) => (deleted = deleted || form.dataset.draft.startsWith(event.data));
  window.addEventListener("pagehide", keep);
  document.addEventListener("visibilitychange", keep);
}

// What was sent with a press is dropped once the next page says that it was saved.
export function settleDrafts(root) {
  try {
    const sent = sessionStorage.getItem(SENT);
    sessionStorage.removeItem(SENT);
    if (sent && root.querySelector(".govuk-notification-banner--success, [data-settled]")) {
      write(PREFIX + sent, { ...read(PREFIX + sent), current: null });
    }
  } catch {
    // no storage: nothing was kept
  }
  for (const key of keys(PREFIX)) {
    const draft = read(key);
    const fresh = (entry) => entry && Date.now() - entry.at < KEPT_MILLISECONDS;
    write(key, { current: fresh(draft.current) ? draft.current : null, earlier: draft.earlier.filter(fresh) });
  }
  root.addEventListener("submit", (event) => {
    const of = event.target.dataset.draft || event.target.closest("[data-draft-of]")?.dataset.draftOf;
    try {
      if (of) {
        sessionStorage.setItem(SENT, of);
      }
    } catch {
      // no storage
    }
    if (event.target.dataset.signOut) {
      signOut(event);
    }
  });
}

function signOut(event) {
  const own = keys(`${PREFIX}${event.target.dataset.signOut}/`);
  const codes = own.map((key) => key.split("/").at(-1)).sort();
  const words =
    `What you typed for ${codes.join(", ")} is not saved yet. It is kept on this device only.\n\n` +
    "Sign out and delete it? Choose Cancel to open it and save it first.";
  if (own.length && !window.confirm(words)) {
    event.preventDefault();
    return;
  }
  document.dispatchEvent(new CustomEvent("charterway:deleted"));
  new BroadcastChannel(SIGNED_OUT).postMessage(`${event.target.dataset.signOut}/`);
  own.forEach((key) => localStorage.removeItem(key));
}
