-- A registered model. The files and aliases of its versions are those of an artifact in the workspace.

create table model (
  artifact text primary key,
  -- null once it was deleted: the next model that is to have the artifact takes the row over
  name text unique,
  -- versions of the artifact up to this number were a deleted model's
  deleted_versions bigint not null,
  description text not null,
  created_at bigint not null,
  updated_at bigint not null
);

create table model_tag (
  artifact text not null references model (artifact),
  key text not null,
  value text not null,
  primary key (artifact, key)
) ${clustered};

create table model_version (
  -- artifact@version
  id text primary key,
  artifact text not null references model (artifact),
  version bigint not null,
  source text not null,
  -- where the files can be read
  location text not null,
  run_id text,
  logged_model_id text,
  description text not null,
  user_name text not null,
  stage text not null,
  -- deleted ones stay, or they would be taken for versions that were published without the registry
  lifecycle text not null,
  created_at bigint not null,
  updated_at bigint not null
);

create index model_version_by_number on model_version (artifact, version);
create index model_version_by_run on model_version (run_id);

create table model_version_tag (
  version_id text not null references model_version (id),
  key text not null,
  value text not null,
  primary key (version_id, key)
) ${clustered};

-- A model that a run made, before it has a name in the registry.

create table logged_model (
  id text primary key,
  experiment_id text not null references experiment (id),
  name text not null,
  model_type text not null,
  -- PENDING, READY or UPLOAD_FAILED
  status text not null,
  source_run_id text,
  artifact_location text not null,
  lifecycle text not null,
  created_at bigint not null,
  updated_at bigint not null
);

create index logged_model_by_experiment on logged_model (experiment_id, created_at, id);

create table logged_model_param (
  model_id text not null references logged_model (id),
  key text not null,
  value text not null,
  primary key (model_id, key)
) ${clustered};

create table logged_model_tag (
  model_id text not null references logged_model (id),
  key text not null,
  value text not null,
  primary key (model_id, key)
) ${clustered};

create index run_model_by_model on run_model (model_id, run_id);

-- The runs whose metrics are those of a logged model: the one that made it, and those that used it.
create view logged_model_run as
select id as model_id, source_run_id as run_id from logged_model where source_run_id is not null
union
select model_id, run_id from run_model;

-- The last point of each metric of a logged model's runs.
create view logged_model_metric as
select model_id, key, value, step, time from (
  select m.model_id, s.key, s.value, s.step, s.time,
    row_number() over (partition by m.model_id, s.key order by s.time desc, s.step desc, s.run_id) as place
  from logged_model_run m join series s on s.run_id = m.run_id) p
where place = 1;

-- For notebooks and dashboards; columns are added, never renamed or removed.

create view models as
select name, artifact, description, ${at}created_at${ms} as created_at, ${at}updated_at${ms} as updated_at
from model where name is not null;

create view model_versions as
select m.name as model, v.version, v.source, v.location, v.run_id, v.logged_model_id, v.description, v.user_name,
  v.stage, ${at}v.created_at${ms} as created_at, ${at}v.updated_at${ms} as updated_at
from model_version v join model m on m.artifact = v.artifact
where v.lifecycle = 'ACTIVE' and m.name is not null;

create view logged_models as
select id as model_id, experiment_id, name, model_type, status, source_run_id, artifact_location, lifecycle,
  ${at}created_at${ms} as created_at, ${at}updated_at${ms} as updated_at
from logged_model;
