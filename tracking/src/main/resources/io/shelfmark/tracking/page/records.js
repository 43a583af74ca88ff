// What comes over the wire, made flat: params, metrics and tags by their keys.

/** A number that JSON may hold as a text: NaN, Infinity, an int64. */
export function toNumber(value) {
  if (typeof value === 'number') {
    return value;
  }
  return value === null || value === undefined ? NaN : Number(value);
}

function byKey(entries, read) {
  const result = Object.create(null);
  for (const entry of entries ?? []) {
    result[entry.key] = read(entry.value);
  }
  return result;
}

/** Tags, as { key: value }. */
export function tags(entries) {
  return byKey(entries, (value) => value ?? '');
}

function time(value) {
  return value === undefined || value === null ? 0 : Number(value);
}

/** One run. */
export function run(json) {
  const { info = {}, data = {}, inputs = {} } = json;
  const start = time(info.start_time);
  const end = time(info.end_time);
  const labels = tags(data.tags);
  return {
    id: info.run_id ?? info.run_uuid,
    name: info.run_name || labels['mlflow.runName'] || (info.run_id ?? '').slice(0, 8),
    experiment: info.experiment_id,
    status: info.status ?? 'RUNNING',
    user: info.user_id || labels['mlflow.user'] || '',
    start,
    end,
    duration: start && end ? end - start : null,
    deleted: info.lifecycle_stage === 'deleted',
    uri: info.artifact_uri ?? '',
    params: byKey(data.params, (value) => value ?? ''),
    metrics: byKey(data.metrics, toNumber),
    metricList: data.metrics ?? [],
    tags: labels,
    datasets: inputs.dataset_inputs ?? [],
  };
}

/** The tag by which a run names the one that it is part of. */
export const PARENT = 'mlflow.parentRunId';

/** Every key that some run has, sorted. */
export function keysOf(runs, part) {
  const keys = new Set();
  for (const each of runs) {
    for (const key in each[part]) {
      keys.add(key);
    }
  }
  return [...keys].sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
}
