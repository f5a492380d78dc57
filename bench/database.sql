-- What a service's database holds: identifiers and times, words, JSON, and some indexes. All of it is a function of the row's number.
CREATE TABLE customers (
  id integer PRIMARY KEY,
  name text NOT NULL,
  email text NOT NULL UNIQUE,
  address text NOT NULL,
  created_at timestamptz NOT NULL
);
INSERT INTO customers
SELECT
  i,
  (ARRAY['Anna', 'Émile', 'Jürgen', 'Łucja', 'María', 'Søren', 'Wei', 'Олег'])[1 + i % 8] || ' ' ||
    (ARRAY['Andersson', 'Dubois', 'García', 'Kowalska', 'Müller', 'Rossi', 'Smith', 'Иванов'])[1 + i / 8 % 8],
  md5(i::text) || '@example.com',
  i % 300 || ' ' || (ARRAY['High Street', 'Hauptstraße', 'Rue de la Gare', 'Via Roma'])[1 + i % 4] || ', ' || 10000 + i % 89999,
  timestamptz '2020-01-01 00:00:00+00' + i * interval '7 minutes 3.7 seconds'
FROM generate_series(1::bigint, :rows / 10) AS i;

CREATE TABLE events (
  id bigint PRIMARY KEY,
  customer_id integer NOT NULL REFERENCES customers,
  at timestamptz NOT NULL,
  request uuid NOT NULL,
  path text NOT NULL,
  status smallint NOT NULL,
  seconds double precision NOT NULL,
  amount numeric(12, 2),
  message text NOT NULL,
  attributes jsonb NOT NULL
);
INSERT INTO events
SELECT
  i,
  1 + (i * 7919) % (:rows / 10),
  timestamptz '2025-01-01 00:00:00+00' + i * interval '1.731 seconds',
  md5(i::text)::uuid,
  '/api/v1/' || (ARRAY['plans', 'contexts', 'roles', 'traces', 'dialogs'])[1 + i % 5] || '/' || i * 31 % 1000003,
  (ARRAY[200, 200, 200, 201, 204, 304, 404, 500])[1 + i % 8],
  abs(sin(i)) * 3,
  CASE WHEN i % 3 = 0 THEN (i * 7919 % 1000000)::numeric / 100 END,
  'The ' || (ARRAY['planner', 'worker', 'scheduler', 'gateway'])[1 + i % 4] || ' ' ||
    (ARRAY['accepted', 'finished', 'postponed', 'refused', 'retried'])[1 + i % 5] || ' the request of ' ||
    (ARRAY['a customer', 'a colleague', 'the nightly job', 'another service'])[1 + i / 5 % 4] || ' after ' || i % 997 ||
    ' milliseconds, with ' || i % 13 || ' warnings and a total of ' || i * 37 % 100003 || ' units in ' || i % 29 || ' steps.',
  jsonb_build_object(
    'trace', md5((i * 3)::text), 'agent', (ARRAY['Mozilla/5.0 (X11; Linux x86_64)', 'curl/8.14.1', 'okhttp/4.12'])[1 + i % 3],
    'region', (ARRAY['eu-central-1', 'eu-west-1', 'us-east-1'])[1 + i % 3], 'size', i * 17 % 65521,
    'labels', jsonb_build_array('team-' || i % 17, 'tier-' || i % 3), 'cached', i % 2 = 0)
FROM generate_series(1::bigint, :rows / 2) AS i;
CREATE INDEX events_at ON events (at);
CREATE INDEX events_customer ON events (customer_id);
CREATE INDEX events_attributes ON events USING gin (attributes jsonb_path_ops);

CREATE TABLE plans (
  id uuid PRIMARY KEY,
  customer_id integer NOT NULL REFERENCES customers,
  title text NOT NULL,
  status text NOT NULL,
  steps jsonb NOT NULL,
  updated_at timestamptz NOT NULL
);
INSERT INTO plans
SELECT
  md5('plan' || i)::uuid,
  1 + (i * 7907) % (:rows / 10),
  (ARRAY['Move', 'Review', 'Publish', 'Restore', 'Retire'])[1 + i % 5] || ' the ' ||
    (ARRAY['archive', 'catalogue', 'invoice', 'report', 'release'])[1 + i / 5 % 5] || ' of week ' || i % 53,
  (ARRAY['draft', 'active', 'completed', 'cancelled'])[1 + i % 4],
  (SELECT jsonb_agg(jsonb_build_object(
      'step', n, 'role', (ARRAY['planner', 'reviewer', 'executor'])[1 + (i + n) % 3], 'done', (i + n) % 2 = 0,
      'minutes', (i * n) % 240, 'note', 'Wait for step ' || n - 1 || ' of plan ' || i % 9973 || ', then tell the owner.'))
    FROM generate_series(1, 16) AS n),
  timestamptz '2025-03-01 00:00:00+00' + i * interval '97.3 seconds'
FROM generate_series(1::bigint, :rows / 12) AS i;
CREATE INDEX plans_customer ON plans (customer_id);
CREATE INDEX plans_updated ON plans (updated_at);

CREATE TABLE messages (
  id bigint PRIMARY KEY,
  plan_id uuid NOT NULL REFERENCES plans,
  author text NOT NULL,
  at timestamptz NOT NULL,
  content text NOT NULL
);
INSERT INTO messages
SELECT
  i,
  md5('plan' || 1 + i % (:rows / 12))::uuid,
  (ARRAY['Anna', 'Émile', 'planner', 'reviewer', 'executor'])[1 + i % 5],
  timestamptz '2025-03-01 00:00:00+00' + i * interval '11.9 seconds',
  (ARRAY['I have looked at', 'Please look at', 'There is a question about', 'We agreed on'])[1 + i % 4] || ' point ' ||
    i % 61 || ' of the ' || (ARRAY['draft', 'offer', 'schedule', 'summary'])[1 + i / 4 % 4] || ': it says ' || i * 53 % 99991 ||
    ' where ' || i * 59 % 99989 || ' was meant, and the ' || (ARRAY['owner', 'team', 'customer'])[1 + i % 3] ||
    ' wants an answer by day ' || i % 28 || ' of the month.'
FROM generate_series(1::bigint, :rows * 3 / 5) AS i;
CREATE INDEX messages_plan ON messages (plan_id, at);
ANALYZE;
