-- A shop that sells what keeps plants alive, and the greenhouse behind it.
BEGIN;

CREATE TYPE order_status AS ENUM ('new', 'paid', 'packed', 'shipped', 'delivered');

CREATE TABLE customers (
  id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name text NOT NULL,
  email text NOT NULL UNIQUE,
  born date,
  newsletter boolean NOT NULL DEFAULT false
);

CREATE TABLE sensors (
  id integer PRIMARY KEY,
  name text NOT NULL,
  place text NOT NULL,
  address inet,
  enabled boolean NOT NULL DEFAULT true,
  interval_between interval NOT NULL DEFAULT '10 seconds',
  settings jsonb NOT NULL DEFAULT '{}'
);

CREATE TABLE readings (
  sensor_id integer NOT NULL REFERENCES sensors,
  taken_at timestamptz NOT NULL,
  temperature numeric(5,2) NOT NULL,
  humidity real,
  PRIMARY KEY (sensor_id, taken_at)
);
CREATE INDEX ON readings (taken_at);

CREATE TABLE orders (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  customer_id integer NOT NULL REFERENCES customers,
  status order_status NOT NULL DEFAULT 'new',
  total numeric(12,2) NOT NULL,
  placed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  note text
);
CREATE INDEX ON orders (status, placed_at);

CREATE TABLE order_items (
  order_id uuid NOT NULL REFERENCES orders ON DELETE CASCADE,
  line smallint NOT NULL,
  product text NOT NULL,
  quantity integer NOT NULL,
  price numeric(10,2) NOT NULL,
  PRIMARY KEY (order_id, line)
);

INSERT INTO customers (name, email, born, newsletter)
SELECT given || ' ' || family,
       lower(given) || '.' || lower(family) || '@example.org',
       date '1950-01-01' + (n * 7919 % 20000)::integer,
       n % 3 = 0
FROM unnest(ARRAY['Ada','Bela','Chidi','Dana','Emre','Fatou','Goran','Hana','Ines','Jun'])
       WITH ORDINALITY AS g(given, i),
     unnest(ARRAY['Akers','Bose','Cruz','Diaz','Eklund','Fischer','Garcia','Haddad','Ivanova','Jensen',
                  'Kaya','Lopez','Moreau','Nowak','Okafor','Petrov','Quist','Rossi','Sato','Tanaka'])
       WITH ORDINALITY AS f(family, j),
     LATERAL (SELECT i * 20 + j) AS numbered(n);

INSERT INTO sensors (id, name, place, address, settings)
SELECT n,
       'sensor-' || n,
       (ARRAY['greenhouse north','greenhouse south','cold store','yard'])[n % 4 + 1],
       ('10.0.7.' || n)::inet,
       jsonb_build_object('unit', 'celsius', 'alarm', jsonb_build_object('above', 30 + n % 5, 'below', 4))
FROM generate_series(1, 24) AS n;

INSERT INTO readings
SELECT 1 + n % 24,
       now() - interval '10 seconds' * ((6000 - n) / 24 + 1),
       round((18 + 6 * sin(n / 300.0) + n % 7 * 0.3)::numeric, 2),
       40 + n % 30 + 0.5
FROM generate_series(0, 5999) AS n;

INSERT INTO orders (customer_id, status, total, placed_at)
SELECT 1 + n * 31 % 200,
       (enum_range(NULL::order_status))[1 + n % 5],
       0,
       now() - interval '7 minutes' * (800 - n)
FROM generate_series(0, 799) AS n;

INSERT INTO order_items
SELECT o.id, line, product, 1 + line * 7 % 5, price
FROM (SELECT id, row_number() OVER (ORDER BY placed_at) AS n FROM orders) AS o,
     generate_series(1, 2) AS line,
     LATERAL (
       SELECT * FROM (VALUES
         (0, 'basil seeds', 2.95), (1, 'watering can', 14.50), (2, 'peat-free soil 20 l', 7.80),
         (3, 'tomato plant', 4.20), (4, 'grow light', 59.00)) AS p(i, product, price)
       WHERE p.i = (o.n * 3 + line) % 5) AS p;

UPDATE orders SET total = sums.total
FROM (SELECT order_id, sum(quantity * price) AS total FROM order_items GROUP BY order_id) AS sums
WHERE sums.order_id = orders.id;

COMMIT;
ANALYZE;
