CREATE TABLE traces (
  id uuid PRIMARY KEY,
  name text NOT NULL,
  started_at timestamptz NOT NULL,
  input jsonb
);
INSERT INTO traces
SELECT md5(i::text)::uuid, 'trace ' || i, timestamptz '2025-03-01 00:00:00+00' + i * interval '1 minute', jsonb_build_object('prompt', 'Frage ' || i)
FROM generate_series(1, 1000) AS i;
CREATE TABLE observations (
  id integer PRIMARY KEY,
  trace_id uuid NOT NULL REFERENCES traces,
  tokens integer NOT NULL
);
INSERT INTO observations SELECT i, md5((1 + i % 1000)::text)::uuid, i % 4096 FROM generate_series(1, 3000) AS i;
