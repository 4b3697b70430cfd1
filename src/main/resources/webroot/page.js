// The server writes the page; this fetches it again when something has happened, keeps the clocks
// going, and asks for a reason before it passes a command on.

const WAIT_SECONDS = 25;
const FLEET_SECONDS = 5;
const SILENCE_SECONDS = 10; // on top of what the server may wait
const SLOWEST_RETRY_SECONDS = 15;

const main = () => document.querySelector("main");
const byId = (id) => document.getElementById(id);
const pause = (seconds) => new Promise((done) => setTimeout(done, seconds * 1000));

// The server's clock, as far as its pages tell: people's own clocks are often wrong.
let ahead = 0;
let heard = Date.now();
let etag = "";

function synchronise() {
  const now = main()?.dataset.now;
  if (now) ahead = Date.parse(now) - Date.now();
}

function words(seconds) {
  const units = [[86400, "d"], [3600, "h"], [60, "min"], [1, "s"]];
  for (let i = 0; i < 3; i++) {
    const [size, unit] = units[i];
    if (seconds < size) continue;
    const [next, nextUnit] = units[i + 1];
    const rest = Math.floor((seconds % size) / next);
    const first = `${Math.floor(seconds / size)} ${unit}`;
    return rest ? `${first} ${rest} ${nextUnit}` : first;
  }
  return `${seconds} s`;
}

function tick() {
  const now = Date.now() + ahead;
  for (const time of document.querySelectorAll("time.relative")) {
    const seconds = Math.trunc((Date.parse(time.dateTime) - now) / 1000);
    const text = seconds > 0 ? `in ${words(seconds)}` : seconds < 0 ? `${words(-seconds)} ago` : "now";
    if (time.textContent !== text) time.textContent = text;
  }
  for (const line of document.querySelectorAll("[data-late]")) {
    const early = now <= Date.parse(line.dataset.late);
    if (line.hidden !== early) line.hidden = early;
  }
  const silent = Math.round((Date.now() - heard) / 1000);
  const stalled = byId("stalled");
  const quiet = silent < WAIT_SECONDS + SILENCE_SECONDS;
  if (stalled.hidden !== quiet) stalled.hidden = quiet;
  if (!quiet) stalled.textContent = `The server does not answer. This data is ${silent} s old.`;
}

// Puts the new page in, and keeps what the reader had open and where they were.
function show(html) {
  const fresh = new DOMParser().parseFromString(html, "text/html");
  const next = fresh.querySelector("main");
  if (!next) return;
  const focused = document.activeElement?.id;
  const open = [...document.querySelectorAll("details[open]")].map((d) => d.id);
  main().replaceWith(next);
  document.title = fresh.title;
  for (const id of open) if (id) byId(id)?.setAttribute("open", "");
  if (focused) byId(focused)?.focus({ preventScroll: true });
  synchronise();
}

async function refresh(wait) {
  const url = wait ? `${location.pathname}?wait=${wait}s` : location.pathname;
  const headers = { Accept: "text/html" };
  if (etag) headers["If-None-Match"] = etag;
  const abort = AbortSignal.timeout((wait + SILENCE_SECONDS) * 1000);
  const answer = await fetch(url, { headers, cache: "no-store", signal: abort });
  if (answer.status !== 304 && !answer.ok) throw new Error(`status ${answer.status}`);
  heard = Date.now();
  if (answer.status === 200) {
    etag = answer.headers.get("ETag") ?? "";
    show(await answer.text());
  }
  return Number(answer.headers.get("Retry-After") ?? 0);
}

async function follow() {
  let failures = 0;
  for (;;) {
    const page = main();
    if (page?.dataset.live !== "yes") {
      // Nothing will happen here any more, and silence is no news.
      heard = Infinity;
      return;
    }
    const fleet = page.classList.contains("fleet");
    try {
      const rest = await refresh(fleet || !etag ? 0 : WAIT_SECONDS);
      failures = 0;
      await pause(Math.max(rest, fleet ? FLEET_SECONDS : 0.2));
    } catch {
      failures++;
      await pause(Math.min(2 ** failures, SLOWEST_RETRY_SECONDS));
    }
  }
}

let asked = null;

function ask(button) {
  const page = main();
  asked = {
    verb: button.dataset.verb,
    needed: button.dataset.reason === "needed",
    id: page.dataset.id,
    version: Number(page.dataset.version),
  };
  byId("act-title").textContent = `${button.textContent}: ${document.querySelector("h1").firstChild.textContent}`;
  byId("act-why").textContent = byId(button.getAttribute("aria-describedby"))?.textContent ?? "";
  byId("act-refusal").textContent = "";
  byId("act-reason").value = "";
  byId("act-by").value = "";
  byId("act-time").hidden = asked.verb !== "extend";
  byId("act-go").textContent = button.textContent;
  byId("act-go").className = asked.verb === "rollback" ? "danger" : "primary";
  byId("act").showModal();
  byId("act-reason").focus();
}

async function act() {
  const reason = byId("act-reason").value.trim();
  if (asked.needed && !reason) {
    byId("act-refusal").textContent = "Say why: this is kept for ever.";
    return;
  }
  // A rollback needs no version: it is right whatever happened meanwhile.
  const body = asked.verb === "rollback" ? { reason } : { reason, expectedVersion: asked.version };
  if (asked.verb === "extend") body.by = byId("act-by").value.trim();
  byId("act-go").disabled = true;
  try {
    const answer = await fetch(`/api/v1/rollouts/${asked.id}/${asked.verb}`, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-Sluice-Request": "page" },
      body: JSON.stringify(body),
    });
    if (answer.ok) {
      byId("act").close();
      await refresh(0);
    } else {
      const problem = await answer.json().catch(() => ({}));
      byId("act-refusal").textContent = problem.detail ?? `The server answered ${answer.status}.`;
    }
  } catch {
    byId("act-refusal").textContent = "The server cannot be reached. Nothing is known to have happened.";
  } finally {
    byId("act-go").disabled = false;
  }
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-verb]");
  if (button && !button.disabled) ask(button);
});
byId("act-cancel").addEventListener("click", () => byId("act").close());
byId("act").querySelector("form").addEventListener("submit", (event) => {
  event.preventDefault();
  act();
});

synchronise();
setInterval(tick, 1000);
follow();
