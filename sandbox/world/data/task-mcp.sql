CREATE TABLE tasks (
  id integer PRIMARY KEY,
  title text NOT NULL,
  done boolean NOT NULL,
  created_at timestamptz NOT NULL
);
INSERT INTO tasks
SELECT i, 'Task № ' || i, i % 3 = 0, timestamptz '2025-10-26 00:00:00+00' + i * interval '1 hour'
FROM generate_series(1, 500) AS i;
