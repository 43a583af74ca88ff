-- Runs of pipelines and their steps. docs/cluster.md says what the columns mean.

CREATE TABLE shelfmark_pipeline_runs (
  id text PRIMARY KEY,
  pipeline text NOT NULL,
  graph text NOT NULL,
  state text NOT NULL,
  priority smallint NOT NULL,
  paused boolean NOT NULL DEFAULT false,
  parameters text NOT NULL,
  started_at timestamptz NOT NULL,
  deadline timestamptz,
  ended_at timestamptz,
  rerun_of text,
  rerun_from text,
  failure text,
  -- whether versions that its steps gave are no longer kept for it
  released boolean NOT NULL DEFAULT false
);

CREATE INDEX shelfmark_pipeline_runs_of ON shelfmark_pipeline_runs (pipeline, started_at);
CREATE INDEX shelfmark_pipeline_runs_going_on ON shelfmark_pipeline_runs (id) WHERE state = 'RUNNING';
CREATE INDEX shelfmark_pipeline_runs_to_release ON shelfmark_pipeline_runs (id)
  WHERE state <> 'RUNNING' AND NOT released;

-- A row for each step (place -1), for each element of a fan-out (place 0 and up), and one without a
-- name for the end of the run, which is settled by the steps that nothing takes from.
-- No column that changes is indexed: updates stay within the page.
CREATE TABLE shelfmark_pipeline_steps (
  run text NOT NULL,
  node text NOT NULL,
  place int NOT NULL,
  queue text NOT NULL,
  state text NOT NULL,
  -- of the steps that it takes from, or of its elements, how many are not settled
  missing int NOT NULL,
  takers text[] NOT NULL,
  -- whether its elements are there
  expanded boolean NOT NULL DEFAULT false,
  -- of its ticket RUN/STEP/gN
  ticket int NOT NULL DEFAULT 0,
  epoch int NOT NULL DEFAULT 0,
  holder text,
  failures int NOT NULL DEFAULT 0,
  began_at timestamptz,
  ended_at timestamptz,
  -- the element that it is done for
  input text,
  input_digest text,
  input_versions text[],
  result text,
  digest text,
  versions text[] NOT NULL DEFAULT '{}',
  cached_from text,
  failure text,
  PRIMARY KEY (run, node, place)
) WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.05, autovacuum_analyze_scale_factor = 0.05);

-- Of a fan-out, how many elements of each part are not settled: place modulo the number of parts.
-- One counter for all would let them commit one after the other, each with its write to the disk.
CREATE TABLE shelfmark_pipeline_parts (
  run text NOT NULL,
  node text NOT NULL,
  part int NOT NULL,
  missing int NOT NULL,
  PRIMARY KEY (run, node, part)
) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.05);

CREATE TABLE shelfmark_pipeline_attempts (
  run text NOT NULL,
  node text NOT NULL,
  place int NOT NULL,
  epoch int NOT NULL,
  began_at timestamptz NOT NULL,
  -- none: its process did not live to see it
  ended_at timestamptz,
  failure text,
  PRIMARY KEY (run, node, place, epoch)
);

-- How many steps of a queue run at once in the whole cluster, and which do.
CREATE TABLE shelfmark_pipeline_limits (
  queue text PRIMARY KEY,
  places int NOT NULL CHECK (places > 0)
);

CREATE TABLE shelfmark_pipeline_places (
  run text NOT NULL,
  node text NOT NULL,
  place int NOT NULL,
  queue text NOT NULL,
  since timestamptz NOT NULL,
  PRIMARY KEY (run, node, place)
);

CREATE INDEX shelfmark_pipeline_places_of ON shelfmark_pipeline_places (queue);

-- One row: the file in the store that every worker must find there.
CREATE TABLE shelfmark_pipeline_store (
  one boolean PRIMARY KEY DEFAULT true CHECK (one),
  token text NOT NULL,
  written_by text NOT NULL
);
