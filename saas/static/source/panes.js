// The panes of a wide page: the list can be put away, and the border between the two others moved, by mouse or by
// arrow keys. This device remembers both; without the script the widths stay as they are.

const KEPT = "charterway:panes";
const [LEAST, MOST, USUAL, STEP] = [28, 60, 44, 2]; // per cent of what both panes share that the last one takes

function read() {
  try {
    return { share: USUAL, list: true, ...JSON.parse(localStorage.getItem(KEPT)) };
  } catch {
    return { share: USUAL, list: true };
  }
}

function made(name, className, properties) {
  return Object.assign(document.createElement(name), { className, ...properties });
}

export function startPanes(root) {
  const panes = root.querySelector("[data-panes]");
  const list = panes?.querySelector("[data-pane=list]");
  const last = panes?.lastElementChild;
  if (!panes || !list) {
    return;
  }
  const state = read();
  const border = made("div", "panes__border", { tabIndex: 0 });
  for (const [name, value] of Object.entries({
    role: "separator",
    "aria-orientation": "vertical",
    "aria-label": "Width of your score",
    "aria-valuemin": LEAST,
    "aria-valuemax": MOST,
  })) {
    border.setAttribute(name, value);
  }
  const button = made("button", "link-button panes__list", { type: "button" });
  list.id ||= "list";
  button.setAttribute("aria-controls", list.id);

  const show = () => {
    panes.style.setProperty("--score", `${state.share}fr`);
    panes.style.setProperty("--reading", `${100 - state.share}fr`);
    panes.classList.toggle("scoring__panes--two", !state.list);
    list.hidden = !state.list;
    border.setAttribute("aria-valuenow", Math.round(state.share));
    button.setAttribute("aria-expanded", state.list);
    button.textContent = state.list ? "Hide the list" : "Show the list";
  };
  const change = (changes) => {
    Object.assign(state, changes);
    state.share = Math.min(MOST, Math.max(LEAST, state.share));
    show();
    try {
      localStorage.setItem(KEPT, JSON.stringify(state));
    } catch {
      // no storage: it holds until the page is left
    }
  };

  button.addEventListener("click", () => change({ list: !state.list }));
  border.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: STEP, ArrowRight: -STEP }[event.key];
    if (step) {
      event.preventDefault();
      change({ share: state.share + step });
    }
  });
  border.addEventListener("pointerdown", (event) => {
    border.setPointerCapture(event.pointerId);
    event.preventDefault();
  });
  border.addEventListener("pointermove", (event) => {
    if (border.hasPointerCapture(event.pointerId)) {
      const from = border.previousElementSibling.getBoundingClientRect().left;
      const to = last.getBoundingClientRect().right;
      change({ share: (100 * (to - event.clientX)) / (to - from) });
    }
  });
  last.before(border);
  root.querySelector("[data-panes-button]").append(button);
  show();
}
