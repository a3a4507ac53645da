// Charts of the history page: the numbers of the table beside each, drawn by uPlot. Data stand in the page.
"use strict";

const DAYS = [1, 2, 7, 14, 30, 91, 182, 365];
const plots = new Map();
const SHAPES = [
  { dash: [], colour: "--first" },
  { dash: [8, 5], colour: "--second" },
  { dash: [2, 4], colour: "--third" },
];

function colour(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

// Bars stand on those before them: the tallest is drawn first.
function stacked(lines) {
  const sums = [];
  lines.forEach((line, i) => sums.push(line.values.map((value, x) => (value ?? 0) + (i ? sums[i - 1][x] : 0))));
  return sums;
}

function seriesOf(chart) {
  const bars = chart.lines.filter((line) => line.kind === "bar");
  const data = [chart.x];
  const series = [{}];
  const bands = [];
  const sums = stacked(bars);
  for (let i = bars.length - 1; i >= 0; i--) {
    data.push(sums[i]);
    series.push({
      label: bars[i].label,
      paths: uPlot.paths.bars({ size: [0.7, 46] }),
      fill: colour(SHAPES[i].colour),
      stroke: colour("--ink"),
      width: 1,
      points: { show: false },
      value: (_, __, ___, at) => (at === null ? "–" : bars[i].values[at]),
    });
  }
  chart.lines.filter((line) => line.kind !== "bar").forEach((line, i) => {
    const shape = line.kind === "wish" ? { dash: [3, 6], colour: "--soft" } : SHAPES[i % SHAPES.length];
    data.push(line.values);
    series.push({
      label: line.label,
      stroke: colour(shape.colour),
      dash: shape.dash,
      width: 2,
      points: { show: line.kind !== "wish", size: 9, fill: colour(i ? "--card" : shape.colour) },
      value: (_, value) => (value === null || value === undefined ? "–" : value.toFixed(1)),
    });
    if (line.sd.length) addBand(line, data, series, bands);
  });
  return { data, series, bands };
}

function addBand(line, data, series, bands) {
  const edge = (sign) =>
    line.values.map((value, x) => (value === null || line.sd[x] === null ? null : value + sign * line.sd[x]));
  for (const [sign, label] of [[1, "+ SD"], [-1, "− SD"]]) {
    data.push(edge(sign));
    series.push({
      label,
      stroke: colour("--first"),
      width: 1,
      dash: [2, 3],
      points: { show: true, size: 4 },
      value: (_, value) => (value === null || value === undefined ? "–" : value.toFixed(1)),
    });
  }
  bands.push({ series: [data.length - 2, data.length - 1], fill: colour("--band") });
}

// A dashed line where a threshold or the program changed.
function marked(chart) {
  return (plot) => {
    const { ctx, bbox } = plot;
    ctx.save();
    ctx.strokeStyle = colour("--ink");
    ctx.fillStyle = colour("--ink");
    ctx.setLineDash([6, 4]);
    ctx.lineWidth = 2 * devicePixelRatio;
    chart.marks.forEach((is, i) => {
      if (!is) return;
      const x = Math.round(plot.valToPos(chart.x[i], "x", true));
      ctx.beginPath();
      ctx.moveTo(x, bbox.top);
      ctx.lineTo(x, bbox.top + bbox.height);
      ctx.stroke();
      const size = 7 * devicePixelRatio;
      ctx.beginPath();
      ctx.moveTo(x - size, bbox.top);
      ctx.lineTo(x + size, bbox.top);
      ctx.lineTo(x, bbox.top + 1.4 * size);
      ctx.fill();
    });
    ctx.restore();
  };
}

function spread(x) {
  const day = 86400;
  const first = x[0];
  const last = x[x.length - 1];
  const room = Math.max((last - first) * 0.06, day / 2);
  return [first - room, last + room];
}

function draw(place) {
  const chart = JSON.parse(place.dataset.chart);
  plots.get(place)?.destroy();
  if (!chart.x.length) return;
  const { data, series, bands } = seriesOf(chart);
  const axis = { stroke: colour("--ink"), grid: { stroke: colour("--line"), width: 1 }, font: '14px "Atkinson", sans-serif' };
  const day = (_, ticks) => ticks.map((s) => new Date(s * 1000).toISOString().slice(5, 10));
  plots.set(
    place,
    new uPlot(
      {
        width: Math.max(place.clientWidth, 280),
        height: 260,
        tzDate: (s) => uPlot.tzDate(new Date(s * 1000), "Etc/UTC"),
        scales: { x: { range: () => spread(chart.x) }, y: { range: (_, low, high) => rangeOf(chart, low, high) } },
        axes: [{ ...axis, values: day, space: 60, incrs: DAYS.map((days) => days * 86400) }, axis],
        series: [{ label: "UTC", value: (_, s) => (s ? new Date(s * 1000).toISOString().slice(0, 10) : "–") }, ...series.slice(1)],
        bands,
        cursor: { drag: { x: false, y: false } },
        hooks: { draw: [marked(chart)] },
      },
      data,
      place,
    ),
  );
}

function rangeOf(chart, low, high) {
  const bottom = chart.low ?? low;
  const room = Math.max((high - bottom) * 0.1, 1);
  return [chart.low ?? low - room, chart.high ?? high + room];
}

function all() {
  document.querySelectorAll("[data-chart]").forEach(draw);
}

let later = 0;
window.addEventListener("resize", () => {
  clearTimeout(later);
  later = setTimeout(all, 150);
});
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", all);
all();
