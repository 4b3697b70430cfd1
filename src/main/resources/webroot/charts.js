// The course of a check over the looks: where the true effect lies, the estimate, and the edge of what
// is accepted. The axis is the one of the server's drawing: three margins on both sides, so that the
// wide beginning does not press the rest flat; what goes on beyond it is marked along the edge.

import { LitElement, html, nothing } from "lit";
import { clock, effect, value } from "sluice/words";

const HEIGHT = 170;
const NUMBER = { type: Number };
const data = (name) => ({ ...NUMBER, attribute: `data-${name}` });

// One answer for all charts of the page.
let course;

async function fetchCourse() {
  const id = document.querySelector("main").dataset.id;
  const answer = await fetch(`/api/v1/rollouts/${id}/course`, { cache: "no-store" });
  if (!answer.ok) throw new Error(`status ${answer.status}`);
  return answer.json();
}

export function loadCourse(anew = false) {
  if (anew || !course) {
    course = fetchCourse();
    course.catch(() => (course = undefined));
  }
  return course;
}

const seconds = (instant) => Date.parse(instant) / 1000;

export function css(element, name) {
  return getComputedStyle(element).getPropertyValue(name).trim();
}

/** What all our charts have in common; colours are read when they are drawn, so themes may change. */
export function frame(element, more) {
  const muted = () => css(element, "--muted");
  const line = () => css(element, "--line");
  const axis = { stroke: muted, font: "12px system-ui, sans-serif", ticks: { stroke: line, size: 4 } };
  return {
    width: Math.max(200, element.clientWidth),
    height: HEIGHT,
    tzDate: (at) => uPlot.tzDate(new Date(at * 1000), "Etc/UTC"),
    cursor: { sync: { key: "looks" }, y: false, drag: { x: false, y: false }, points: { show: false } },
    legend: { show: false },
    padding: [8, 8, 0, 0],
    ...more,
    axes: [
      { ...axis, size: 26, gap: 3, grid: { show: false }, values: "{HH}:{mm}", space: 70 },
      { ...axis, size: 62, gap: 4, grid: { stroke: line, width: 1 }, ...more.y },
    ],
  };
}

class Course extends LitElement {
  static properties = {
    name: { attribute: "data-name" },
    unit: { attribute: "data-unit" },
    scale: { attribute: "data-scale" },
    verdict: { attribute: "data-verdict" },
    label: { attribute: "data-label" },
    at: { attribute: "data-at" },
    from: data("from"),
    to: data("to"),
    margin: data("margin"),
    still: data("still"),
    mirrored: data("mirrored"),
    estimate: data("estimate"),
    low: data("low"),
    high: data("high"),
    says: { state: true },
    drawn: { state: true },
  };

  createRenderRoot() {
    return this;
  }

  connectedCallback() {
    super.connectedCallback();
    this.resizing ??= new ResizeObserver(() => this.resize());
    this.resizing.observe(this);
    this.theme ??= matchMedia("(prefers-color-scheme: dark)");
    this.repaint ??= () => this.chart?.redraw();
    this.theme.addEventListener("change", this.repaint);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.resizing.disconnect();
    this.theme.removeEventListener("change", this.repaint);
  }

  render() {
    if (!this.drawn) return nothing;
    return html`<div class="plot" role="img" aria-label=${this.label}></div>
      <p class="says" aria-hidden="true">${this.says ?? this.sentence(this.points.at.length - 1)}</p>`;
  }

  async firstUpdated() {
    await this.load();
  }

  async load(anew = false) {
    let all;
    try {
      all = await loadCourse(anew);
    } catch {
      return; // the server's drawing stays
    }
    const line = all.checks.find((check) => check.id === this.dataset.check);
    this.every = all.everySeconds * all.stride;
    this.exposures = all.exposures;
    this.points = { at: all.at.map(seconds), estimate: [], low: [], high: [] };
    for (let i = 0; i < all.at.length; i++) {
      this.points.estimate.push(line?.estimate[i] ?? null);
      this.points.low.push(line?.intervalLow[i] ?? null);
      this.points.high.push(line?.intervalHigh[i] ?? null);
    }
    this.grow();
    this.draw();
  }

  /** The latest look, where it is not there yet. */
  grow() {
    const at = seconds(this.at);
    const last = this.points.at.at(-1) ?? 0;
    if (!(at > last)) return;
    this.points.at.push(at);
    this.points.estimate.push(this.estimate ?? null);
    this.points.low.push(this.low ?? null);
    this.points.high.push(this.high ?? null);
  }

  /** Before it is rendered: the sentence below the chart is about the latest look. */
  willUpdate(changed) {
    if (!this.points || !changed.has("at")) return;
    const missed = seconds(this.at) - this.points.at.at(-1) > 2.5 * this.every;
    if (missed) this.load(true);
    else this.grow();
  }

  updated(changed) {
    if (this.points && ["at", "verdict", "to"].some((name) => changed.has(name))) this.draw();
  }

  async draw() {
    const known = this.points.estimate.filter((e) => e !== null).length;
    if (known < 2) return;
    if (!this.drawn) {
      this.drawn = true;
      await this.updateComplete;
      for (const old of this.querySelectorAll(":scope > .course, :scope > svg")) old.remove();
    }
    const reach = this.to - this.from;
    const open = (end, beyond) => this.points[end].map((v, i) => (this.points.estimate[i] === null ? null : v ?? beyond));
    const columns = [
      this.points.at,
      open("high", this.to + reach),
      open("low", this.from - reach),
      this.points.estimate,
    ];
    if (this.chart) {
      this.chart.setData(columns);
      this.chart.setScale("y", { min: this.from, max: this.to });
    } else {
      this.chart = new uPlot(this.options(), columns, this.querySelector(".plot"));
    }
  }

  options() {
    const tone = () => css(this, "--tone");
    const limit = !Number.isFinite(this.still);
    return frame(this, {
      scales: { y: { range: () => [this.from, this.to] } },
      y: {
        splits: () => (limit ? [0, this.margin] : [-2, -1, 0, 1, 2].map((k) => this.still + (k * (this.to - this.from)) / 6)),
        values: (_, marks) => marks.map((v) => effect(v, this.scale, this.unit)),
      },
      series: [
        {},
        { width: 0, points: { show: false } },
        { width: 0, points: { show: false } },
        { stroke: tone, width: 2, points: { show: false } },
      ],
      bands: limit ? [] : [{ series: [1, 2], fill: () => css(this, "--band") }],
      hooks: {
        drawClear: [(u) => this.accepted(u)],
        draw: [(u) => this.lines(u)],
        setCursor: [(u) => this.point(u)],
      },
    });
  }

  accepted(u) {
    const { left, top, width, height } = u.bbox;
    const y = (v) => Math.min(top + height, Math.max(top, u.valToPos(v, "y", true)));
    const edges = Number.isFinite(this.mirrored)
      ? [y(this.margin), y(this.mirrored)]
      : [y(this.margin), this.upward() ? top : top + height];
    u.ctx.fillStyle = css(this, "--accepted");
    u.ctx.fillRect(left, Math.min(...edges), width, Math.abs(edges[0] - edges[1]));
  }

  /** Whether higher is better. */
  upward() {
    return this.dataset.check.endsWith(".min") || this.margin < this.still;
  }

  lines(u) {
    const { ctx, bbox } = u;
    const across = (v, dash, colour) => {
      const y = u.valToPos(v, "y", true);
      stroke(ctx, colour, dash, [bbox.left, y], [bbox.left + bbox.width, y]);
    };
    ctx.save();
    ctx.textAlign = "left";
    ctx.textBaseline = "alphabetic";
    ctx.lineWidth = 2 * devicePixelRatio;
    if (Number.isFinite(this.still)) across(this.still, [], css(this, "--line"));
    across(this.margin, [5, 4], css(this, "--text"));
    if (Number.isFinite(this.mirrored)) across(this.mirrored, [5, 4], css(this, "--text"));
    this.moves(u);
    this.beyond(u);
    ctx.restore();
  }

  /** Where the exposure changed, and to what. */
  moves(u) {
    const { ctx, bbox } = u;
    ctx.font = `${11 * devicePixelRatio}px system-ui, sans-serif`;
    ctx.fillStyle = css(this, "--muted");
    ctx.lineWidth = devicePixelRatio;
    for (const { at, percent } of this.exposures ?? []) {
      const x = u.valToPos(seconds(at), "x", true);
      if (x < bbox.left || x > bbox.left + bbox.width) continue;
      stroke(ctx, css(this, "--muted"), [1, 3], [x, bbox.top], [x, bbox.top + bbox.height]);
      ctx.fillText(`${percent} %`, x + 4 * devicePixelRatio, bbox.top + bbox.height - 5 * devicePixelRatio);
    }
  }

  beyond(u) {
    if (!Number.isFinite(this.still)) return;
    const { ctx, bbox } = u;
    const x = (i) => u.valToPos(this.points.at[i], "x", true);
    ctx.lineWidth = 4 * devicePixelRatio;
    let wider = false;
    for (let i = 1; i < this.points.at.length; i++) {
      if (this.points.estimate[i] === null) continue;
      for (const [out, y] of [
        [(this.points.high[i] ?? Infinity) > this.to, bbox.top],
        [(this.points.low[i] ?? -Infinity) < this.from, bbox.top + bbox.height],
      ]) {
        if (!out) continue;
        wider = true;
        stroke(ctx, css(this, "--tone"), [2, 3], [x(i - 1), y], [x(i), y]);
      }
    }
    if (wider) {
      ctx.font = `${11 * devicePixelRatio}px system-ui, sans-serif`;
      ctx.fillStyle = css(this, "--muted");
      ctx.fillText("wider than shown", bbox.left + 6 * devicePixelRatio, bbox.top + 14 * devicePixelRatio);
    }
  }

  point(u) {
    const i = u.cursor.idx;
    this.says = i === null || i === undefined ? undefined : this.sentence(i);
  }

  sentence(i) {
    const { at, estimate, low, high } = this.points;
    if (estimate[i] === null || estimate[i] === undefined) return at[i] ? `${clock(at[i])}: nothing known` : "";
    const words = (v) => (v === null ? "?" : effect(v, this.scale, this.unit));
    const interval = Number.isFinite(this.still) ? ` [${words(low[i])} … ${words(high[i])}]` : "";
    return `${clock(at[i])}: ${words(estimate[i])}${interval}`;
  }

  resize() {
    if (this.chart && this.clientWidth) this.chart.setSize({ width: this.clientWidth, height: HEIGHT });
  }
}

function stroke(ctx, colour, dash, [x, y], [toX, toY]) {
  ctx.strokeStyle = colour;
  ctx.setLineDash(dash.map((d) => d * devicePixelRatio));
  ctx.beginPath();
  ctx.moveTo(x, y);
  ctx.lineTo(toX, toY);
  ctx.stroke();
}

customElements.define("sluice-course", Course);
