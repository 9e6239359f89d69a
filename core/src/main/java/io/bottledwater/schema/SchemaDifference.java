package io.bottledwater.schema;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What changed between two versions of a subject, told by fields: one line, however large they are.
 * Both texts are foreign as far as this class is concerned: what it cannot read it says so.
 */
public final class SchemaDifference {
  private static final int CHANGES_SHOWN = 12;
  private static final int LONGEST_NAME = 64;
  private static final int LONGEST_TYPE = 80;

  private SchemaDifference() {}

  /**
   * @param before the version that the registry has
   * @param type of the new schema: {@code AVRO}, {@code JSON} or {@code PROTOBUF}
   * @param schema the new schema's text
   * @return for instance {@code "qty" integer (int) -> text (string); added "note" text (string)}
   */
  public static String between(SubjectVersion before, String type, String schema) {
    if (!before.type().equals(type)) {
      return before.type() + " -> " + type;
    }
    Map<String, String> old = SchemaFields.of(type, before.text());
    Map<String, String> now = SchemaFields.of(type, schema);
    if (old.isEmpty() || now.isEmpty()) {
      return "not to be told, for the "
          + (old.isEmpty() ? "earlier" : "new")
          + " schema has no"
          + " fields";
    }
    List<String> changes = new ArrayList<>();
    now.forEach(
        (field, nowType) -> {
          String oldType = old.get(field);
          if (oldType != null && !oldType.equals(nowType)) {
            changes.add(name(field) + " " + cut(oldType) + " -> " + cut(nowType));
          }
        });
    now.forEach(
        (field, nowType) -> {
          if (!old.containsKey(field)) {
            changes.add("added " + name(field) + " " + cut(nowType));
          }
        });
    old.forEach(
        (field, oldType) -> {
          if (!now.containsKey(field)) {
            changes.add("removed " + name(field) + " " + cut(oldType));
          }
        });
    if (changes.isEmpty()) {
      return "none in their fields";
    }
    int shown = Math.min(CHANGES_SHOWN, changes.size());
    return String.join("; ", changes.subList(0, shown))
        + (shown < changes.size() ? "; and " + (changes.size() - shown) + " more" : "");
  }

  private static String name(String field) {
    return '"' + cut(field, LONGEST_NAME) + '"';
  }

  private static String cut(String type) {
    return cut(type, LONGEST_TYPE);
  }

  /** Foreign text made fit for one line of a log. */
  private static String cut(String text, int most) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < text.length() && out.length() < most; i++) {
      char c = text.charAt(i);
      boolean fit =
          switch (Character.getType(c)) {
            case Character.CONTROL,
                Character.FORMAT,
                Character.LINE_SEPARATOR,
                Character.PARAGRAPH_SEPARATOR ->
                false;
            default -> true;
          };
      out.append(fit ? c : ' ');
    }
    return out.length() < text.length() ? out.append("...").toString() : out.toString();
  }
}
