package io.bottledwater.source.catalog;

/**
 * What a server says of itself and of this role.
 *
 * @param version {@code server_version_num}, for instance 170011
 * @param systemIdentifier as in {@code pg_control_system()} or IDENTIFY_SYSTEM; decimal text
 * @param timeline of the WAL being written
 * @param walLevel {@code wal_level}
 * @param encoding the database's encoding
 * @param database its name
 * @param user the role of the session
 * @param timeZone the {@code TimeZone} that a session of this role has when its client does not ask
 *     for another, as far as this role may know it
 * @param mayReplicate role attribute REPLICATION, or superuser
 */
public record ServerInfo(
    int version,
    String systemIdentifier,
    int timeline,
    String walLevel,
    String encoding,
    String database,
    String user,
    boolean superuser,
    boolean mayReplicate,
    String timeZone) {}
