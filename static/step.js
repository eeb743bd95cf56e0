// The step page: drafts travel without files, the last words too when one leaves; a failed draft is said,
// and the section in sight is marked.

const form = document.querySelector("#step-form");
const failed = document.querySelector("#draft-failed");
let isUnsaved = false;

function dropFiles(fields) {
  for (const name of new Set(fields.keys())) {
    if (fields.getAll(name).some((value) => value instanceof File)) fields.delete(name);
  }
  return fields;
}

form?.addEventListener("input", () => { isUnsaved = true; });
form?.addEventListener("submit", () => { isUnsaved = false; });

form?.addEventListener("htmx:configRequest", (event) => {
  if (event.target !== form) return;
  dropFiles(event.detail.formData);
  isUnsaved = false;
});

form?.addEventListener("htmx:afterRequest", (event) => {
  failed.hidden = event.detail.successful;
  isUnsaved ||= !event.detail.successful;
});

// Who signs out a moment after typing finds it all the same. Before the page goes, not after: then nobody is signed in.
window.addEventListener("beforeunload", () => {
  if (!isUnsaved) return;
  const body = new URLSearchParams(dropFiles(new FormData(form)));
  const keepalive = body.toString().length < 60_000; // browsers take 64 KiB with them
  const headers = { "HX-Request": "true" }; // as the drafts before it: no page, nothing kept in the session
  fetch(form.getAttribute("hx-post"), { method: "POST", body, headers, keepalive });
});

const marks = new Map();
for (const link of document.querySelectorAll(".sections a")) {
  marks.set(document.querySelector(link.hash), link);
}

const watcher = new IntersectionObserver(
  (entries) => {
    for (const entry of entries.filter((seen) => seen.isIntersecting)) {
      for (const [section, link] of marks) {
        link.toggleAttribute("aria-current", section === entry.target);
        if (section === entry.target) link.setAttribute("aria-current", "location");
      }
    }
  },
  { rootMargin: "-20% 0px -70% 0px" },
);

for (const section of marks.keys()) watcher.observe(section);
