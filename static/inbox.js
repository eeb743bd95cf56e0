// j and k move through the inbox, Enter opens, / searches, ? lists the keys. They can be switched off (WCAG 2.1.4).

const STORE = "inbox-keys";
const dialog = document.querySelector("#keys");
const isOn = document.querySelector("#keys-on");

const links = () => [...document.querySelectorAll("#inbox-list .row-link")];

function move(step) {
  const all = links();
  const here = all.indexOf(document.activeElement);
  const next = here < 0 ? (step > 0 ? 0 : all.length - 1) : here + step;
  all[next]?.focus();
}

const ACTS = {
  j: () => move(1),
  k: () => move(-1),
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

isOn.checked = localStorage.getItem(STORE) !== "off";
isOn.addEventListener("change", () => localStorage.setItem(STORE, isOn.checked ? "on" : "off"));
document.querySelector("#keys-open").addEventListener("click", () => dialog.showModal());
