package io.bottledwater.bench;

import java.util.List;

/** Tables of many types and the changes to them that Debezium and the pump both see. */
final class ComparedTables {
  /** Of a table that is filled last: when its row has arrived, all others have. */
  static final String LAST = "last_of_all";

  static final List<String> NAMES =
      List.of("types", "plain", "whole_rows", "two_keys", "unkeyed", "unkeyed_whole", "extremes");

  /** Columns of {@code types} whose types Debezium leaves out. */
  static final List<String> LEFT_OUT =
      List.of("bx", "ci", "ln", "ls", "pa", "pg", "mr", "tsq", "lsn", "xi", "xi8", "jp", "pr");

  private static final String INSERT_TYPES =
      """
      INSERT INTO types VALUES (
        %s, true, 1, -2, 9007199254740993, 4294967295, 1.5, 0.1, 123.4500, 99.10,
        123456789012345678901234567890, 12345678901234567890123456789012345.12345, 1234.56,
        'text', 'vc', 'bp', 'CiText', 'c', '\\x00ff41', '2024-02-29',
        '12:34:56.789123', '12:34:56', '12:34:56.789', '12:34:56.789123',
        '12:34:56.789123+02', '12:34:56-05:30',
        '2024-02-29 12:34:56.789123', '2024-02-29 12:34:56', '2024-02-29 12:34:56.789',
        '2024-02-29 12:34:56.7891', '2024-02-29 12:34:56.789123',
        '2024-02-29 12:34:56.789123+02', '2024-02-29 12:34:56+02', '2024-02-29 12:34:56.78+02',
        '1 year 2 mons -3 days 04:05:06.789', 'A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11',
        '{"a": 1,  "b":[1,2]}', '{"a": 1,  "b":[1,2]}', '<a>x</a>', 'so so', 5,
        B'1', B'10110', B'10110011100011110000', B'101', B'1',
        '10.1.2.3/24', '10.1.0.0/16', '08:00:2b:01:02:03', '08:00:2b:01:02:03:04:05',
        'a=>1, b=>NULL', 'a.b.c', '(1.5,-2)',
        '((0,0),(1,1))', '<(1,2),3>', '{1,2,3}', '[(0,0),(1,1)]', '((0,0),(1,1))',
        '((0,0),(1,1),(2,0))',
        '[1,5)', '[1,5)', '[1.5,2]', '[2024-01-01,2024-02-01)',
        '[2024-01-01 00:00,2024-01-02 00:00)', '[2024-01-01 00:00+00,)', '{[1,3),[5,7)}',
        'a fat cat', 'fat & cat', '16/B374D848', '123', '12345678901', '$.a', '(1,"a b")',
        '{1,NULL,3}', '{a,NULL,"b c"}', '{1.5,2.25}', '{1.50,2.25}', '{2024-02-29}',
        '{2024-02-29 12:34:56.789123}', '{2024-02-29 12:34:56.789123+02}', '{t,f}',
        '{a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11}', '{"{\\"a\\": 1}"}', '{sad,"so so"}', '{ab}',
        '{1}', '{2}', '{1.5}', '{2.5}', '{"\\\\x00ff"}', '{Ab}', '{10.0.0.1}', '{"[1,5)"}',
        '{12:34:56.5}', '{"a=>1"}')
      """;

  static final String[] BEFORE_THE_START = {
    "CREATE EXTENSION hstore",
    "CREATE EXTENSION citext",
    "CREATE EXTENSION ltree",
    "CREATE TYPE mood AS ENUM ('sad', 'so so', 'happy')",
    "CREATE TYPE pair AS (x int, y text)",
    "CREATE DOMAIN positive AS int CHECK (VALUE > 0)",
    """
    CREATE TABLE types (
      id int PRIMARY KEY, b boolean, i2 smallint, i4 int, i8 bigint, o oid, f4 real,
      f8 double precision, n numeric, n102 numeric(10,2), n30 numeric(30,0), n40 numeric(40,5),
      m money, t text, vc varchar(10), bp char(5), cit citext, ch "char", by bytea, d date,
      tm time, tm0 time(0), tm3 time(3), tm6 time(6), ttz timetz, ttz0 timetz(0),
      ts timestamp, ts0 timestamp(0), ts3 timestamp(3), ts4 timestamp(4), ts6 timestamp(6),
      tstz timestamptz, tstz0 timestamptz(0), tstz3 timestamptz(3), iv interval, u uuid,
      j json, jb jsonb, x xml, md mood, dom positive,
      bit1 bit(1), bit5 bit(5), bit20 bit(20), vb varbit(20), vb0 varbit,
      ine inet, cid cidr, mac macaddr, mac8 macaddr8, hs hstore, lt ltree, p point,
      bx box, ci circle, ln line, ls lseg, pa path, pg polygon,
      r4 int4range, r8 int8range, rn numrange, rd daterange, rts tsrange, rtz tstzrange,
      mr int4multirange, tsv tsvector, tsq tsquery, lsn pg_lsn, xi xid, xi8 xid8, jp jsonpath,
      pr pair,
      ai int[], at text[], an numeric[], an102 numeric(10,2)[], ad date[], ats timestamp[],
      atz timestamptz[], ab boolean[], au uuid[], aj jsonb[], am mood[], avc varchar(3)[],
      ai2 int2[], ai8 int8[], af4 float4[], af8 float8[], aby bytea[], acit citext[],
      ain inet[], ar int4range[], atm time[], ahs hstore[])
    """,
    INSERT_TYPES.formatted("1"),
    "INSERT INTO types (id) VALUES (2)",
    "CREATE TABLE plain (id int PRIMARY KEY, name text, quantity int, big text)",
    "INSERT INTO plain VALUES (1, 'a', 1, NULL), (2, 'zwölf \"…\" \\ \t', 2, '')",
    "CREATE TABLE whole_rows (id int PRIMARY KEY, name text, big text)",
    "ALTER TABLE whole_rows REPLICA IDENTITY FULL",
    "CREATE TABLE two_keys (b text, a bigint, c int, PRIMARY KEY (a, b))",
    "CREATE TABLE unkeyed (a int, b text)",
    "CREATE TABLE unkeyed_whole (a int, b text)",
    "ALTER TABLE unkeyed_whole REPLICA IDENTITY FULL",
    """
    CREATE TABLE extremes (
      id int PRIMARY KEY, f4 real, f8 double precision, n numeric, d date, tm time, ts timestamp,
      ts3 timestamp(3), tstz timestamptz, iv interval, b20 bit(20), vb varbit, p point, ttz timetz)
    """,
    "CREATE TABLE " + LAST + " (id int PRIMARY KEY)",
  };

  static final String[] CHANGES = {
    INSERT_TYPES.formatted("3"),
    "UPDATE types SET i4 = 5 WHERE id = 1",
    "DELETE FROM types WHERE id = 2",
    "INSERT INTO plain VALUES (3, 'c', 3, repeat('x', 100))",
    "UPDATE plain SET name = 'bb' WHERE id = 2",
    "UPDATE plain SET id = 4 WHERE id = 3",
    "DELETE FROM plain WHERE id = 2",
    "INSERT INTO whole_rows VALUES (1, 'a', NULL), (2, 'b', 'x')",
    "UPDATE whole_rows SET name = 'aa' WHERE id = 1",
    "UPDATE whole_rows SET id = 3 WHERE id = 2",
    "DELETE FROM whole_rows WHERE id = 1",
    "INSERT INTO two_keys VALUES ('k', 1, 2)",
    "UPDATE two_keys SET c = 3",
    "UPDATE two_keys SET b = 'l'",
    "DELETE FROM two_keys",
    "INSERT INTO unkeyed VALUES (1, 'x')",
    "INSERT INTO unkeyed_whole VALUES (1, 'x')",
    "UPDATE unkeyed_whole SET b = 'y'",
    "DELETE FROM unkeyed_whole",
    """
    INSERT INTO extremes VALUES
      (1, 'NaN', 'Infinity', 0, '0044-03-15 BC', '24:00:00', '0044-03-15 12:00 BC',
       '0044-03-15 12:00 BC', '0044-03-15 12:00+00 BC', '-1 year', B'00000000000000000001',
       B'', '(-0,1e300)', '23:59:59+15:59'),
      (2, '-Infinity', '-Infinity', 1000, '5874897-12-31', '00:00', '294246-12-31 23:59:59.999999',
       '294246-12-31 23:59:59.999', '294246-12-31 23:59:59.999999+00', '100000000 days',
       B'00000000000000000000', B'0000000010', '(NaN,Infinity)', '00:00:00-15:59'),
      (3, 3.4028235e38, 1.7976931348623157e308, -1000.0010, '4713-01-01 BC', '12:00', 'infinity',
       'infinity', 'infinity', '-1 mon +1 day -00:00:00.000001', B'11111111111111111111',
       B'11111111', '(0.1,0.2)', '12:00:00.5+00'),
      (4, 0.1, 5e-324, 0.000000000000000000000000001, '1969-12-31', '00:00:00.000001',
       '-infinity', '-infinity', '-infinity', '0', NULL, NULL, NULL, NULL),
      (5, -0.0, -0.0, 12345678901234567890.10, '10000-01-01', NULL, '1969-12-31 23:59:59.999999',
       '1969-12-31 23:59:59.999', '10000-01-01 00:00:00.5+00', NULL, NULL, NULL, NULL, NULL)
    """,
    "INSERT INTO " + LAST + " VALUES (1)",
  };

  private ComparedTables() {}
}
