package io.bottledwater.registry.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CompatibilityCheckTest {
  private final SchemaParsing parsing = new SchemaParsing(new RegistryState());
  private final CompatibilityCheck check = new CompatibilityCheck(parsing);

  /** Fields are written name:type, with = where there is a default. */
  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {
        "a:int, a:int, true, true",
        "a:int, a:int b:int=, true, true",
        "a:int, a:int b:int, false, true",
        "a:int b:int=, a:int, true, true",
        "a:int b:int, a:int, true, false",
        "a:int, a:long, true, false",
        "a:long, a:int, false, true",
        "a:int, a:string, false, false",
        "a:string, a:bytes, true, true",
        "a:int b:int, b:int a:int, true, true",
      })
  void followsAvrosSchemaResolution(
      String earlier, String proposed, boolean backward, boolean forward) {
    Set<CompatibilityLevel> allowed = EnumSet.of(CompatibilityLevel.NONE);
    if (backward) {
      allowed.add(CompatibilityLevel.BACKWARD);
      allowed.add(CompatibilityLevel.BACKWARD_TRANSITIVE);
    }
    if (forward) {
      allowed.add(CompatibilityLevel.FORWARD);
      allowed.add(CompatibilityLevel.FORWARD_TRANSITIVE);
    }
    if (backward && forward) {
      allowed.add(CompatibilityLevel.FULL);
      allowed.add(CompatibilityLevel.FULL_TRANSITIVE);
    }
    assertThat(levelsAllowing(proposed, earlier)).isEqualTo(allowed);
  }

  @Test
  void looksBeyondTheLatestVersionOnlyWhenTransitive() {
    assertThat(levelsAllowing("a:string=", "a:int=", ""))
        .containsExactlyInAnyOrder(
            CompatibilityLevel.NONE,
            CompatibilityLevel.BACKWARD,
            CompatibilityLevel.FORWARD,
            CompatibilityLevel.FULL);
  }

  @Test
  void takesAnythingAsTheFirstVersion() {
    assertThat(levelsAllowing("a:int")).containsExactlyInAnyOrder(CompatibilityLevel.values());
  }

  @Test
  void namesTheVersionAndTheField() {
    assertThat(
            check.problems(
                CompatibilityLevel.FULL_TRANSITIVE, schema("b:int"), versions("a:int", "")))
        .hasSize(3)
        .anySatisfy(p -> assertThat(p).contains("cannot read version 1", "b"))
        .anySatisfy(p -> assertThat(p).contains("cannot be read by version 1", "a"))
        .anySatisfy(p -> assertThat(p).contains("cannot read version 2", "b"));
  }

  private Set<CompatibilityLevel> levelsAllowing(String proposed, String... earlier) {
    Set<CompatibilityLevel> allowing = EnumSet.noneOf(CompatibilityLevel.class);
    for (CompatibilityLevel level : CompatibilityLevel.values()) {
      if (check.problems(level, schema(proposed), versions(earlier)).isEmpty()) {
        allowing.add(level);
      }
    }
    return allowing;
  }

  private List<SchemaVersion> versions(String... fields) {
    List<SchemaVersion> versions = new ArrayList<>();
    for (String each : fields) {
      int number = versions.size() + 1;
      versions.add(new SchemaVersion("s", number, number, schema(each), false));
    }
    return versions;
  }

  private StoredSchema schema(String fields) {
    StringBuilder text = new StringBuilder("{\"type\":\"record\",\"name\":\"r\",\"fields\":[");
    String comma = "";
    for (String field : fields.isEmpty() ? new String[0] : fields.split(" ")) {
      String[] parts = field.split("[:=]");
      text.append(comma).append("{\"name\":\"").append(parts[0]);
      text.append("\",\"type\":\"").append(parts[1]).append('"');
      if (field.endsWith("=")) {
        text.append(",\"default\":").append(parts[1].equals("string") ? "\"\"" : "0");
      }
      text.append('}');
      comma = ",";
    }
    return parsing.canonical(new StoredSchema("AVRO", text.append("]}").toString(), List.of()));
  }
}
