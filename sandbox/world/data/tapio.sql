CREATE TABLE events (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  "timestamp" timestamptz NOT NULL,
  kind text NOT NULL,
  payload jsonb NOT NULL
);
INSERT INTO events ("timestamp", kind, payload)
SELECT
  timestamptz '2025-06-01 00:00:00+00' + i * interval '5 minutes',
  (ARRAY['oom', 'restart', 'throttle', 'disk'])[1 + i % 4],
  jsonb_build_object('pod', 'pod-' || i % 40, 'count', i)
FROM generate_series(1, 2000) AS i;
CREATE INDEX events_timestamp ON events ("timestamp");
