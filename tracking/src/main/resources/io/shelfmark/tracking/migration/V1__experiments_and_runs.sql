-- Times are milliseconds since 1970 in UTC. Texts that are not there are null, or empty where a record has a text.

create table experiment (
  id text primary key,
  name text not null unique,
  artifact_location text not null,
  lifecycle text not null,
  created_at bigint not null,
  updated_at bigint not null
);

create table experiment_tag (
  experiment_id text not null references experiment (id),
  key text not null,
  value text not null,
  primary key (experiment_id, key)
) ${clustered};

-- Every store begins with it: clients that name no experiment log to it.
insert into experiment (id, name, artifact_location, lifecycle, created_at, updated_at)
values ('0', 'Default', 'mlflow-artifacts:/0', 'ACTIVE', ${now}, ${now});

create table run (
  id text primary key,
  experiment_id text not null references experiment (id),
  name text not null,
  user_name text not null,
  status text not null,
  start_time bigint not null,
  end_time bigint,
  artifact_location text not null,
  lifecycle text not null,
  -- 1 when it was deleted as part of its experiment, and is restored with it
  deleted_with_experiment bigint not null default 0,
  -- null for runs that never said that they live
  heartbeat_at bigint,
  -- 1 when it was found silent: its next heartbeat makes it RUNNING again
  silent bigint not null default 0
) ${clustered};

create index run_by_start on run (experiment_id, start_time desc, id);
create index run_by_heartbeat on run (status, heartbeat_at);

create table run_param (
  run_id text not null references run (id),
  key text not null,
  value text not null,
  primary key (run_id, key)
) ${clustered};

create table run_tag (
  run_id text not null references run (id),
  key text not null,
  value text not null,
  primary key (run_id, key)
) ${clustered};

-- One metric of one run, with its last point. SQLite has no NaN: there the text 'NaN' stands for it.
create table series (
  id ${identity},
  run_id text not null references run (id),
  key text not null,
  points bigint not null,
  step bigint not null,
  time bigint not null,
  value double precision not null,
  unique (run_id, key)
);

create index series_by_value on series (key, value, run_id);

create table series_point (
  series_id bigint not null,
  step bigint not null,
  time bigint not null,
  value double precision not null,
  primary key (series_id, step, time, value)
) ${clustered};

-- The least and the greatest of each hundred points in the order they came in, for curves. NaN is neither. A series
-- that has less than a hundred points has none.
create table series_rollup (
  series_id bigint not null,
  bucket bigint not null,
  min_step bigint not null,
  min_time bigint not null,
  min_value double precision not null,
  max_step bigint not null,
  max_time bigint not null,
  max_value double precision not null,
  primary key (series_id, bucket)
) ${clustered};

create table run_dataset (
  run_id text not null references run (id),
  name text not null,
  digest text not null,
  source_type text not null,
  source text not null,
  schema_text text not null,
  profile text not null,
  -- the value of the tag mlflow.data.context, for searching
  context text,
  -- a JSON object of texts
  tags text not null,
  primary key (run_id, name, digest)
) ${clustered};

create table run_model (
  run_id text not null references run (id),
  -- INPUT or OUTPUT
  direction text not null,
  model_id text not null,
  step bigint not null,
  primary key (run_id, direction, model_id)
) ${clustered};

-- For notebooks and dashboards; columns are added, never renamed or removed.

create view experiments as
select id as experiment_id, name, lifecycle, ${at}created_at${ms} as created_at, ${at}updated_at${ms} as updated_at
from experiment;

create view runs as
select r.id as run_id, r.experiment_id, e.name as experiment, r.name, r.user_name, r.status,
  ${at}r.start_time${ms} as started_at, ${at}r.end_time${ms} as ended_at,
  (r.end_time - r.start_time) / 1000.0 as seconds, r.lifecycle
from run r join experiment e on e.id = r.experiment_id;

create view params as
select run_id, key, value from run_param;

create view tags as
select run_id, key, value from run_tag;

create view metrics as
select run_id, key, step, ${at}time${ms} as logged_at, value, points from series;

create view metric_points as
select s.run_id, s.key, p.step, ${at}p.time${ms} as logged_at, p.value
from series_point p join series s on s.id = p.series_id;

create view run_datasets as
select run_id, name, digest, source_type, source, context from run_dataset;
