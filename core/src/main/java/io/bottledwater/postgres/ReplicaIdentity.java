package io.bottledwater.postgres;

/** What an update or delete writes to the WAL of the old row ({@code pg_class.relreplident}). */
public enum ReplicaIdentity {
  /** The primary key, if there is one. */
  DEFAULT,
  NOTHING,
  /** The whole row. */
  FULL,
  /** The columns of a chosen unique index. */
  INDEX;

  /**
   * @throws IllegalArgumentException for a letter that PostgreSQL does not document
   */
  public static ReplicaIdentity of(char relreplident) {
    return switch (relreplident) {
      case 'd' -> DEFAULT;
      case 'n' -> NOTHING;
      case 'f' -> FULL;
      case 'i' -> INDEX;
      default -> throw new IllegalArgumentException("not a replica identity");
    };
  }
}
