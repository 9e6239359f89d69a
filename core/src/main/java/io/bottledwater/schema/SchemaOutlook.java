package io.bottledwater.schema;

/**
 * What would happen to a schema if it were registered under a subject now.
 *
 * @param version the version that has it or would get it; 0 when unknown or refused
 * @param detail why it would be refused, in the registry's words; empty otherwise
 */
public record SchemaOutlook(Kind kind, int version, String detail) {
  /** The possible answers. */
  public enum Kind {
    /** The subject has this schema already. */
    REGISTERED,
    /** It would become a new version. */
    ACCEPTED,
    /** It would not be taken. */
    REFUSED,
    /** There is no registry to ask, or none that answers. */
    UNKNOWN
  }

  public static final SchemaOutlook UNKNOWN = new SchemaOutlook(Kind.UNKNOWN, 0, "");

  /** Who can tell. */
  public interface Source {
    /** Asks without registering anything; parameters as in {@link SchemaRegistry#register}. */
    SchemaOutlook outlook(String subject, String type, String schema);
  }
}
