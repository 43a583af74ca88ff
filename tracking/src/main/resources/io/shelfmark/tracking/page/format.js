// Numbers, times and sizes as one reads them. Times are local, in ISO's order.

const GROUPED = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });

/** A whole number with its thousands apart. */
export function count(value) {
  return GROUPED.format(value);
}

/** 1 run, 2 runs. */
export function many(value, word, plural = `${word}s`) {
  return `${count(value)} ${value === 1 ? word : plural}`;
}

/** A value of a metric: five digits that matter. */
export function number(value) {
  if (!Number.isFinite(value)) {
    return Number.isNaN(value) ? 'NaN' : value > 0 ? '∞' : '−∞';
  }
  const size = Math.abs(value);
  if (Number.isInteger(value) && size < 1e7) {
    return count(value).replace('-', '−');
  }
  const text = size >= 1e7 || size < 1e-4 ? value.toExponential(3) : String(Number(value.toPrecision(5)));
  return text.replace('-', '−');
}

/** The same for columns: four digits that matter, zeros kept, so that values stand below each other. */
export function aligned(value) {
  const size = Math.abs(value);
  return Number.isInteger(value) || !Number.isFinite(value) || size >= 1e4 || size < 1e-4
    ? number(value)
    : value.toPrecision(4).replace('-', '−');
}

/** A time in milliseconds as 2026-05-31 14:02. */
export function dateTime(millis, withSeconds = false) {
  if (!millis) {
    return '–';
  }
  const time = new Date(millis);
  const two = (part) => String(part).padStart(2, '0');
  const date = `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())}`;
  const clock = `${two(time.getHours())}:${two(time.getMinutes())}`;
  return `${date} ${clock}${withSeconds ? `:${two(time.getSeconds())}` : ''}`;
}

const UNITS = [
  ['year', 31557600], ['month', 2629800], ['day', 86400], ['hour', 3600], ['minute', 60],
];

/** How long ago: 3 hours ago. */
export function ago(millis, now = Date.now()) {
  if (!millis) {
    return '–';
  }
  const seconds = Math.max(0, (now - millis) / 1000);
  for (const [unit, size] of UNITS) {
    if (seconds >= size) {
      return `${many(Math.floor(seconds / size), unit)} ago`;
    }
  }
  return 'just now';
}

/** A stretch of milliseconds: 1 h 05 min, 12.3 s. */
export function duration(millis) {
  if (millis === null || !Number.isFinite(millis) || millis < 0) {
    return '–';
  }
  if (millis < 1000) {
    return `${Math.round(millis)} ms`;
  }
  const seconds = millis / 1000;
  if (seconds < 60) {
    return `${seconds.toFixed(1)} s`;
  }
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) {
    return `${minutes} min ${String(Math.floor(seconds % 60)).padStart(2, '0')} s`;
  }
  const hours = Math.floor(minutes / 60);
  if (hours < 48) {
    return `${hours} h ${String(minutes % 60).padStart(2, '0')} min`;
  }
  return `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

/** Seconds as a clock shows them: 8:20, 1:05:00. */
export function clock(seconds) {
  const two = (part) => String(part).padStart(2, '0');
  const whole = Math.round(seconds);
  const minutes = Math.floor(whole / 60);
  const rest = two(whole % 60);
  return minutes < 60 ? `${minutes}:${rest}` : `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${rest}`;
}

/** A size in bytes: 1.4 MB. */
export function bytes(size) {
  const units = ['bytes', 'kB', 'MB', 'GB', 'TB'];
  let value = Number(size);
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${unit === 0 ? count(value) : value.toFixed(1)} ${units[unit]}`;
}
