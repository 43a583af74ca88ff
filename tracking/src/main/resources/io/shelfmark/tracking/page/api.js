// The server's REST calls. Addresses are relative to the page, so that any context path works.

/** What the server refused, or that it did not answer. */
export class ApiError extends Error {
  constructor(status, code, message) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

const STATUS_TEXT = {
  401: 'You are not signed in. Reload the page to sign in.',
  403: 'You may not see this. Ask an administrator for access.',
  404: 'There is no such thing on record.',
  503: 'The store is away. Try again in a moment.',
};

function address(path, params) {
  const url = new URL(path, document.baseURI.split('#')[0]);
  for (const [name, value] of Object.entries(params ?? {})) {
    if (value !== undefined && value !== null && value !== '') {
      url.searchParams.set(name, value);
    }
  }
  return url;
}

async function request(url, options) {
  let response;
  try {
    response = await fetch(url, options);
  } catch (failure) {
    if (failure.name === 'AbortError') {
      throw failure;
    }
    throw new ApiError(0, 'UNREACHABLE', 'The server does not answer. Is it running, and are you on its network?');
  }
  if (!response.ok) {
    const body = await response.json().catch(() => ({}));
    const fallback = STATUS_TEXT[response.status] ?? `The server answered with status ${response.status}.`;
    throw new ApiError(response.status, body.error_code ?? '', body.message || fallback);
  }
  return response;
}

/** Asks MLflow's endpoints. */
export async function get(path, params, signal) {
  const response = await request(address(`ajax-api/2.0/mlflow/${path}`, params), { signal });
  return response.json();
}

/** The same with a body. */
export async function post(path, body, signal) {
  const response = await request(address(`ajax-api/2.0/mlflow/${path}`), {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
    signal,
  });
  return response.json();
}

/** A metric's history, downsampled to about so many points: { key, total, points }. */
export async function curve(runId, key, points, signal) {
  const params = { run_id: runId, metric_key: key, points };
  const response = await request(address('ajax-api/2.0/shelfmark/curve', params), { signal });
  return response.json();
}

/** Where an alias has pointed, the newest first: [{ at, from, to, author }]; no version where it was taken away. */
export async function aliasHistory(name, alias, signal) {
  const response = await request(address('ajax-api/2.0/shelfmark/alias-history', { name, alias }), { signal });
  const { changes = [] } = await response.json();
  const moves = [...changes].sort((a, b) => a.timestamp - b.timestamp)
    .map((change, at, all) => ({ at: change.timestamp, from: all[at - 1]?.version, to: change.version, author: change.user_id }));
  return moves.reverse();
}

/** Where a file of a run is. */
export function fileAddress(runId, path) {
  return address('get-artifact', { run_id: runId, path }).href;
}

/** The first bytes of a file: { bytes, whole }; what follows the limit is not fetched. */
export async function fileStart(runId, path, limit, signal) {
  const response = await request(fileAddress(runId, path), { signal });
  const reader = response.body.getReader();
  const parts = [];
  let size = 0;
  let whole = false;
  while (size < limit) {
    const { done, value } = await reader.read();
    if (done) {
      whole = true;
      break;
    }
    parts.push(value);
    size += value.length;
  }
  if (!whole) {
    reader.cancel().catch(() => {});
  }
  const all = new Uint8Array(await new Blob(parts).arrayBuffer());
  return { bytes: all.subarray(0, limit), whole: whole && all.length <= limit };
}

/** All pages of a search, as one generator of lists. */
export async function* pages(ask, field) {
  let token;
  do {
    const answer = await ask(token);
    yield answer[field] ?? [];
    token = answer.next_page_token;
  } while (token);
}

/** A text as a literal of the filter grammar, which knows no escapes. */
export function literal(text) {
  return text.includes("'") ? `"${text}"` : `'${text}'`;
}
