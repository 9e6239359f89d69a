package io.bottledwater.cli;

import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Rows flow down, imports point up: what a package may import, and that there is no cycle. */
class ArchitectureTest {
  private static final String ROOT = "io.bottledwater.";

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("io.bottledwater");

  /** Packages of core, in the order of a row's journey, and what each may import of the project. */
  private static final Map<String, List<String>> MAY_IMPORT =
      Map.ofEntries(
          Map.entry("bytes", List.of()),
          Map.entry("failpoint", List.of()),
          Map.entry("error", List.of()),
          Map.entry("postgres", List.of()),
          Map.entry("change", List.of("bytes", "postgres")),
          Map.entry("source", List.of("bytes", "error", "postgres", "change")),
          Map.entry("value", List.of("bytes")),
          Map.entry("type", List.of("bytes", "error", "postgres", "value")),
          Map.entry("schema", List.of("error")),
          Map.entry("record", List.of("bytes", "error")),
          Map.entry(
              "encode",
              List.of("bytes", "error", "postgres", "change", "type", "value", "schema", "record")),
          Map.entry("sink", List.of("record", "bytes", "error")),
          Map.entry("ack", List.of("postgres")),
          Map.entry("config", List.of("error")));

  @Test
  void seesTheWholeProduct() {
    assertThat(CLASSES.stream().map(c -> c.getPackageName().split("\\.")[2]).distinct())
        .contains("pump", "kafka", "registry", "cli", "encode", "source");
  }

  @Test
  void hasNoPackageCycle() {
    slices().matching(ROOT + "(**)").should().beFreeOfCycles().check(CLASSES);
  }

  @TestFactory
  Stream<DynamicTest> importsPointUp() {
    return MAY_IMPORT.entrySet().stream()
        .map(
            entry ->
                DynamicTest.dynamicTest(
                    entry.getKey(), () -> importsOnly(entry.getKey(), entry.getValue())));
  }

  private static void importsOnly(String name, List<String> allowed) {
    String[] foreign =
        CLASSES.stream()
            .map(c -> c.getPackageName().substring(ROOT.length()).split("\\.")[0])
            .distinct()
            .filter(other -> !other.equals(name) && !allowed.contains(other))
            .map(other -> ROOT + other + "..")
            .toArray(String[]::new);
    ArchRuleDefinition.noClasses()
        .that()
        .resideInAPackage(ROOT + name + "..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(foreign)
        .check(CLASSES);
  }
}
