-- Columns of the types that most tables are made of: what the pump does for them is worth keeping.
CREATE TYPE training_state AS ENUM ('new', 'seen');

CREATE TABLE training (
  id bigint PRIMARY KEY,
  customer integer NOT NULL,
  kind smallint,
  amount numeric(12,2),
  exact numeric,
  ratio double precision,
  share real,
  note text,
  code varchar(20),
  born date,
  seen timestamp,
  created timestamptz NOT NULL,
  active boolean NOT NULL,
  token uuid,
  settings jsonb,
  bytes bytea,
  tags text[],
  state training_state
);

CREATE FUNCTION training_rows(first_id bigint, last_id bigint) RETURNS SETOF training LANGUAGE sql AS $$
  SELECT i, i % 1000, i % 7, i / 100.0, i / 3.0, i / 7.0, i / 9.0, 'a note of some words ' || i,
         'code ' || i, date '2020-01-01' + (i % 1000)::int, timestamp '2020-01-01' + i * interval '1.5 s',
         timestamptz '2020-01-01 00:00:00Z' + i * interval '1.5 s', i % 2 = 0,
         md5(i::text)::uuid, jsonb_build_object('i', i), decode(md5(i::text), 'hex'),
         ARRAY['a', 'b' || i], CASE i % 2 WHEN 0 THEN 'new' ELSE 'seen' END::training_state
  FROM generate_series(first_id, last_id) i;
$$;
