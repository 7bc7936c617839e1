// How the pipeline fares, kept up to date. The service says when something has changed; the page then asks for what it shows.

import { get, Refusal } from "./api.js";
import { draw } from "./chart.js";
import { byId, count, dollars, duration, el, keyed, name, number, percent, setText, short, shown, time } from "./dom.js";
import * as files from "./files.js";
import { actions, chip, panel } from "./panel.js";
import { allow } from "./upload.js";

const SIGNS = { ok: "✓", attention: "!", outage: "✕", unknown: "…" };
const LOOK_AGAIN_MILLIS = 10_000;
const AT_MOST_EVERY_MILLIS = 1_000;

/** The service says every two seconds that it is alive. */
const SILENT_MILLIS = 15_000;

let mode = { read_only: true, show_rows: false, upload: false };
let answeredAt = null;

/** What was replayed here and is not on the list any more: it stays in sight until a while after its end. */
const replayed = new Map();
const IN_SIGHT_MILLIS = 60_000;

// ---- tiles

const known = (value, words) => (value === null || value === undefined ? "–" : words(value));

/** Key, title, what it shows, what it means, and whether it is a reason to worry. */
const TILES = [
  ["files", "files processed", (t) => short(t.files), "completed, refused, failed or discarded"],
  ["success_rate", "success rate", (t) => known(t.success_rate, percent), (t) => (t.discarded ? `completed; ${number(t.discarded)} discarded left out` : "completed, of all"), (t) => t.success_rate !== null && t.success_rate < 0.95],
  ["errors", "errors", (t) => short(t.errors), "files refused or failed", (t) => t.errors > 0],
  ["rows_stored", "rows stored", (t) => short(t.rows_stored), "items in the tables"],
  ["rows_rejected", "rows rejected", (t) => short(t.rows_rejected), "handed back with their reasons"],
  ["rows_unaccounted", "rows unaccounted for", (t) => short(t.rows_unaccounted), "read, neither stored nor rejected: must be 0", (t) => t.rows_unaccounted !== 0, "bad"],
  ["duration", "average time", (t) => known(t.duration_average_millis, duration), (t) => `95 of 100 files within ${known(t.duration_p95_millis, duration)}`],
  ["oldest_open", "oldest file not finished", (t) => (t.oldest_open ? time(t.oldest_open.since) : "none"), (t) => (t.oldest_open ? shown(t.oldest_open.file) : "nothing waits")],
  ["queue_messages", "in the queue", (t) => known(t.queue_messages, short), "events that wait"],
  ["dead_letters", "dead letters", (t) => known(t.dead_letters, short), "in the dead-letter queue", (t) => t.dead_letters > 0],
  ["write_units", "write units", (t) => short(t.write_units), "consumed by rows"],
  ["throttled_share", "throttled", (t) => known(t.throttled_share, percent), "items sent again, of all", (t) => t.throttled_share > 0.05],
  ["cost_today", "cost today", (t) => known(t.cost_today, dollars), "estimated, of files concluded since 0:00 UTC"],
  ["cost_per_1000_rows", "cost per 1,000 rows", (t) => known(t.cost_per_1000_rows, dollars), "estimated, by config/prices.yaml"],
];

function showTiles(tiles) {
  keyed(
    byId("tiles"),
    TILES,
    ([key]) => key,
    ([key, title]) => el("div", { "data-tile": key }, el("dt", {}, title), el("dd"), el("dd", { class: "meaning" })),
    (tile, [, , value, meaning, worry, level]) => {
      const [figure, small] = tile.querySelectorAll("dd");
      const content = value(tiles);
      if (typeof content === "string") setText(figure, content);
      else if (figure.firstElementChild?.dateTime !== content.dateTime) figure.replaceChildren(content);
      setText(small, typeof meaning === "function" ? meaning(tiles) : meaning);
      tile.dataset.level = worry?.(tiles) ? (level ?? "warn") : "calm";
    },
  );
}

// ---- what needs a person

function attentionRow(version) {
  const details = el("details", {}, el("summary"), el("div"));
  details.addEventListener("toggle", () => details.open && fill(details, version));
  return el("li", { "data-file": version.file }, details);
}

async function fill(details, version) {
  const body = details.lastElementChild;
  if (!body.firstChild) body.textContent = "Asking for it…";
  try {
    body.replaceChildren(await panel(version.file, version.version, mode, changed));
  } catch (refusal) {
    body.textContent = refusal.message;
  }
}

function attentionSummary(row, version) {
  const said = JSON.stringify([version.status, version.reason, version.answered_by?.version]);
  if (row.dataset.said === said) return;
  const details = row.querySelector("details");
  if (row.dataset.said && details.open) fill(details, version);
  row.dataset.said = said;
  row.dataset.status = version.status;
  row.querySelector("summary").replaceChildren(
    chip(version.status),
    " ",
    name(version.file),
    " ",
    time(version.since),
    el("span", { class: "why" }, version.reason ? shown(version.reason.replace(`${version.file}: `, "")) : ""),
    version.answered_by ? el("span", { class: "why" }, "a newer version was completed since") : "",
  );
  row.querySelector(":scope > .buttons")?.remove();
  row.append(actions(version, mode, changed));
}

/** A decision was made on this page; without a verb it was refused, for the file is not as the page thought. */
function changed(version, verb) {
  const id = `${version.file}@${version.version}`;
  if (verb === "replay") replayed.set(id, { ...version, status: "waiting", reason: "" });
  else if (verb === "discard") replayed.delete(id);
  refresh();
  if (byId("detail").open) files.showDetail(mode, changed);
}

const ENDED = new Set(["completed", "discarded", "superseded"]);

/** Whether somebody is looking at the details of a row. */
const openRow = (id) => [...byId("attention-list").children].some((row) => row.dataset.key === id && row.querySelector("details").open);

async function showAttention(overview) {
  const { outage } = overview;
  byId("outage").hidden = !outage;
  if (outage) byId("outage").replaceChildren("AWS does not let files through, since ", time(outage.since), `: ${shown(outage.reason)}. Files wait and are taken up by themselves; what is wrong with the account is told by: java -jar camel-data-pipeline.jar doctor`);
  const listed = new Set(overview.attention.map((version) => `${version.file}@${version.version}`));
  for (const [id, version] of replayed) {
    if (listed.has(id)) {
      // It has failed again, or the list is a moment behind.
      continue;
    }
    if (version.endedAt && Date.now() - version.endedAt > IN_SIGHT_MILLIS && !openRow(id)) {
      replayed.delete(id);
    } else if (!version.endedAt) {
      try {
        const now = (await get("/file", { file: version.file, version: version.version })).versions[0];
        replayed.set(id, ENDED.has(now.status) ? { ...now, endedAt: Date.now() } : now);
      } catch (refusal) {
        // It stays as it was shown; what the ledger does not know any more goes.
        if (refusal.status === 404) replayed.delete(id);
      }
    }
  }
  const gone = [...replayed.values()].filter((version) => !listed.has(`${version.file}@${version.version}`));
  keyed(byId("attention-list"), [...gone, ...overview.attention], (version) => `${version.file}@${version.version}`, attentionRow, attentionSummary);
  byId("attention").hidden = !outage && gone.length + overview.attention.length === 0;
  const more = overview.attention_count - overview.attention.length;
  byId("attention-more").hidden = more <= 0;
  setText(byId("attention-more"), `${number(overview.attention.length)} of ${overview.attention_count < 1000 ? "" : "at least "}${number(overview.attention_count)}; the others: filter the files by status, or failures list.`);
}

// ---- under way, reasons, state

function showUnderWay(overview) {
  const list = overview.under_way;
  byId("under-way-none").hidden = list.length > 0;
  keyed(
    byId("under-way-list"),
    list,
    (version) => `${version.file}@${version.version}`,
    (version) => el("li", {}, el("span", { class: "chip-place" }), " ", name(version.file), " ", el("progress", { "aria-label": `rows of ${shown(version.file)}` }), el("span", { class: "meaning" })),
    (row, version) => {
      const place = row.querySelector(".chip-place");
      if (place.textContent !== chip(version.status).textContent) place.replaceChildren(chip(version.status));
      const progress = row.querySelector("progress");
      progress.hidden = version.status !== "processing";
      if (version.rows_total) {
        progress.max = version.rows_total;
        progress.value = version.rows_read;
      } else {
        progress.removeAttribute("value");
      }
      const rows = version.rows_total ? `${number(version.rows_read)} of ${number(version.rows_total)} rows` : version.rows_read ? `${number(version.rows_read)} rows` : "";
      const wait = version.not_before && Date.parse(version.not_before) > Date.now() ? `tried again at ${version.not_before.slice(11, 19)} UTC` : "";
      setText(row.querySelector(".meaning"), [rows, version.attempts > 1 ? `attempt ${version.attempts}` : "", wait].filter(Boolean).join(", "));
    },
  );
}

function showReasons(overview) {
  byId("reasons-none").hidden = overview.reasons.length > 0;
  const most = overview.reasons[0]?.rows ?? 1;
  keyed(
    byId("reasons"),
    overview.reasons,
    (reason) => reason.reason,
    (reason) => el("li", {}, el("span", {}, shown(reason.reason)), el("span", {}, el("span", { class: "bar" })), el("span", { class: "meaning" })),
    (row, reason) => {
      row.querySelector(".bar").style.width = `${(100 * reason.rows) / most}%`;
      setText(row.querySelector(".meaning"), `${count(reason.rows, "row")} in ${count(reason.files, "file")}`);
    },
  );
}

function showCosts(overview) {
  const all = overview.costs.reduce((sum, line) => sum + (line.cost ?? 0), 0);
  setText(byId("costs-in-all"), `${dollars(all)} for ${count(overview.tiles.files, "file")}, by day and dataset`);
  setText(byId("costs-waiting"), `Beside that each process costs ${dollars(overview.waiting_cost_a_day)} a day as it waits.`);
  keyed(
    byId("costs").tBodies[0],
    overview.costs,
    (line) => JSON.stringify(line),
    (line) =>
      el(
        "tr",
        {},
        el("th", { scope: "row" }, line.day),
        el("td", {}, line.dataset),
        [line.files, line.rows_stored, line.write_units].map((value) => el("td", { class: "number" }, number(value))),
        el("td", { class: "number" }, line.cost === undefined ? "–" : dollars(line.cost)),
        el("td", { class: "number" }, line.cost === undefined || !line.rows_stored ? "–" : dollars((1000 * line.cost) / line.rows_stored)),
      ),
  );
}

function showState(level, text) {
  const state = byId("state");
  setText(state, `${SIGNS[level]} ${text}`);
  state.dataset.level = level;
  document.title = `${SIGNS[level]} ${text} – camel-data-pipeline`;
}

function show(overview) {
  mode = overview.mode;
  allow(mode);
  setText(byId("where"), `bucket ${mode.bucket}${mode.read_only ? ", to look at only" : ""}`);
  setText(byId("about"), `Version ${mode.version}. Programs ask the same at /api/openapi.yaml, metrics are at /observe/metrics.`);
  showState(overview.state.level, overview.state.text);
  // The ledger tells nothing: what it told last stays, and is said to be old.
  if (!overview.tiles) return;
  const window = overview.hours % 24 === 0 && overview.hours > 24 ? `last ${overview.hours / 24} days` : overview.hours === 1 ? "last hour" : `last ${overview.hours} hours`;
  document.querySelectorAll(".window").forEach((place) => setText(place, window));
  byId("partial").hidden = overview.complete;
  showTiles(overview.tiles);
  showUnderWay(overview);
  showReasons(overview);
  showCosts(overview);
  draw(overview.chart);
}

// ---- keeping up

function lost(refusal) {
  const connection = byId("connection");
  connection.hidden = false;
  const since = answeredAt ? `What you see is as of ${answeredAt.toLocaleTimeString("en-GB")}; trying again.` : "Trying again.";
  setText(
    connection,
    refusal.status === 401
      ? "The service wants to know who you are: load the page again and give the secret as password."
      : refusal.status
        ? `The service could not answer: ${refusal.message}. ${since}`
        : `Connection lost. ${since}`,
  );
}

let running = false;
let again = false;

/** Asks for what the page shows; not more often than is worth it, and never twice at the same time. */
async function refresh() {
  if (running) {
    again = true;
    return;
  }
  running = true;
  let told = false;
  try {
    const { hours, dataset } = files.wanted();
    const list = files.show().then(() => null, (refusal) => refusal);
    const overview = await get("/overview", { hours, dataset });
    show(overview);
    told = true;
    const refusal = await list;
    if (refusal) throw refusal;
    if (!overview.tiles) throw new Refusal(503, overview.state.text);
    await showAttention(overview);
    answeredAt = new Date();
    byId("connection").hidden = true;
  } catch (refusal) {
    if (!told) showState("unknown", answeredAt ? "Not known at this moment" : "No answer yet");
    lost(refusal);
  }
  setTimeout(() => {
    running = false;
    if (again) {
      again = false;
      refresh();
    }
  }, AT_MOST_EVERY_MILLIS);
}

let changes;
let heardAt = 0;

function listen() {
  changes?.close();
  changes = new EventSource("/api/changes");
  heardAt = Date.now();
  let missed = false;
  changes.addEventListener("alive", () => (heardAt = Date.now()));
  // Not all pages in the same moment.
  changes.addEventListener("changed", () => document.hidden || setTimeout(refresh, 500 * Math.random()));
  changes.addEventListener("error", () => (missed = true));
  changes.addEventListener("open", () => {
    if (missed && !document.hidden) refresh();
    missed = false;
  });
}

function follow() {
  listen();
  setInterval(() => {
    // A connection can be gone without anybody having said so; one that was refused is not tried again by the browser.
    const silent = Date.now() - heardAt > SILENT_MILLIS || changes.readyState === EventSource.CLOSED;
    if (silent) listen();
    // Until it is there again, or where nobody may listen, the page asks.
    const behind = silent || changes.readyState !== EventSource.OPEN || replayed.size > 0 || !byId("connection").hidden;
    if (behind && !document.hidden) refresh();
  }, LOOK_AGAIN_MILLIS);
  // Whatever was missed, an outage of AWS among it, is seen after a while.
  setInterval(() => document.hidden || refresh(), 30_000);
  document.addEventListener("visibilitychange", () => document.hidden || refresh());
}

files.setUp(refresh);
addEventListener("popstate", () => {
  refresh();
  files.showDetail(mode, changed);
});
addEventListener("resize", () => refresh());
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => refresh());

await refresh();
files.offerDatasets().catch(lost);
files.showDetail(mode, changed);
follow();
