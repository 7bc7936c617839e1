// Files that a person drops on the page: each is looked at first, and dropped into raw-data/ only when that person says so.

import { send } from "./api.js";
import { byId, count, dollars, duration, el, number, shown, size } from "./dom.js";
import { say } from "./panel.js";

let mode = { upload: false };
const waiting = [];

/** Whether and how large files may be, as the service says. */
export function allow(now) {
  mode = now;
  byId("choose").hidden = !mode.upload;
}

function problems(checked) {
  return el(
    "div",
    { class: "scroll", tabIndex: 0, role: "region", "aria-label": "Problems" },
    el(
      "table",
      {},
      el("caption", {}, checked.rows_with_further_problems ? `The first problems; ${count(checked.rows_with_further_problems, "more row has", "more rows have")} some` : "What would be rejected"),
      el("thead", {}, el("tr", {}, ["line", "column", "found", "expected"].map((title) => el("th", { scope: "col" }, title)))),
      el(
        "tbody",
        {},
        checked.problems.map((problem) =>
          el("tr", {}, el("th", { scope: "row" }, number(problem.line)), el("td", {}, shown(problem.column)), el("td", {}, el("mark", {}, shown(problem.found))), el("td", {}, shown(problem.expected))),
        ),
      ),
    ),
  );
}

/** @returns whether it is worth dropping */
function showChecked(checked) {
  const body = byId("upload-body");
  if (checked.refused) {
    body.replaceChildren(el("p", { class: "reason" }, "It would be refused: ", shown(checked.refused)));
  } else {
    body.replaceChildren(
      el("p", { class: "reason" }, `Would store ${count(checked.would_store, "row")} as ${checked.dataset}, reject ${number(checked.would_reject)}.`),
      el("p", { class: "meaning" }, `About ${count(checked.write_units, "write unit")}, ${dollars(checked.dollars)}, ${checked.seconds < 1 ? "under a second" : duration(1000 * checked.seconds)}.`),
    );
  }
  if (checked.problems?.length) body.append(problems(checked));
}

/** Waits until a person decides. */
function decision() {
  const dialog = byId("upload");
  return new Promise((decided) => {
    const end = (yes) => () => {
      byId("upload-send").onclick = byId("upload-skip").onclick = dialog.onclose = null;
      decided(yes);
    };
    byId("upload-send").onclick = end(true);
    byId("upload-skip").onclick = end(false);
    dialog.onclose = end(false);
  });
}

/** Has a file looked at; what is found is shown as long as the dialog is still about that file. */
async function look(file, isStillOffered) {
  const body = byId("upload-body");
  const button = byId("upload-send");
  byId("upload-title").textContent = `Drop ${shown(file.name)}?`;
  body.textContent = "Looking at what would become of it…";
  button.disabled = true;
  if (file.size > mode.max_upload_bytes) {
    body.textContent = `It has ${size(file.size)}, and at most ${size(mode.max_upload_bytes)} are taken here. Copy it to raw-data/ of bucket ${mode.bucket}.`;
    return;
  }
  try {
    const checked = await send("POST", "/check", { name: file.name }, file);
    if (!isStillOffered()) return;
    showChecked(checked);
    button.disabled = false;
  } catch (refusal) {
    if (isStillOffered()) body.textContent = refusal.message;
  }
}

async function offer(file) {
  const dialog = byId("upload");
  if (!dialog.open) dialog.showModal();
  let offered = true;
  const decided = decision();
  look(file, () => offered);
  const yes = await decided;
  offered = false;
  if (!yes) return;
  byId("upload-send").disabled = true;
  try {
    await send("PUT", "/raw-data", { name: file.name }, file);
    say(`${shown(file.name)} was dropped; it will be worked on in a moment.`);
  } catch (refusal) {
    say(`${shown(file.name)}: ${refusal.message}`);
  }
}

/** One after another, however many were dropped. */
async function take(files) {
  const idle = waiting.length === 0;
  waiting.push(...files);
  if (!idle) return;
  while (waiting.length) {
    await offer(waiting[0]);
    waiting.shift();
  }
  byId("upload").close();
}

const holdsFiles = (event) => mode.upload && event.dataTransfer?.types.includes("Files");

addEventListener("dragover", (event) => {
  if (!holdsFiles(event)) return;
  event.preventDefault();
  byId("drop-here").hidden = false;
});
addEventListener("dragleave", (event) => {
  if (event.relatedTarget === null) byId("drop-here").hidden = true;
});
addEventListener("drop", (event) => {
  if (!holdsFiles(event)) return;
  event.preventDefault();
  byId("drop-here").hidden = true;
  take([...event.dataTransfer.files]);
});
byId("choose").addEventListener("click", () => byId("chosen").click());
byId("chosen").addEventListener("change", (event) => {
  take([...event.target.files]);
  event.target.value = "";
});
