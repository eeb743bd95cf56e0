// The step page: drafts travel without files, a failed draft is said, and the section in sight is marked.

const form = document.querySelector("#step-form");
const failed = document.querySelector("#draft-failed");

form?.addEventListener("htmx:configRequest", (event) => {
  if (event.target !== form) return;
  const fields = event.detail.formData;
  for (const name of new Set(fields.keys())) {
    if (fields.getAll(name).some((value) => value instanceof File)) fields.delete(name);
  }
});

form?.addEventListener("htmx:afterRequest", (event) => {
  failed.hidden = event.detail.successful;
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
