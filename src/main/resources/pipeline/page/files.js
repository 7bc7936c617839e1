// The table of concluded files: filtered, sorted and paged by the service; what is asked for stands in the address.

import { get } from "./api.js";
import { byId, count, dollars, duration, el, keyed, name, number, setText, shown, size, time } from "./dom.js";
import { chip, panel } from "./panel.js";

const COLUMNS = [
  ["file", "File"],
  ["status", "Status"],
  ["dataset", "Dataset"],
  ["concluded_at", "Concluded"],
  ["rows_stored", "Stored"],
  ["rows_rejected", "Rejected"],
  ["bytes", "Size"],
  ["duration_millis", "Took"],
  ["cost", "Cost"],
];
const NUMBERS = new Set(["rows_stored", "rows_rejected", "bytes", "duration_millis", "cost"]);
const DEFAULTS = { hours: "24", sort: "concluded_at", order: "desc", page: "1" };
const SHARED = ["hours", "dataset", "status", "name", "sort", "order", "page"];

let asked = 0;

/** What the address asks for. */
export function wanted() {
  const query = new URLSearchParams(location.search);
  return Object.fromEntries([...SHARED, "file", "version"].map((key) => [key, query.get(key) ?? DEFAULTS[key] ?? ""]));
}

/** Changes what the address asks for; what is as always is left out of it. */
export function want(changes, replace) {
  const query = new URLSearchParams(Object.entries({ ...wanted(), ...changes }).filter(([key, value]) => value !== "" && value !== DEFAULTS[key]));
  history[replace ? "replaceState" : "pushState"](null, "", query.size ? "?" + query : location.pathname);
}

/** @param refresh shows what the address asks for now */
export function setUp(refresh) {
  const filters = byId("filters");
  const sort = (key) => () => {
    const { sort, order } = wanted();
    want({ sort: key, order: sort === key && order === "desc" ? "asc" : "desc", page: "1" });
    refresh();
  };
  byId("files-table").tHead.rows[0].append(
    ...COLUMNS.map(([key, title]) => el("th", { scope: "col", "data-column": key, class: NUMBERS.has(key) && "number" }, el("button", { type: "button", onclick: sort(key) }, title))),
  );
  filters.addEventListener("submit", (event) => event.preventDefault());
  filters.addEventListener("change", (event) => {
    want({ [event.target.name]: event.target.value, page: "1" });
    refresh();
  });
  let typing;
  filters.elements.name.addEventListener("input", (event) => {
    clearTimeout(typing);
    typing = setTimeout(() => {
      want({ name: event.target.value, page: "1" }, true);
      refresh();
    }, 250);
  });
  const turn = (by) => () => {
    want({ page: String(Number(wanted().page) + by) });
    refresh();
  };
  byId("newer").addEventListener("click", turn(-1));
  byId("older").addEventListener("click", turn(1));
}

/** Fills the filter of datasets. */
export async function offerDatasets() {
  const { datasets } = await get("/datasets");
  byId("filters").elements.dataset.append(
    ...datasets.map((dataset) => el("option", { value: dataset.name }, dataset.name)),
    el("option", { value: "none" }, "none recognised"),
  );
}

function row(file) {
  const href = "?" + new URLSearchParams({ file: file.file, version: file.version });
  const open = (event) => {
    event.preventDefault();
    want({ file: file.file, version: file.version });
    dispatchEvent(new PopStateEvent("popstate"));
  };
  return el(
    "tr",
    {},
    el("th", { scope: "row" }, el("a", { href, onclick: open }, name(file.file))),
    el("td"),
    el("td", {}, file.dataset ?? "–"),
    el("td", {}, time(file.concluded_at)),
    ...["rows_stored", "rows_rejected"].map((key) => el("td", { class: "number" }, number(file[key]))),
    el("td", { class: "number" }, size(file.bytes)),
    el("td", { class: "number" }, duration(file.duration_millis)),
    el("td", { class: "number" }, file.cost === undefined ? "–" : dollars(file.cost)),
  );
}

/** Shows the page of files that the address asks for. */
export async function show() {
  const query = wanted();
  const turn = ++asked;
  const answer = await get("/files", Object.fromEntries(SHARED.map((key) => [key, query[key]])));
  // What was asked later is shown, whichever answer comes first.
  if (turn !== asked) return;
  const filters = byId("filters").elements;
  for (const key of ["hours", "dataset", "status", "name"]) {
    if (document.activeElement !== filters[key] && filters[key].value !== query[key]) filters[key].value = query[key];
  }
  for (const head of byId("files-table").tHead.rows[0].cells) {
    if (head.dataset.column === query.sort) head.setAttribute("aria-sort", query.order === "asc" ? "ascending" : "descending");
    else head.removeAttribute("aria-sort");
  }
  keyed(
    byId("files-table").tBodies[0],
    answer.files,
    (file) => `${file.file}@${file.version}@${file.concluded_at}`,
    row,
    (line, file) => {
      const status = file.rows_rejected > 0 && file.status === "completed" ? "rejected" : file.status;
      if (line.dataset.said !== status) {
        line.dataset.said = status;
        line.cells[1].replaceChildren(chip(status));
      }
    },
  );
  const none = byId("files-none");
  none.hidden = answer.total > 0;
  const filtered = query.name || query.status || query.dataset;
  setText(none, filtered ? "No file is like that: loosen the filters." : "No file was concluded in this time. Drop a CSV here, or copy one to raw-data/ of the bucket.");
  byId("files-table").hidden = answer.total === 0;
  byId("pages").hidden = answer.pages <= 1;
  byId("newer").disabled = answer.page <= 1;
  byId("older").disabled = answer.page >= answer.pages;
  setText(byId("page-of"), `Page ${number(answer.page)} of ${number(answer.pages)}, ${count(answer.total, "file")}`);
}

let detailAsked = 0;

/** Opens or closes what the address names beside the list: one file. */
export async function showDetail(mode, changed) {
  const { file, version } = wanted();
  const dialog = byId("detail");
  if (!file) {
    if (dialog.open) dialog.close();
    return;
  }
  const body = byId("detail-body");
  const id = `${file}@${version}`;
  // The same file is shown on until what is new of it has come.
  if (!dialog.open || dialog.dataset.shows !== id) body.textContent = "Asking for it…";
  dialog.dataset.shows = id;
  byId("detail-title").replaceChildren(name(file));
  if (!dialog.open) dialog.showModal();
  const turn = ++detailAsked;
  let content;
  try {
    const found = version || (await get("/file", { file })).versions[0].version;
    content = await panel(file, found, mode, changed);
  } catch (refusal) {
    content = el("p", {}, shown(refusal.message));
  }
  // Another may have been opened meanwhile.
  if (turn === detailAsked) body.replaceChildren(content);
}

byId("detail").addEventListener("close", () => {
  if (wanted().file) want({ file: "", version: "" });
});
