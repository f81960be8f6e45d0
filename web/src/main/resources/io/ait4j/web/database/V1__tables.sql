-- For H2 in its PostgreSQL mode and for PostgreSQL.

-- What is stored once however often it was sent; not there any more once nothing needs it.
CREATE TABLE content (
  sha256 VARCHAR(64) PRIMARY KEY,
  store_key VARCHAR(255) NOT NULL
);

CREATE TABLE upload (
  id VARCHAR(28) PRIMARY KEY,
  owner VARCHAR(255) NOT NULL,
  name VARCHAR(255) NOT NULL,
  bytes BIGINT NOT NULL,
  sha256 VARCHAR(64) NOT NULL,
  created TIMESTAMP WITH TIME ZONE NOT NULL,
  forgotten TIMESTAMP WITH TIME ZONE
);
CREATE INDEX upload_content ON upload (sha256);

-- A conversion that is to be done once, for all jobs that ask for the same: shared is the same text
-- for the same request, while its result can be shared.
CREATE TABLE work (
  id VARCHAR(28) PRIMARY KEY,
  shared VARCHAR(64) UNIQUE,
  first_job VARCHAR(28) NOT NULL,
  state VARCHAR(9) NOT NULL,
  stage VARCHAR(9),
  percent INT NOT NULL,
  message VARCHAR NOT NULL,
  created TIMESTAMP WITH TIME ZONE NOT NULL,
  started TIMESTAMP WITH TIME ZONE,
  finished TIMESTAMP WITH TIME ZONE,
  attempts INT NOT NULL,
  crashes INT NOT NULL,
  worker VARCHAR(255) NOT NULL,
  cause VARCHAR(20),
  detail VARCHAR,
  seconds VARCHAR NOT NULL,
  artifact_sha256 VARCHAR(64),
  artifact_bytes BIGINT,
  artifact_key VARCHAR(255),
  report_json_key VARCHAR(255),
  report_html_key VARCHAR(255),
  measurements_key VARCHAR(255),
  events BIGINT NOT NULL
);
CREATE INDEX work_state ON work (state);

CREATE TABLE job (
  id VARCHAR(28) PRIMARY KEY,
  owner VARCHAR(255) NOT NULL,
  work VARCHAR(28) NOT NULL REFERENCES work,
  model_name VARCHAR(128) NOT NULL,
  model_version INT,
  settings TEXT NOT NULL,
  created TIMESTAMP WITH TIME ZONE NOT NULL,
  cancelled TIMESTAMP WITH TIME ZONE,
  UNIQUE (model_name, model_version)
);
CREATE INDEX job_work ON job (work);
CREATE INDEX job_owner ON job (owner, id);

CREATE TABLE job_input (
  job VARCHAR(28) NOT NULL REFERENCES job,
  role VARCHAR(7) NOT NULL,
  ordinal INT NOT NULL,
  upload VARCHAR(28) NOT NULL REFERENCES upload,
  PRIMARY KEY (job, role, ordinal)
);
CREATE INDEX job_input_upload ON job_input (upload);

-- Whose a name is, and the last version that was counted.
CREATE TABLE model (
  name VARCHAR(128) PRIMARY KEY,
  owner VARCHAR(255) NOT NULL,
  newest INT NOT NULL
);

CREATE TABLE idempotency (
  owner VARCHAR(255) NOT NULL,
  token VARCHAR(255) NOT NULL,
  request VARCHAR(64) NOT NULL,
  job VARCHAR(28) NOT NULL,
  PRIMARY KEY (owner, token)
);
CREATE INDEX idempotency_job ON idempotency (job);

-- Of a work, or of one of its jobs alone.
CREATE TABLE event (
  work VARCHAR(28) NOT NULL REFERENCES work,
  number BIGINT NOT NULL,
  job VARCHAR(28),
  at TIMESTAMP WITH TIME ZONE NOT NULL,
  kind VARCHAR(8) NOT NULL,
  state VARCHAR(9) NOT NULL,
  stage VARCHAR(9),
  percent INT NOT NULL,
  message VARCHAR NOT NULL,
  PRIMARY KEY (work, number)
);

-- Files of the store that nothing needs, or that something is about to need; gone when due.
CREATE TABLE doomed (
  store_key VARCHAR(255) PRIMARY KEY,
  due TIMESTAMP WITH TIME ZONE NOT NULL
);

CREATE TABLE api_key (
  id VARCHAR(14) PRIMARY KEY,
  name VARCHAR(255) NOT NULL,
  scopes VARCHAR(255) NOT NULL,
  hash VARCHAR(64) NOT NULL,
  created TIMESTAMP WITH TIME ZONE NOT NULL,
  revoked TIMESTAMP WITH TIME ZONE,
  last_used TIMESTAMP WITH TIME ZONE
);

CREATE TABLE audit (
  number BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at TIMESTAMP WITH TIME ZONE NOT NULL,
  caller VARCHAR(255) NOT NULL,
  address VARCHAR(255) NOT NULL,
  action VARCHAR(255) NOT NULL,
  subject VARCHAR(255) NOT NULL,
  outcome INT NOT NULL
);
CREATE INDEX audit_at ON audit (at);

-- The queue, as db-scheduler wants it.
CREATE TABLE scheduled_tasks (
  task_name VARCHAR(100) NOT NULL,
  task_instance VARCHAR(100) NOT NULL,
  task_data BYTEA,
  execution_time TIMESTAMP WITH TIME ZONE NOT NULL,
  picked BOOLEAN NOT NULL,
  picked_by VARCHAR(255),
  last_success TIMESTAMP WITH TIME ZONE,
  last_failure TIMESTAMP WITH TIME ZONE,
  consecutive_failures INT,
  last_heartbeat TIMESTAMP WITH TIME ZONE,
  version BIGINT NOT NULL,
  priority SMALLINT,
  PRIMARY KEY (task_name, task_instance)
);
CREATE INDEX scheduled_tasks_due ON scheduled_tasks (execution_time);
CREATE INDEX scheduled_tasks_heartbeat ON scheduled_tasks (last_heartbeat);
