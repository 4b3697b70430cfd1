// Times and numbers as people read them: the same words as the server uses.

const UNITS = [[86400, "d"], [3600, "h"], [60, "min"], [1, "s"]];

/** "2 h 48 min" */
export function span(seconds) {
  for (let i = 0; i < 3; i++) {
    const [size, unit] = UNITS[i];
    if (seconds < size) continue;
    const [next, nextUnit] = UNITS[i + 1];
    const rest = Math.floor((seconds % size) / next);
    const first = `${Math.floor(seconds / size)} ${unit}`;
    return rest ? `${first} ${rest} ${nextUnit}` : first;
  }
  return `${seconds} s`;
}

/** "in 2 h", "3 min ago", "now" */
export function relative(instant, now) {
  const seconds = Math.trunc((instant - now) / 1000);
  return seconds > 0 ? `in ${span(seconds)}` : seconds < 0 ? `${span(-seconds)} ago` : "now";
}

/** "13:42 UTC" */
export function clock(seconds) {
  return `${new Date(seconds * 1000).toISOString().slice(11, 16)} UTC`;
}

/** Three significant digits, no trailing zeros. */
export function plain(number) {
  const size = Math.abs(number);
  if (size !== 0 && (size < 1e-3 || size >= 1e9)) return number.toExponential(1);
  const digits = size >= 100 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : 3;
  const text = number.toFixed(digits);
  const trimmed = digits ? text.replace(/\.?0+$/, "") : text;
  return trimmed === "-0" ? "0" : trimmed;
}

const signed = (number) => {
  const text = plain(number);
  return text.startsWith("-") || text === "0" ? text : `+${text}`;
};

/** A value of one cohort in its own unit. */
export function value(number, unit) {
  if (unit === "share") return `${plain(number * 100)} %`;
  if (unit === "seconds") return `${plain(number * 1000)} ms`;
  return unit === "milliseconds" ? `${plain(number)} ms` : plain(number);
}

/** An effect on its scale: "+4.1 %", "+0.02 pp", "312 ms". */
export function effect(number, scale, unit) {
  if (scale === "ratio") return `${signed((number - 1) * 100)} %`;
  if (scale !== "difference") return value(number, unit);
  if (unit === "share") return `${signed(number * 100)} pp`;
  if (unit === "seconds") return `${signed(number * 1000)} ms`;
  return unit === "milliseconds" ? `${signed(number)} ms` : signed(number);
}
