// Shows a diagram, fitted: the way taken in green, the step a case waits at (or what is wrong) in red, the rest grey.
// With data-heat it shows many cases instead: how many wait at each step, and how long.

const MAX_HEIGHT = 780;
const MIN_HEIGHT = 160;
const MARGIN = 16;
const MARK = 84; // bpmn.io's mark stands below the drawing, not on it
const COLOURS = {
  defaultFillColor: "var(--card)",
  defaultStrokeColor: "var(--diagram-rest)",
  defaultLabelColor: "var(--muted)",
};
const ZOOM = { in: 1.25, out: 0.8 };
const NARROW = 720; // on a phone the whole drawing cannot be read: the part where the case stands can
const PHONE = { height: 320, zoom: 0.8 };

const figure = document.querySelector("#diagram");
const stage = figure.querySelector(".diagram-canvas");

function mark(canvas, registry, ids, marker) {
  for (const id of ids.split(" ").filter((name) => registry.get(name))) {
    canvas.addMarker(id, marker);
    if (registry.get(`${id}_label`)) canvas.addMarker(`${id}_label`, marker);
  }
}

function fit(canvas) {
  if (stage.clientWidth === 0) return; // a hidden page has no size, and a zoom of nothing never comes back
  const { inner } = canvas.viewbox();
  const box = {
    x: inner.x - MARGIN,
    y: inner.y - MARGIN,
    width: inner.width + 2 * MARGIN,
    height: inner.height + MARGIN + MARK,
  };
  const height = (stage.clientWidth * box.height) / box.width;
  stage.style.height = `${Math.min(MAX_HEIGHT, Math.max(MIN_HEIGHT, height))}px`;
  canvas.resized();
  canvas.viewbox(box);
}

function lookAt(canvas, element) {
  if (stage.clientWidth === 0) return;
  stage.style.height = `${PHONE.height}px`;
  canvas.resized();
  const { x, y, width, height } = element;
  canvas.zoom(PHONE.zoom, { x: x + width / 2, y: y + height / 2 });
  canvas.scrollToElement(element, { top: 90, bottom: 130, left: 60, right: 60 });
}

function open(canvas, here) {
  const isNarrow = stage.clientWidth < NARROW;
  figure.classList.toggle("is-narrow", isNarrow);
  if (here && isNarrow) lookAt(canvas, here);
  else fit(canvas);
}

function silence() {
  const drawing = stage.querySelector("svg");
  drawing.removeAttribute("tabindex");
  drawing.setAttribute("aria-hidden", "true");
}

// Larger, smaller, whole; and where a drawing is too small to read, from one person's step to the next as they are drawn.
// What is looked at stays in sight.
function offerTools(canvas, registry, here) {
  const steps = registry.filter((element) => element.type === "bpmn:UserTask").sort((a, b) => a.x - b.x || a.y - b.y);
  const tools = figure.querySelector(".diagram-tools");
  let looked = here;
  let width = stage.clientWidth;
  tools.hidden = false;
  tools.addEventListener("click", (event) => {
    const { zoom, step } = event.target.closest("button")?.dataset ?? {};
    if (zoom === "fit") fit(canvas);
    else if (zoom) {
      canvas.zoom(canvas.zoom() * ZOOM[zoom]);
      if (looked) canvas.scrollToElement(looked, 40);
    } else if (step && steps.length > 0) {
      const at = steps.indexOf(looked);
      looked = at < 0 ? steps.at(step > 0 ? 0 : -1) : steps[(at + Number(step) + steps.length) % steps.length];
      lookAt(canvas, looked);
    }
  });
  window.addEventListener("resize", () => {
    if (stage.clientWidth === width) return; // a phone's address bar comes and goes
    width = stage.clientWidth;
    open(canvas, looked);
  });
}

// Of many cases: each step coloured by how long they wait there and ringed by how many, with both in words below it.
function warm(viewer, canvas, registry) {
  const steps = Object.entries(JSON.parse(figure.dataset.heat ?? "{}"));
  for (const [id, { heat, ring, count, days }] of steps.filter(([name]) => registry.get(name))) {
    canvas.addMarker(id, `is-heat-${heat}`);
    canvas.addMarker(id, `is-ring-${ring}`);
    const label = document.createElement("div");
    label.className = `heat is-heat-${heat}`;
    for (const words of [count, days]) label.append(Object.assign(document.createElement("span"), { textContent: words }));
    // Words stay as large as the page's: they are read where the names of a fitted drawing cannot be.
    viewer.get("overlays").add(id, { position: { bottom: 12, left: registry.get(id).width / 2 }, html: label, scale: { min: 1 } });
  }
}

// Where the case waits; of one that has ended, where it ended; of many, where it is worst.
function standing(registry) {
  const { current, done, heat } = figure.dataset;
  if (heat) {
    const steps = Object.entries(JSON.parse(heat)).filter(([id]) => registry.get(id));
    const [worst] = steps.sort(([, a], [, b]) => b.heat - a.heat || b.ring - a.ring);
    return worst && registry.get(worst[0]);
  }
  const ends = done.split(" ").filter((id) => registry.get(id)?.type === "bpmn:EndEvent");
  return registry.get(current.split(" ")[0]) ?? registry.get(ends[0]);
}

async function load() {
  const answer = await fetch(figure.dataset.src);
  if (!answer.ok) throw new Error(`the diagram answered ${answer.status}`);
  return answer.text();
}

async function show() {
  const viewer = new window.BpmnJS({
    container: stage,
    bpmnRenderer: COLOURS,
    textRenderer: { defaultStyle: { fontFamily: "Be Vietnam Pro, sans-serif", fontSize: 12 } },
    zoomScroll: { enabled: false },
  });
  await viewer.importXML(figure.dataset.xml || (await load()));
  const canvas = viewer.get("canvas");
  const registry = viewer.get("elementRegistry");
  mark(canvas, registry, figure.dataset.flows, "is-done");
  mark(canvas, registry, figure.dataset.done, "is-done");
  mark(canvas, registry, figure.dataset.current, "is-current");
  warm(viewer, canvas, registry);
  const here = standing(registry);
  open(canvas, here);
  silence();
  offerTools(canvas, registry, here);
}

show().catch(() => {
  stage.hidden = true;
  figure.querySelector("[data-failed]").hidden = false;
});
