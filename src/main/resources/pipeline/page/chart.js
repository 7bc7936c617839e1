import { byId, el, keyed, number } from "./dom.js";

const SERIES = ["completed", "refused", "failed", "rows_stored", "rows_rejected"];
const HEIGHT = 220;

let plot;
let drawn = "";

const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();

/** Bars stand on each other: what is drawn is the sum up to each, the longest first. */
function stacked(chart) {
  const completed = chart.completed;
  const refused = completed.map((value, i) => value + chart.refused[i]);
  const failed = refused.map((value, i) => value + chart.failed[i]);
  return [chart.start, failed, refused, completed, chart.rows_stored, chart.rows_rejected];
}

/** A moment as a clock shows it; midnight as its day. */
function clock(seconds) {
  const at = new Date(seconds * 1000);
  const pad = (value) => String(value).padStart(2, "0");
  return at.getHours() + at.getMinutes() === 0 ? `${pad(at.getDate())}.${pad(at.getMonth() + 1)}.` : `${pad(at.getHours())}:${pad(at.getMinutes())}`;
}

function options(chart) {
  const bars = uPlot.paths.bars({ size: [0.8, 40], align: 1 });
  const bar = (fill) => ({ scale: "files", paths: bars, fill: colour(fill), stroke: colour(fill), width: 0, points: { show: false } });
  const line = (stroke, dash) => ({ scale: "rows", stroke: colour(stroke), width: 2, dash, points: { show: false } });
  const axis = { stroke: colour("muted"), grid: { stroke: colour("line"), width: 1 }, ticks: { stroke: colour("line"), width: 1 } };
  const whole = (plot, values) => values.map((value) => (Number.isInteger(value) ? number(value) : ""));
  return {
    width: byId("chart").clientWidth,
    height: HEIGHT,
    legend: { show: false },
    cursor: { show: false },
    scales: {
      x: { range: () => [chart.start[0], chart.start.at(-1) + chart.bucket_seconds] },
      files: { range: (plot, min, max) => [0, Math.max(1, max)] },
      rows: { range: (plot, min, max) => [0, Math.max(1, max)] },
    },
    axes: [
      { ...axis, values: (plot, seconds) => seconds.map(clock) },
      { ...axis, scale: "files", values: whole },
      { ...axis, scale: "rows", side: 1, grid: { show: false }, size: 70, values: whole },
    ],
    series: [
      {},
      bar("bad"),
      bar("warn"),
      bar("ok"),
      line("text", [6, 3]),
      line("bad", [2, 3]),
    ],
  };
}

function tabulate(chart) {
  const rows = chart.start
    .map((start, i) => [new Date(start * 1000).toISOString().slice(0, 16).replace("T", " ") + " UTC", ...SERIES.map((name) => chart[name][i])])
    .filter(([, ...values]) => values.some((value) => value > 0));
  keyed(
    byId("chart-table").tBodies[0],
    rows.length ? rows : [["nothing was concluded", 0, 0, 0, 0, 0]],
    (row) => row.join(),
    ([from, ...values]) => el("tr", {}, el("th", { scope: "row" }, from), values.map((value) => el("td", {}, number(value)))),
  );
}

/** Draws the chart anew where it shows something else than before. */
export function draw(chart) {
  const text = JSON.stringify(chart) + byId("chart").clientWidth + colour("ok");
  if (text === drawn) return;
  drawn = text;
  plot?.destroy();
  plot = new uPlot(options(chart), stacked(chart), byId("chart"));
  tabulate(chart);
}
