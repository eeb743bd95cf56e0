// j and k move through the inbox, Enter opens, x ticks, / searches, ? lists the keys. They can be switched off (WCAG 2.1.4).

const STORE = "inbox-keys";
const dialog = document.querySelector("#keys");
const isOn = document.querySelector("#keys-on");

const ticks = () => [...document.querySelectorAll("#inbox-list .tick")];
const links = () => [...document.querySelectorAll("#inbox-list .row-link")];

function move(step) {
  const all = links();
  const here = all.indexOf(document.activeElement);
  const next = here < 0 ? (step > 0 ? 0 : all.length - 1) : here + step;
  all[next]?.focus();
}

function tick() {
  const box = document.activeElement.closest("tr")?.querySelector(".tick");
  if (box) box.checked = !box.checked;
  count();
}

function count() {
  const all = ticks();
  const chosen = all.filter((box) => box.checked).length;
  const button = document.querySelector("#choose-some");
  if (button === null) return;
  button.disabled = chosen === 0;
  button.textContent = chosen === 0 ? button.dataset.none : button.dataset.some.replace("#", chosen);
  for (const box of document.querySelectorAll("#inbox-list .tick-all")) {
    box.checked = chosen === all.length;
    box.indeterminate = chosen > 0 && chosen < all.length;
  }
}

const ACTS = {
  j: () => move(1),
  k: () => move(-1),
  x: tick,
  "/": () => document.querySelector("#filter-q").focus(),
  "?": () => dialog.showModal(),
};

function isTyping(target) {
  return target.closest("input:not([type=checkbox]), select, textarea, dialog") !== null;
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
  if (!isOn.checked || !(event.key in ACTS)) return;
  event.preventDefault();
  ACTS[event.key]();
});

document.addEventListener("change", (event) => {
  if (event.target.matches("#inbox-list .tick-all")) {
    for (const box of ticks()) box.checked = event.target.checked;
  }
  if (event.target.matches("#inbox-list .tick, #inbox-list .tick-all")) count();
});
document.addEventListener("htmx:afterSettle", count);
window.addEventListener("pageshow", count); // the browser keeps ticks when one comes back
count();

isOn.checked = localStorage.getItem(STORE) !== "off";
isOn.addEventListener("change", () => localStorage.setItem(STORE, isOn.checked ? "on" : "off"));
document.querySelector("#keys-open").addEventListener("click", () => dialog.showModal());
