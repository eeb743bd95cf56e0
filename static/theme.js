// Runs before the first paint: follows the system's light or dark, and tells the stylesheet that scripts run.

const dark = window.matchMedia("(prefers-color-scheme: dark)");

function follow() {
  document.documentElement.dataset.bsTheme = dark.matches ? "dark" : "light";
}

dark.addEventListener("change", follow);
follow();
document.documentElement.classList.add("js");
