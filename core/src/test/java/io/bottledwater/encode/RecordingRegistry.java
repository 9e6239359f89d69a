package io.bottledwater.encode;

import io.bottledwater.schema.SchemaRegistry;
import io.bottledwater.schema.SubjectVersion;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Takes every schema, each with an id of its own, and remembers the last one. */
public class RecordingRegistry implements SchemaRegistry {
  /** The first id, with four different bytes. */
  public static final int ID = 0x01020304;

  private final Map<String, List<SubjectVersion>> versions = new LinkedHashMap<>();
  private final Map<String, Integer> ids = new HashMap<>();
  private String subject = "";
  private String type = "";
  private String schema = "";

  @Override
  public int register(String subject, String type, String schema) {
    this.subject = subject;
    this.type = type;
    this.schema = schema;
    int id = ids.computeIfAbsent(type + schema, text -> ID + ids.size());
    List<SubjectVersion> all = versions.computeIfAbsent(subject, name -> new ArrayList<>());
    if (all.stream().noneMatch(version -> version.id() == id)) {
      all.add(new SubjectVersion(all.size() + 1, id, type, schema));
    }
    return id;
  }

  @Override
  public Optional<SubjectVersion> newest(String subject) {
    List<SubjectVersion> all = versionsAfter(subject, 0);
    return all.isEmpty() ? Optional.empty() : Optional.of(all.get(all.size() - 1));
  }

  @Override
  public List<SubjectVersion> versionsAfter(String subject, int after) {
    return versions.getOrDefault(subject, List.of()).stream()
        .filter(version -> version.version() > after)
        .toList();
  }

  public String subject() {
    return subject;
  }

  public String type() {
    return type;
  }

  public String schema() {
    return schema;
  }

  @Override
  public void close() {}
}
