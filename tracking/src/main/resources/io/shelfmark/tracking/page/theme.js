// Light or dark: the system's, until one chooses.

const KEY = 'shelfmark.theme';
const ORDER = ['auto', 'light', 'dark'];
const LABELS = { auto: 'Auto', light: 'Light', dark: 'Dark' };
const listeners = new Set();

function chosen() {
  return document.documentElement.dataset.theme ?? 'auto';
}

function choose(theme) {
  if (theme === 'auto') {
    delete document.documentElement.dataset.theme;
  } else {
    document.documentElement.dataset.theme = theme;
  }
  try {
    localStorage.setItem(KEY, theme);
  } catch {
    // storage is switched off: the choice lasts until the page is left
  }
}

/** Tells when colors change; returns what ends that. */
export function onTheme(listener) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Wires the button that goes through the themes. */
export function start(button) {
  const show = () => {
    button.textContent = `Theme: ${LABELS[chosen()]}`;
  };
  show();
  button.addEventListener('click', () => {
    choose(ORDER[(ORDER.indexOf(chosen()) + 1) % ORDER.length]);
    show();
    listeners.forEach((listener) => listener());
  });
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => {
    listeners.forEach((listener) => listener());
  });
}

/** The color that a custom property has now, for what draws on a canvas. */
export function color(property) {
  const probe = document.createElement('span');
  probe.style.color = `var(${property})`;
  probe.hidden = true;
  document.body.append(probe);
  const value = getComputedStyle(probe).color;
  probe.remove();
  return value;
}

const RUN_COLORS = 8;
const DASHES = ['solid', 'dashed', 'dotted'];

/** How the n-th of several runs is drawn: eight colors, then the same with another dash. */
export function runStyle(index) {
  return {
    property: `--run-${index % RUN_COLORS}`,
    dash: DASHES[Math.floor(index / RUN_COLORS) % DASHES.length],
  };
}
