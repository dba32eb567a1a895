// Asks every two seconds how far long work is. The server answers
// {"done": 3, "total": 60, "words": "3 of 60 files checked", "finished": false, "href": null}.

const PAUSE_MILLISECONDS = 2000;

export function startProgress(element) {
  const bar = element.querySelector("progress");
  const words = element.querySelector("[data-words]");

  const ask = async () => {
    try {
      const answer = await fetch(element.dataset.progress, {
        headers: { Accept: "application/json" },
        credentials: "same-origin",
      });
      if (answer.ok) {
        const state = await answer.json();
        if (words.textContent !== state.words) {
          words.textContent = state.words;
        }
        if (state.total) {
          bar.max = state.total;
          bar.value = state.done;
        }
        if (state.finished) {
          window.location.assign(state.href || window.location.href);
          return;
        }
      }
    } catch {
      words.textContent = "No connection just now. The work goes on; this page will ask again.";
    }
    setTimeout(ask, PAUSE_MILLISECONDS);
  };

  setTimeout(ask, PAUSE_MILLISECONDS);
}
