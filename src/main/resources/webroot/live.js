// Keeps the page true. The server writes it; a stream says when something has happened, and then the
// page is fetched again and what differs is put in. What has state of its own stays as it is: open
// details, the focus, the charts.

import { relative, span } from "sluice/words";

const FLEET_SECONDS = 5;
const SILENCE_SECONDS = 35; // more than two heartbeats
const CUT_SECONDS = 3;
const SLOWEST_RETRY_SECONDS = 15;
const GATHER_MILLISECONDS = 400; // what comes together is fetched once, and not by everybody at once

const main = () => document.querySelector("main");

// The server's clock, as far as its answers tell: people's own clocks are often wrong.
let ahead = 0;
let heard = Date.now();
let cut = false;
let done = false;
let etag = "";

export const now = () => Date.now() + ahead;

function contact() {
  heard = Date.now();
  cut = false;
}

/** Makes one element like another, and touches nothing that is so already. */
export function morph(from, to) {
  for (const { name, value } of [...to.attributes]) {
    if (from.getAttribute(name) !== value) from.setAttribute(name, value);
  }
  for (const { name } of [...from.attributes]) {
    if (!to.hasAttribute(name) && name !== "open") from.removeAttribute(name);
  }
  // What is inside of our own elements is theirs.
  if (!from.localName.includes("-")) morphChildren(from, to);
}

function morphChildren(from, to) {
  const wanted = new Set([...to.children].map((e) => e.id).filter(Boolean));
  const known = new Map([...from.children].filter((e) => e.id).map((e) => [e.id, e]));
  let at = from.firstChild;
  for (const next of [...to.childNodes]) {
    const match = next.id ? known.get(next.id) : at && alike(at, next) && !wanted.has(at.id) ? at : null;
    if (!match || !alike(match, next)) {
      from.insertBefore(document.importNode(next, true), at);
      continue;
    }
    if (match === at) at = at.nextSibling;
    else from.insertBefore(match, at);
    if (match.nodeType === Node.ELEMENT_NODE) morph(match, next);
    else if (match.nodeValue !== next.nodeValue) match.nodeValue = next.nodeValue;
  }
  while (at) {
    const rest = at;
    at = at.nextSibling;
    rest.remove();
  }
}

const alike = (one, other) =>
  one.nodeType === other.nodeType && one.nodeName === other.nodeName && (one.id ?? "") === (other.id ?? "");

function show(html) {
  const fresh = new DOMParser().parseFromString(html, "text/html");
  const next = fresh.querySelector("main");
  if (!next || next.className !== main().className) {
    location.reload(); // another page than this one: somebody has to sign in again
    return;
  }
  morph(main(), next);
  document.title = fresh.title;
  tick();
}

export async function refresh() {
  const headers = { Accept: "text/html" };
  if (etag) headers["If-None-Match"] = etag;
  const answer = await fetch(location.pathname, { headers, cache: "no-store", signal: AbortSignal.timeout(10000) });
  if (answer.status !== 304 && !answer.ok && answer.status !== 401) throw new Error(`status ${answer.status}`);
  const date = Date.parse(answer.headers.get("Date") ?? "");
  if (date && Math.abs(date - Date.now()) > 2000) ahead = date - Date.now();
  contact();
  if (answer.status !== 304) {
    etag = answer.headers.get("ETag") ?? "";
    show(await answer.text());
  }
}

let gathering = false;

function news() {
  contact();
  if (gathering) return;
  gathering = true;
  setTimeout(async () => {
    gathering = false;
    try {
      await refresh();
    } catch {
      cut = true;
    }
  }, GATHER_MILLISECONDS * (1 + Math.random()));
}

function stream(failures = 0) {
  const page = main();
  if (page.dataset.live !== "yes") {
    done = true; // nothing will happen here any more, and silence is no news
    return;
  }
  const source = new EventSource(`/api/v1/rollouts/${page.dataset.id}/events?after=${page.dataset.version}`);
  source.addEventListener("open", () => {
    failures = 0;
    news();
  });
  source.addEventListener("rollout", news);
  source.addEventListener("beat", contact);
  source.addEventListener("ended", () => {
    source.close();
    done = true;
    news();
  });
  source.addEventListener("error", () => {
    if (done) return;
    cut = true;
    if (source.readyState !== EventSource.CLOSED) return;
    // Refused, and the browser will not ask again: this does, and looks at the page meanwhile.
    const rest = Math.min(2 ** failures, SLOWEST_RETRY_SECONDS) * (1 + Math.random() / 2);
    refresh().catch(() => {});
    setTimeout(() => stream(failures + 1), rest * 1000);
  });
}

async function poll(failures = 0) {
  let missed = 0;
  try {
    await refresh();
  } catch {
    cut = true;
    missed = failures + 1;
  }
  setTimeout(() => poll(missed), Math.min(FLEET_SECONDS * 2 ** missed, SLOWEST_RETRY_SECONDS) * 1000);
}

function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

function tick() {
  for (const time of document.querySelectorAll("time.relative")) {
    setText(time, relative(Date.parse(time.dateTime), now()));
  }
  for (const line of document.querySelectorAll("[data-late]")) {
    const early = now() <= Date.parse(line.dataset.late);
    if (line.hidden !== early) line.hidden = early;
  }
  const silent = Math.round((Date.now() - heard) / 1000);
  const stale = !done && silent >= (cut ? CUT_SECONDS : SILENCE_SECONDS);
  const notice = document.getElementById("stalled");
  if (notice.hidden === stale) notice.hidden = !stale;
  if (stale) setText(notice, `The server does not answer. This data is ${span(silent)} old.`);
}

export function begin() {
  const page = main();
  const at = Date.parse(page.dataset.now ?? "");
  if (at) ahead = at - Date.now();
  setInterval(tick, 1000);
  if (page.classList.contains("fleet")) poll();
  else if (page.dataset.id) stream();
  else done = true;
}
