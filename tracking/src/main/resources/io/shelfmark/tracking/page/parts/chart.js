// Charts by ECharts, in the page's colors, drawn once they come into sight.

import { color, onTheme } from '../theme.js';

const LIBRARY = new URL('../lib/echarts/echarts.min.js', import.meta.url).href;
let library = null;

/** The library, loaded when the first chart needs it. */
function echarts() {
  library ??= new Promise((resolve, reject) => {
    const script = document.createElement('script');
    script.src = LIBRARY;
    script.onload = () => resolve(globalThis.echarts);
    script.onerror = () => {
      library = null;
      reject(new Error('The chart library could not be loaded.'));
    };
    document.head.append(script);
  });
  return library;
}

/** The colors that charts draw with. */
export function palette() {
  return {
    text: color('--text'), soft: color('--text-soft'), line: color('--line'), strong: color('--line-strong'),
    surface: color('--surface'), raised: color('--raised'), accent: color('--accent'),
  };
}

/** A chart in an element. Its option is built anew when the theme changes or redraw() is called. */
export class Chart {
  #build;
  #instance = null;
  #gone = false;
  #ready;

  /**
   * @param area the element
   * @param build gives ECharts' option, given the palette
   * @param signal ends the chart
   * @param started called once with the instance
   */
  constructor(area, build, signal, started) {
    this.#build = build;
    this.#ready = this.#start(area, started);
    const endTheme = onTheme(() => this.redraw());
    const sizes = new ResizeObserver(() => this.#instance?.resize());
    sizes.observe(area);
    signal.addEventListener('abort', () => {
      this.#gone = true;
      endTheme();
      sizes.disconnect();
      this.#instance?.dispose();
    });
  }

  async #start(area, started) {
    const { init } = await echarts();
    if (this.#gone || !area.isConnected) {
      return;
    }
    this.#instance = init(area, null, { renderer: 'canvas' });
    this.redraw();
    started?.(this.#instance);
  }

  /** Resolves once there is something to see. */
  ready() {
    return this.#ready;
  }

  redraw() {
    this.#instance?.setOption({
      animation: false,
      textStyle: { fontFamily: getComputedStyle(document.body).fontFamily },
      ...this.#build(palette()),
    }, { notMerge: true });
  }

  /** Does something to the chart, as ECharts' dispatchAction. */
  act(action) {
    this.#instance?.dispatchAction(action);
  }

  get instance() {
    return this.#instance;
  }
}

/** Calls a function once an element comes near the window. */
export function whenSeen(element, action, signal) {
  const watch = new IntersectionObserver((entries) => {
    if (entries.some((entry) => entry.isIntersecting)) {
      watch.disconnect();
      action();
    }
  }, { rootMargin: '300px' });
  watch.observe(element);
  signal.addEventListener('abort', () => watch.disconnect());
}
