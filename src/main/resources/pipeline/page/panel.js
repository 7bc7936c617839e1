// One file version: why it is where it is, its rejected rows, what became of a row, and what a person can do about it.

import { get, path, post } from "./api.js";
import { byId, count, dollars, duration, el, number, shown, size, time } from "./dom.js";

const STATES = {
  completed: "✓ completed",
  rejected: "◑ completed, rows rejected",
  refused: "✕ refused",
  failed: "✕ failed",
  waiting: "… waiting",
  processing: "… processing",
  discarded: "– discarded",
  superseded: "– superseded",
};

/** A status in words, with a sign and a colour; "rejected" is completed with rejected rows. */
export const chip = (status) => el("span", { class: "chip", "data-status": status }, STATES[status] ?? status);

/** Says what was done, for eyes and for screen readers. */
export function say(text) {
  const said = byId("said");
  said.textContent = text;
  said.dataset.shown = "yes";
  clearTimeout(say.timer);
  say.timer = setTimeout(() => delete said.dataset.shown, 8000);
}

function confirmed(file) {
  const dialog = byId("confirm");
  byId("confirm-title").textContent = `Discard ${shown(file)}?`;
  byId("confirm-text").textContent =
    "It leaves the list and is not worked on again. Its copies stay in the archive and where it was filed; its rejected rows are not stored.";
  dialog.returnValue = "no";
  dialog.showModal();
  return new Promise((decided) => dialog.addEventListener("close", () => decided(dialog.returnValue === "yes"), { once: true }));
}

/** What can be decided of a failure, and what can be had of any file. */
export function actions(version, mode, changed) {
  const { file } = version;
  const failure = version.status === "refused" || version.status === "failed";
  const decide = (verb, certain) => async (event) => {
    const button = event.currentTarget;
    if (certain && !(await certain())) return;
    button.disabled = true;
    try {
      const answer = await post(`/failures/${verb}`, { file, version: version.version });
      say(`${shown(file)}: ${answer.text}`);
      changed(version, verb);
    } catch (refusal) {
      say(`${shown(file)}: ${refusal.message}`);
      changed(version);
    }
    button.disabled = false;
  };
  const label = (text) => `${text} ${shown(file)}`;
  const of = { file, version: version.version };
  return el(
    "div",
    { class: "buttons" },
    failure && !mode.read_only && el("button", { type: "button", class: "primary", "aria-label": label("Replay"), onclick: decide("replay") }, "Replay"),
    failure && !mode.read_only && el("button", { type: "button", "aria-label": label("Discard"), onclick: decide("discard", () => confirmed(file)) }, "Discard"),
    mode.show_rows && version.rejects &&
      el("a", { class: "button", href: path("/file/rejects.csv", of), download: "", "aria-label": label("Download the rejects of") }, "Download rejects"),
    mode.show_rows && el("a", { class: "button", href: path("/file/original", of), download: "", "aria-label": label("Download the original of") }, "Download original"),
  );
}

function rejected(rejects) {
  const cell = (row) => (text, i) =>
    row.wrong.includes(i)
      ? el("td", { class: "wrong" }, el("span", { class: "hidden" }, "wrong: "), el("mark", {}, shown(text) || "(empty)"))
      : el("td", {}, shown(text));
  return el(
    "div",
    { class: "scroll", tabIndex: 0, role: "region", "aria-label": "First rejected rows" },
    el(
      "table",
      { class: "rejects" },
      el("caption", {}, rejects.more ? "The first rejected rows; the offending cells are marked" : "The rejected rows; the offending cells are marked"),
      el("thead", {}, el("tr", {}, el("th", { scope: "col" }, "line"), rejects.columns.map((column) => el("th", { scope: "col" }, shown(column))), el("th", { scope: "col" }, "why"))),
      el(
        "tbody",
        {},
        rejects.rows.map((row) => {
          const cells = [...row.cells];
          while (cells.length < rejects.columns.length) cells.push("");
          return el("tr", {}, el("th", { scope: "row" }, number(row.line)), cells.slice(0, rejects.columns.length).map(cell(row)), el("td", { class: "errors" }, shown(row.errors)));
        }),
      ),
    ),
  );
}

/** Asks what became of a row, and shows the answer below the question. */
function explain(version) {
  const answer = el("div", { "aria-live": "polite" });
  const line = el("input", { type: "number", min: 1, required: true, name: "line", size: 8 });
  const ask = async (event) => {
    event.preventDefault();
    answer.textContent = "Reading the archived copy…";
    try {
      const row = await get("/file/row", { file: version.file, version: version.version, line: line.value });
      answer.replaceChildren(
        el("p", {}, row.edited ? "The dataset was edited since; this is by what it says today. " : "", row.outcome === "stored" ? `Stored from line ${number(row.line)} in ${row.table}:` : shown(row.text)),
        ...(row.item
          ? [el("dl", { class: "facts" }, Object.entries(row.item).map(([key, value]) => el("div", {}, el("dt", {}, shown(key)), el("dd", {}, shown(typeof value === "object" ? Object.values(value)[0] : value)))))]
          : []),
      );
    } catch (refusal) {
      answer.textContent = refusal.message;
    }
  };
  return el("form", { class: "explain", onsubmit: ask }, el("label", {}, "What became of line ", line), " ", el("button", { type: "submit" }, "Explain"), answer);
}

function facts(version) {
  const fact = (title, value) => value !== undefined && value !== null && el("div", {}, el("dt", {}, title), el("dd", {}, value));
  return el(
    "dl",
    { class: "facts" },
    fact("rows", `${number(version.rows_read)} read, ${number(version.rows_stored)} stored, ${number(version.rows_rejected)} rejected` + (version.rows_repaired ? `; ${number(version.rows_repaired)} came back corrected` : "")),
    fact("dataset", version.dataset ?? "none recognised"),
    fact("size", size(version.bytes)),
    fact("took", duration(version.duration_millis)),
    fact("write units", number(version.write_units)),
    fact("cost", version.cost === undefined ? undefined : dollars(version.cost)),
    fact("attempts", number(version.attempts) + (version.replays ? `; ${count(version.replays, "replay")}` : "")),
    fact("file is in", version.location && shown(version.location)),
    fact("archived in", version.archive && shown(version.archive)),
    fact("rejects are in", version.rejects && shown(version.rejects)),
    fact("first claimed", time(version.first_claim)),
    fact("version", version.version),
  );
}

const history = (version) =>
  el(
    "ol",
    { class: "history" },
    version.history.map((line) => el("li", {}, time(line.at), ` attempt ${line.attempt}: ${line.outcome}`, line.reason && `, ${shown(line.reason)}`)),
  );

/** Everything about one version, from the ledger as it is now. */
export async function panel(file, version, mode, changed) {
  const of = { file, version };
  const whole = (await get("/file", of)).versions[0];
  const rows =
    whole.rejects === undefined
      ? null
      : mode.show_rows
        ? await get("/file/rejects", of).then(rejected, (refusal) => el("p", {}, refusal.message))
        : el("p", {}, "Rows are not shown here (pipeline.http-show-rows); the rejects file has them.");
  return el(
    "div",
    { class: "panel" },
    el("p", { class: "reason" }, chip(whole.status === "completed" && whole.rows_rejected > 0 ? "rejected" : whole.status), " ", whole.reason ? shown(whole.reason) : "", " ", time(whole.since)),
    whole.answered_by && el("p", {}, `A newer version, ${whole.answered_by.version}, was completed `, time(whole.answered_by.since), "."),
    whole.next && el("p", { class: "next" }, shown(whole.next)),
    actions(whole, mode, changed),
    rows,
    mode.show_rows && whole.archive && explain(whole),
    el("h3", {}, "What the ledger says"),
    facts(whole),
    el("h3", {}, "What happened"),
    history(whole),
  );
}
