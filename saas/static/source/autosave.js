// Saves a form two seconds after the last key, when a field is left and when the page is left, and says so beside it.
// The server answers {"words": "Saved at 2:03pm", "version": 4}; on 409 or 422 saving waits for the person's own press.
// Files are never sent. What is saved is told to the form as the event "charterway:saved", with the fields sent.

const IDLE_MILLISECONDS = 2000;
const RETRY_MILLISECONDS = 5000;
const MOST_WHILE_LEAVING = 60000; // browsers keep no larger request alive when a page is left
const ALWAYS = ["csrf_token", "version"];
const KEPT = "Your words are kept on this device.";

export function startAutosave(form) {
  const place = form.querySelector("[data-saved]");
  const version = form.querySelector("input[name=version]");
  const names = (form.dataset.autosaveFields || "").split(" ").filter(Boolean);
  let timer = null;
  let dirty = false;
  let saving = false;
  let waits = false; // for a press or for new words
  let signedOut = false;

  const isSaved = (name) => !names.length || names.includes(name);

  const say = (...parts) => {
    if (place && place.textContent !== parts.map((part) => part.textContent ?? part).join("")) {
      place.replaceChildren(...parts);
    }
  };

  const body = () => {
    const data = new FormData();
    for (const [name, value] of new FormData(form)) {
      if (typeof value === "string" && (isSaved(name) || ALWAYS.includes(name))) {
        data.append(name, value);
      }
    }
    return data;
  };

  const send = (data, options) =>
    fetch(form.dataset.autosave, {
      method: "POST",
      body: data,
      headers: { Accept: "application/json" },
      credentials: "same-origin",
      redirect: "manual",
      ...options,
    });

  const save = async () => {
    clearTimeout(timer);
    if (!dirty || saving || waits || signedOut) {
      return;
    }
    saving = true;
    dirty = false;
    const data = body();
    try {
      await heard(await send(data), data);
    } catch {
      dirty = true;
      say(`Not saved: no connection. ${KEPT} Saving goes on when the connection is back.`);
    } finally {
      saving = false;
      if (dirty && !waits && !signedOut) {
        schedule(RETRY_MILLISECONDS);
      }
    }
  };

  const heard = async (answer, data) => {
    if (answer.ok) {
      const saved = await answer.json();
      if (version && saved.version !== undefined) {
        version.value = saved.version;
      }
      const unticked = [...form.querySelectorAll("input[type=checkbox]")].filter((tick) => isSaved(tick.name));
      const fields = Object.fromEntries([
        ...unticked.map((tick) => [tick.name, ""]),
        ...[...data].filter(([name]) => !ALWAYS.includes(name)),
      ]);
      form.dispatchEvent(new CustomEvent("charterway:saved", { detail: fields }));
      say(saved.words);
      return;
    }
    dirty = true;
    if (answer.type === "opaqueredirect" || answer.status === 401 || answer.status === 400) {
      signedOut = true;
      const again = document.createElement("a");
      again.className = "govuk-link";
      again.href = form.dataset.signIn || "/sign-in";
      again.target = "_blank";
      again.rel = "noopener";
      again.textContent = "Sign in again (opens in a new tab)";
      say("You are signed out: your words are kept on this device. ", again);
      return;
    }
    if (answer.status === 409 || answer.status === 422) {
      waits = true;
      const told = await answer.json().catch(() => ({ words: "Not saved. Press Save to see why." }));
      say(...(told.both ? [`${told.words} Nothing is lost. `, bothTexts()] : [told.words]));
      return;
    }
    say(`Not saved yet. ${KEPT}`);
  };

  const bothTexts = () => {
    const button = document.createElement("button");
    button.type = "submit";
    button.name = "do";
    button.value = "save";
    button.className = "link-button";
    button.textContent = "See both texts";
    return button;
  };

  // Once somebody has signed in again elsewhere, this page asks for a fresh token and goes on.
  const renew = async () => {
    if (!signedOut) {
      return;
    }
    try {
      const answer = await fetch(window.location.href, { credentials: "same-origin", redirect: "manual" });
      const page = answer.ok ? new DOMParser().parseFromString(await answer.text(), "text/html") : null;
      const same = page && page.querySelector("form[data-autosave]");
      if (!same || same.dataset.draft !== form.dataset.draft) {
        return;
      }
      const token = same.querySelector("input[name=csrf_token]").value;
      for (const input of document.querySelectorAll("input[name=csrf_token]")) {
        input.value = token;
      }
      signedOut = false;
      await save();
    } catch {
      // no connection: the next look tries again
    }
  };

  const schedule = (pause) => {
    clearTimeout(timer);
    timer = setTimeout(save, pause);
  };

  form.addEventListener("input", (event) => {
    if (event.target.type === "file" || !isSaved(event.target.name)) {
      return;
    }
    dirty = true;
    waits = waits && place !== null && place.querySelector("button") !== null; // a longer text may fit now; a conflict stays
    schedule(IDLE_MILLISECONDS);
  });
  form.addEventListener("focusout", save);
  // The page left may have saved the same words meanwhile: asked at once, the server says so and names the version.
  form.addEventListener("charterway:restored", save);
  form.addEventListener("submit", (event) => {
    if (event.defaultPrevented) {
      return;
    }
    if (saving) {
      event.preventDefault();
      const pressed = event.submitter;
      const wait = setInterval(() => {
        if (!saving) {
          clearInterval(wait);
          waits = true;
          form.requestSubmit(pressed && pressed.isConnected ? pressed : null);
        }
      }, 50);
      return;
    }
    dirty = false;
    waits = true;
    clearTimeout(timer);
  });
  window.addEventListener("online", () => (signedOut ? renew() : save()));
  window.addEventListener("focus", renew);
  document.addEventListener("visibilitychange", () => (document.hidden ? save() : renew()));
  window.addEventListener("pagehide", () => {
    if (dirty && !saving && !waits && !signedOut) {
      const data = body();
      const size = [...data].reduce((sum, [, value]) => sum + new Blob([value]).size, 0);
      send(data, { keepalive: size < MOST_WHILE_LEAVING }).catch(() => {});
    }
  });
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) {
      window.location.reload(); // what stands here is older than what was saved while leaving
    }
  });
  window.addEventListener("beforeunload", (event) => {
    if (dirty && form.dataset.kept !== "yes") {
      event.preventDefault();
    }
  });
}
