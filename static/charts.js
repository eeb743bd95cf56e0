// Draws each figure.chart from the table it names: nothing is shown that the table does not say.
//
// The first cell of a row is its label; columns whose head has data-series are drawn, by the data-value of their
// cells, or else their text; a table with data-newest-first is drawn from its last row on. A bar leads where the first link of its row leads.

const THICK = 20; // px a bar takes across, with its gap a little more
const THIN = 9; // the same where several stand side by side
const NARROW = 560;

const style = getComputedStyle(document.documentElement);
const colour = (name) => style.getPropertyValue(`--${name}`).trim();
const numbers = new Intl.NumberFormat(document.documentElement.lang || "vi");

function value(cell) {
  const text = cell?.dataset.value ?? cell?.textContent.trim() ?? "";
  return text === "" || text === "–" ? null : Number(text);
}

function read(table) {
  const heads = [...table.tHead.rows[0].cells];
  const rows = [...table.tBodies[0].rows];
  if ("newestFirst" in table.dataset) rows.reverse(); // time runs to the right
  return {
    labels: rows.map((row) => row.dataset.label ?? row.cells[0].textContent.trim()),
    links: rows.map((row) => row.querySelector("a")?.href),
    series: heads.flatMap((head, at) =>
      head.dataset.series === undefined
        ? []
        : [{
            label: head.dataset.label ?? head.textContent.trim(),
            colour: colour(head.dataset.series || "waiting"),
            values: rows.map((row) => value(row.cells[at])),
          }],
    ),
  };
}

function datasets(series, kind) {
  return series.map((one) => ({
    label: one.label,
    data: one.values,
    backgroundColor: one.colour,
    borderColor: one.colour,
    borderWidth: kind === "line" ? 2 : 0,
    maxBarThickness: series.length > 1 ? THIN : THICK,
    pointRadius: one.values.length > 40 ? 0 : 3,
    tension: 0.2,
    spanGaps: true,
  }));
}

function axes(figure, lies) {
  const stacked = "stacked" in figure.dataset;
  const [long, across] = lies ? ["x", "y"] : ["y", "x"];
  return {
    [long]: {
      stacked,
      beginAtZero: true,
      grid: { color: colour("line") },
      border: { display: false },
      ticks: { color: colour("muted"), precision: 0, callback: (n) => numbers.format(n) },
      title: { display: Boolean(figure.dataset.unit), text: figure.dataset.unit, color: colour("muted") },
    },
    [across]: {
      stacked,
      grid: { display: false },
      border: { color: colour("line") },
      ticks: { color: colour("ink"), autoSkip: !lies, maxRotation: 0 },
    },
  };
}

function shortened(label, width) {
  const most = width < NARROW / 1.5 ? 18 : width < NARROW ? 26 : 34;
  return label.length > most ? `${label.slice(0, most - 1)}…` : label;
}

function draw(figure) {
  const table = document.getElementById(figure.dataset.table);
  const found = read(table);
  const stage = figure.querySelector(".chart-stage");
  const kind = figure.dataset.chart === "line" ? "line" : "bar";
  const lies = figure.dataset.chart === "bar"; // bars that lie leave room for names of units
  const side = "stacked" in figure.dataset || found.series.length === 1 ? THICK : THIN * found.series.length;
  if (lies) stage.style.height = `${found.labels.length * (side + 14) + 84}px`;
  figure.hidden = found.labels.length === 0;
  return new window.Chart(figure.querySelector("canvas"), {
    type: kind,
    data: { labels: found.labels.map((label) => shortened(label, stage.clientWidth)), datasets: datasets(found.series, kind) },
    options: {
      indexAxis: lies ? "y" : "x",
      animation: false,
      maintainAspectRatio: false,
      interaction: { mode: "index", intersect: false, axis: lies ? "y" : "x" },
      scales: axes(figure, lies),
      plugins: {
        legend: { display: found.series.length > 1, position: "bottom", labels: { color: colour("ink"), boxWidth: 12 } },
        tooltip: {
          callbacks: {
            title: ([first]) => found.labels[first.dataIndex],
            label: (item) => `${item.dataset.label}: ${numbers.format(item.raw)}`,
          },
        },
      },
      onHover: (event, [bar]) => {
        event.native.target.style.cursor = bar && found.links[bar.index] ? "pointer" : "";
      },
      onClick: (event, [bar]) => {
        if (bar && found.links[bar.index]) window.location.assign(found.links[bar.index]);
      },
    },
  });
}

window.Chart.defaults.font.family = "'Be Vietnam Pro', system-ui, sans-serif";
window.Chart.defaults.font.size = 12;
for (const figure of document.querySelectorAll("figure.chart")) draw(figure);
