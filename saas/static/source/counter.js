// Counts the words of a text while one types. The number beside it changes at once; it is said aloud only in a pause.

const PAUSE_MILLISECONDS = 1500;
const MOST_SENT = 1500000; // the server reads no larger form

export function startCounter(area) {
  const place = document.getElementById(`${area.id}-count`);
  const most = Number(area.dataset.most);
  const limit = `The limit is ${most.toLocaleString("en-GB")} characters, about ${area.dataset.about} words.`;
  const shown = document.createElement("span");
  const spoken = document.createElement("span");
  shown.setAttribute("aria-hidden", "true");
  spoken.className = "govuk-visually-hidden";
  spoken.setAttribute("aria-live", "polite");
  let timer = null;

  const words = () => {
    const count = (area.value.match(/\S+/g) || []).length;
    const counted = `${count.toLocaleString("en-GB")} ${count === 1 ? "word" : "words"}`;
    const over = area.value.length - most;
    return over > 0 ? `${counted}. ${over.toLocaleString("en-GB")} characters too many. ${limit}` : counted;
  };
  const show = () => {
    shown.textContent = words();
    shown.classList.toggle("govuk-error-message", area.value.length > most);
  };

  place.replaceChildren(shown, spoken);
  area.setAttribute("aria-describedby", area.getAttribute("aria-describedby").replace(place.id, "").trim());
  show();
  area.addEventListener("input", () => {
    show();
    clearTimeout(timer);
    timer = setTimeout(() => (spoken.textContent = words()), PAUSE_MILLISECONDS);
  });
  area.form.addEventListener("submit", (event) => {
    if (area.value.length > MOST_SENT) {
      event.preventDefault();
      spoken.textContent = words();
      area.focus();
    }
  });
}
