-- Types, names and values that a dump and a restore can get wrong. All of it is a function of the row's number.
CREATE EXTENSION pg_trgm;
CREATE TYPE plan_status AS ENUM ('draft', 'active', 'done', 'abandoned');
CREATE SEQUENCE invoice_number START 1000 INCREMENT 7;
SELECT setval('invoice_number', 4711);

CREATE TABLE contexts (
  id integer PRIMARY KEY,
  name text NOT NULL UNIQUE,
  parent integer REFERENCES contexts
);
INSERT INTO contexts SELECT i, 'context ' || i, nullif(i / 10, 0) FROM generate_series(1, 200) AS i;

CREATE TABLE plans (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  context_id integer NOT NULL REFERENCES contexts,
  status plan_status NOT NULL,
  title text NOT NULL,
  note text,
  cost numeric(14, 4),
  score double precision,
  created_at timestamptz NOT NULL,
  valid daterange,
  took interval,
  token uuid,
  attributes jsonb NOT NULL,
  digest bytea,
  tags text[],
  cost_with_tax numeric GENERATED ALWAYS AS (cost * 1.19) STORED
);
INSERT INTO plans (context_id, status, title, note, cost, score, created_at, valid, took, token, attributes, digest, tags)
SELECT
  1 + i % 200,
  (enum_range(NULL::plan_status))[1 + i % 4],
  (ARRAY['Prüfung', '計画', 'план', 'خطة', 'πλάνο', 'plan 🗺️'])[1 + i % 6] || ' ' || i,
  CASE i % 5 WHEN 0 THEN NULL WHEN 1 THEN '' WHEN 2 THEN E'a tab\t, a new line\n, a \\ and a \\N' ELSE repeat(md5(i::text), i % 7) END,
  CASE WHEN i % 997 = 0 THEN 'NaN' ELSE (i * 7919 % 10000000)::numeric / 10000 END,
  CASE WHEN i % 991 = 0 THEN '-Infinity' ELSE sin(i) END,
  CASE WHEN i % 983 = 0 THEN 'infinity' ELSE timestamptz '2025-01-01 00:00:00+00' + i * interval '26 minutes 13.37 seconds' END,
  daterange(date '2025-01-01' + i % 365, date '2025-01-08' + i % 365),
  i * interval '1 second',
  md5(i::text)::uuid,
  jsonb_build_object('n', i, 'nested', jsonb_build_object('ключ', md5(i::text), 'null', NULL), 'list', jsonb_build_array(i, 'é', i % 2 = 0)),
  decode(md5(i::text) || '00ff', 'hex'),
  CASE WHEN i % 11 = 0 THEN '{}' ELSE ARRAY['a', NULL, 'with "quotes", a comma', md5(i::text)] END
FROM generate_series(1, 20000) AS i;
CREATE INDEX plans_title ON plans USING gin (title gin_trgm_ops);
CREATE INDEX plans_active ON plans (created_at) WHERE status = 'active';
CREATE VIEW active_plans AS SELECT id, title, cost FROM plans WHERE status = 'active';
CREATE MATERIALIZED VIEW plans_by_status AS SELECT status, count(*) AS plans FROM plans GROUP BY status;

CREATE TABLE audit_holds (id integer PRIMARY KEY, reason text NOT NULL);

CREATE SCHEMA "Übersicht";
CREATE TABLE "Übersicht"."Größen & ""Maße""" ("Länge in m" numeric, "名前" text);
INSERT INTO "Übersicht"."Größen & ""Maße""" SELECT i * 0.1, 'Maß № ' || i FROM generate_series(1, 50) AS i;

SELECT lo_from_bytea(424242, decode(repeat(md5('large object'), 4096), 'hex'));
COMMENT ON LARGE OBJECT 424242 IS 'a scanned contract';

CREATE FUNCTION plan_count(of plan_status) RETURNS bigint LANGUAGE sql STABLE
  RETURN (SELECT count(*) FROM plans WHERE status = of);
ANALYZE;
