// Small helpers for the document and for numbers. Whatever comes from outside becomes text, never markup.

const NUMBER = new Intl.NumberFormat("en");
const SHORT = new Intl.NumberFormat("en", { notation: "compact", maximumSignificantDigits: 3 });
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

export const byId = (id) => document.getElementById(id);

/** Makes an element. Properties beginning with "on" are listeners, with "aria-", "data-" or named below attributes. */
export function el(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "class") element.className = value;
    else if (name in element && !name.startsWith("aria-")) element[name] = value;
    else element.setAttribute(name, value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

/** Changes text only where it differs, so that nothing is read out or redrawn for nothing. */
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/**
 * Brings the children of a parent into line with a list, keeping the elements of those that stay: focus, opened details
 * and typed text survive.
 */
export function keyed(parent, items, keyOf, create, update) {
  const old = new Map([...parent.children].map((child) => [child.dataset.key, child]));
  let place = parent.firstElementChild;
  for (const item of items) {
    const key = keyOf(item);
    let element = old.get(key);
    if (element) {
      old.delete(key);
    } else {
      element = create(item);
      element.dataset.key = key;
    }
    if (element !== place) parent.insertBefore(element, place);
    else place = place.nextElementSibling;
    update?.(element, item);
  }
  old.forEach((element) => element.remove());
}

/** A name from outside as a person can read it: nothing invisible, nothing that turns the direction of what follows. */
export const shown = (text) =>
  String(text).replace(INVISIBLE, (c) => "\\u" + c.codePointAt(0).toString(16).padStart(4, "0"));

export const name = (text) => el("bdi", { class: "name" }, shown(text));

export const number = (value) => NUMBER.format(value);

/** The same in three figures where it is too long for a tile. */
export const short = (value) => (Math.abs(value) < 10_000_000 ? number(value) : SHORT.format(value));

export const count = (value, one, many = one + "s") => `${number(value)} ${value === 1 ? one : many}`;

export function duration(millis) {
  if (millis < 1000) return `${Math.round(millis)} ms`;
  if (millis < 60_000) return `${(millis / 1000).toFixed(1)} s`;
  return `${number(Math.floor(millis / 60_000))} min ${Math.round((millis % 60_000) / 1000)} s`;
}

export function size(bytes) {
  const units = ["bytes", "kB", "MB", "GB", "TB"];
  let unit = 0;
  let value = bytes;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${unit > 0 && value < 9.95 ? value.toFixed(1) : NUMBER.format(Math.round(value))} ${units[unit]}`;
}

/** Dollars with two digits that count. */
export function dollars(value) {
  if (value === 0) return "$0";
  return "$" + (value >= 1 ? value.toFixed(2) : Number(value.toPrecision(2)).toFixed(Math.max(2, 1 - Math.floor(Math.log10(value)))));
}

export const percent = (share) =>
  `${share === 1 ? 100 : share > 0.999 ? (Math.floor(share * 10_000) / 100).toFixed(2) : (share * 100).toFixed(1)} %`;

function ago(instant) {
  const seconds = Math.max(0, (Date.now() - Date.parse(instant)) / 1000);
  if (seconds < 60) return `${Math.floor(seconds)} s ago`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ago`;
  if (seconds < 172_800) return `${Math.floor(seconds / 3600)} h ago`;
  return `${Math.floor(seconds / 86_400)} days ago`;
}

/** How long ago an instant was, kept up to date; the instant itself is its title. */
export const time = (instant) => el("time", { dateTime: instant, title: instant }, ago(instant));

setInterval(() => document.querySelectorAll("time").forEach((element) => setText(element, ago(element.dateTime))), 10_000);
