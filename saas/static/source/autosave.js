// Saves a form two seconds after the last key and when a field is left, and says so beside it.
// The server answers {"words": "Saved at 2:03pm", "version": 4}; on 409 or 422 saving waits for the person's own press.

const IDLE_MILLISECONDS = 2000;

export function startAutosave(form) {
  const words = form.querySelector("[data-saved]");
  const version = form.querySelector("input[name=version]");
  let timer = null;
  let dirty = false;
  let saving = false;
  let stopped = false;

  const say = (text) => {
    if (words) {
      words.textContent = text;
    }
  };

  const save = async () => {
    clearTimeout(timer);
    if (!dirty || saving || stopped) {
      return;
    }
    saving = true;
    dirty = false;
    try {
      const answer = await fetch(form.dataset.autosave, {
        method: "POST",
        body: new FormData(form),
        headers: { Accept: "application/json" },
        credentials: "same-origin",
      });
      if (answer.ok && !answer.redirected) {
        const saved = await answer.json();
        if (version && saved.version !== undefined) {
          version.value = saved.version;
        }
        say(saved.words);
      } else {
        stopped = answer.status === 409 || answer.redirected;
        dirty = true;
        say(stopped ? "Not saved. Press the button to see why." : "Not saved yet. Your words are still here.");
      }
    } catch {
      dirty = true;
      say("Not saved: no connection. Your words are still here.");
    } finally {
      saving = false;
      if (dirty && !stopped) {
        schedule();
      }
    }
  };

  const schedule = () => {
    clearTimeout(timer);
    timer = setTimeout(save, IDLE_MILLISECONDS);
  };

  form.addEventListener("input", () => {
    dirty = true;
    schedule();
  });
  form.addEventListener("focusout", save);
  form.addEventListener("submit", (event) => {
    if (saving) {
      event.preventDefault();
      const pressed = event.submitter;
      const wait = setInterval(() => {
        if (!saving) {
          clearInterval(wait);
          stopped = true;
          form.requestSubmit(pressed);
        }
      }, 50);
      return;
    }
    dirty = false;
    stopped = true;
    clearTimeout(timer);
  });
  window.addEventListener("beforeunload", (event) => {
    if (dirty) {
      event.preventDefault();
    }
  });
}
