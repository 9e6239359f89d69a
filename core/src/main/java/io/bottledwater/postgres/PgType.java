package io.bottledwater.postgres;

import java.util.List;

/**
 * A row of {@code pg_type}, with what its form takes to read its values: element, attributes,
 * labels, and so on down. A type is identified by its OID; names are for people and schemas.
 *
 * @param oid {@code pg_type.oid}, unsigned 32 bits
 * @param schema name of its schema
 * @param name {@code typname}
 * @param extension name of the extension that it belongs to, empty when it belongs to none
 * @param outputFunction qualified, quoted name of {@code typoutput}
 */
public record PgType(
    long oid, String schema, String name, String extension, String outputFunction, Form form) {

  /** OIDs below this are assigned by PostgreSQL's own source and never change. */
  public static final long FIRST_NORMAL_OBJECT_ID = 16384;

  /** How values of a type are built. */
  public sealed interface Form {
    /** Not built from other types. */
    record Simple(Kind kind) implements Form {}

    /**
     * A true array type: one whose output function is {@code array_out}.
     *
     * @param delimiter {@code typdelim} of the element, between elements in text
     */
    record Array(PgType element, char delimiter) implements Form {}

    /**
     * A row type.
     *
     * @param attributes those that were not dropped, in their order
     * @param certain false when values may have been written before the type was altered
     */
    record Composite(List<Attribute> attributes, boolean certain) implements Form {
      public Composite {
        attributes = List.copyOf(attributes);
      }

      /** One whose values all have this shape. */
      public Composite(List<Attribute> attributes) {
        this(attributes, true);
      }
    }

    /**
     * An enumerated type.
     *
     * @param labels in their sort order
     */
    record Enumeration(List<String> labels) implements Form {
      public Enumeration {
        labels = List.copyOf(labels);
      }
    }

    /**
     * A domain.
     *
     * @param typmod {@code typtypmod}, which the base type is to be read with; -1 when there is
     *     none
     */
    record Domain(PgType base, int typmod) implements Form {}

    /** A range type over {@code subtype}. */
    record Range(PgType subtype) implements Form {}

    /** A multirange type over {@code range}. */
    record Multirange(PgType range) implements Form {}
  }

  /** Types that are not built from others. */
  public enum Kind {
    BASE,
    PSEUDO,
    /** Not in the catalog any more; its values are text of unknown form. */
    GONE
  }

  /**
   * A column of a composite type.
   *
   * @param type its type; domains are not resolved here
   * @param typmod {@code atttypmod}, -1 when there is none
   * @param typeName the type as {@code format_type} shows it
   */
  public record Attribute(String name, PgType type, int typmod, String typeName) {}

  /** A type that is not built from others. */
  public static PgType base(
      long oid, String schema, String name, String extension, String outputFunction) {
    return new PgType(oid, schema, name, extension, outputFunction, new Form.Simple(Kind.BASE));
  }

  /** What stands for a type that the catalog does not have any more. */
  public static PgType gone(long oid) {
    return new PgType(oid, "", "unknown", "", "", new Form.Simple(Kind.GONE));
  }

  /** The type that a domain is over, whatever lies between; of no domain, itself. */
  public PgType withoutDomains() {
    PgType type = this;
    while (type.form instanceof Form.Domain domain) {
      type = domain.base();
    }
    return type;
  }

  /** The same type, otherwise built. */
  public PgType withForm(Form other) {
    return new PgType(oid, schema, name, extension, outputFunction, other);
  }

  /**
   * SQL for the text of the output function, as the stream has it. A cast to text would not do: for
   * some types it gives other text.
   *
   * @param expression SQL of this type
   */
  public String asText(String expression) {
    String value = expression;
    PgType base = withoutDomains();
    if (base != this && base.form instanceof Form.Enumeration) {
      // The one output function that does not take a domain over its type.
      value = expression + "::" + Identifiers.quote(base.schema, base.name);
    }
    return "pg_catalog.textin(" + outputFunction + "(" + value + "))";
  }

  /** Whether the type is built into the server, so that its OID alone identifies it. */
  public boolean isBuiltIn() {
    return oid < FIRST_NORMAL_OBJECT_ID;
  }

  /** Whether this is the type of that name that an extension brings, whatever its schema. */
  public boolean isOf(String extensionName, String typeName) {
    return extension.equals(extensionName) && name.equals(typeName);
  }

  /** Whether this type is what the server names a base type: neither built from others nor gone. */
  public boolean isBase() {
    return form instanceof Form.Simple simple && simple.kind() == Kind.BASE;
  }
}
