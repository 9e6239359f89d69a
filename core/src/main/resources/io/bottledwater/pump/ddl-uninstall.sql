-- Ends the recording of DDL commands and forgets those that were recorded.
DROP EVENT TRIGGER IF EXISTS bottledwater_drop;
DROP EVENT TRIGGER IF EXISTS bottledwater_ddl;
DROP FUNCTION IF EXISTS bottledwater.record_ddl();
DROP TABLE IF EXISTS bottledwater.ddl;
