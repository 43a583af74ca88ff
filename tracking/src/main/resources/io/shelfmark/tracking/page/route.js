// Where one is on the page: #/experiments/1/runs?filter=…

/** The parts of an address: { path: ['experiments', '1'], query: URLSearchParams }. */
export function parse(hash) {
  const text = hash.replace(/^#\/?/, '');
  const mark = text.indexOf('?');
  const path = (mark < 0 ? text : text.slice(0, mark)).split('/').filter(Boolean).map(decode);
  return { path, query: new URLSearchParams(mark < 0 ? '' : text.slice(mark + 1)) };
}

function decode(part) {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** The address of a path, each part of which may hold any text. */
export function href(path, query) {
  const words = new URLSearchParams(query ?? '').toString();
  return `#/${path.map(encodeURIComponent).join('/')}${words && `?${words}`}`;
}

/** Goes to an address. */
export function go(path, query) {
  location.hash = href(path, query);
}

/** Changes the address without a new entry in the browser's history, and tells the page. */
export function replace(path, query) {
  const address = href(path, query);
  if (location.hash !== address) {
    history.replaceState(null, '', address);
    dispatchEvent(new HashChangeEvent('hashchange'));
  }
}
