// The step page: drafts travel without files, the last words too when one leaves; a failed draft is said,
// and the section in sight is marked.

const form = document.querySelector("#step-form");
const failed = document.querySelector("#draft-failed");
let typed = 0; // changes so far
let kept = 0; // those of them that the server has
let sending = Promise.resolve();

function dropFiles(fields) {
  for (const name of new Set(fields.keys())) {
    if (fields.getAll(name).some((value) => value instanceof File)) fields.delete(name);
  }
  return fields;
}

async function save() {
  const upTo = typed;
  const body = new URLSearchParams(dropFiles(new FormData(form)));
  const keepalive = body.toString().length < 60_000; // browsers take 64 KiB with them
  const headers = { "HX-Request": "true" }; // as the drafts of htmx: no page, nothing kept in the session
  const answer = await fetch(form.getAttribute("hx-post"), { method: "POST", body, headers, keepalive });
  if (answer.ok) kept = upTo;
}

form?.addEventListener("input", () => { typed += 1; });
form?.addEventListener("submit", () => { kept = typed; });

form?.addEventListener("htmx:configRequest", (event) => {
  if (event.target !== form) return;
  dropFiles(event.detail.formData);
  const upTo = typed;
  sending = new Promise((done) => {
    form.addEventListener("htmx:afterRequest", ({ detail }) => {
      if (detail.successful) kept = Math.max(kept, upTo);
      done();
    }, { once: true });
  });
});

form?.addEventListener("htmx:afterRequest", (event) => { failed.hidden = event.detail.successful; });

// Who signs out a moment after typing finds it all the same: the words go first, the other form after them,
// because a request that follows the sign-out is a stranger's.
document.addEventListener("submit", async (event) => {
  if (!form || event.target === form || event.defaultPrevented || kept === typed) return;
  event.preventDefault();
  const words = sending.then(() => (kept < typed ? save() : null));
  await words.catch(() => { }); // what cannot be saved keeps nobody on the page
  kept = typed;
  event.target.requestSubmit(event.submitter);
});

window.addEventListener("beforeunload", () => { if (form && kept < typed) save(); });

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
