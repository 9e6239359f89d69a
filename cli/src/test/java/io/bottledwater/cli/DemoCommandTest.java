package io.bottledwater.cli;

import static io.bottledwater.cli.BottledWaterProcess.DEADLINE;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.bottledwater.testkit.ProcessRunner;
import io.bottledwater.testkit.RunningProcess;
import io.bottledwater.testkit.TemporaryDirectories;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DemoCommandTest {
  private static final Pattern LINE =
      Pattern.compile(
          "(customers|sensors|readings|orders|order_items) +(snapshot|insert|update|delete) +(\\{.*)");

  private Path temporary;

  @BeforeEach
  void makeDirectory() throws IOException {
    temporary = TemporaryDirectories.create("demo-test");
    // PostgreSQL runs as another user when root runs the tests.
    Files.setPosixFilePermissions(temporary, PosixFilePermissions.fromString("rwx--x--x"));
  }

  @AfterEach
  void deleteDirectory() {
    TemporaryDirectories.delete(temporary);
  }

  @Test
  void printsTheSnapshotAndThenChangesAndLeavesNothingBehind() throws IOException {
    try (RunningProcess demo = start("demo", "--for=5")) {
      demo.awaitLine("^(orders|readings) .*(insert|update|delete) ", DEADLINE);
      List<ProcessHandle> children =
          ProcessHandle.of(demo.pid()).stream().flatMap(ProcessHandle::descendants).toList();

      assertThat(demo.awaitExit(DEADLINE)).isZero();

      assertThat(demo.stdout()).isNotEmpty().allMatch(line -> LINE.matcher(line).matches());
      assertThat(demo.stdout()).anyMatch(line -> line.contains(" snapshot "));
      assertThat(demo.stdout()).allSatisfy(DemoCommandTest::isKeyAndValueInJson);
      demo.awaitLine("demo ended after .* transactions made", DEADLINE);
      assertThat(children).isNotEmpty().noneMatch(ProcessHandle::isAlive);
    }
    try (Stream<Path> left = Files.list(temporary)) {
      assertThat(left.filter(path -> path.getFileName().toString().startsWith("bottledwater")))
          .isEmpty();
    }
  }

  @Test
  void endsCleanlyWhenItIsInterrupted() {
    try (RunningProcess demo = start("demo", "--data=" + temporary.resolve("kept"))) {
      demo.awaitLine("^(orders|readings) .*(insert|update|delete) ", DEADLINE);
      Optional<ProcessHandle> postgres =
          ProcessHandle.of(demo.pid()).stream().flatMap(ProcessHandle::children).findFirst();

      demo.interrupt();

      assertThat(demo.awaitExit(DEADLINE)).isZero();
      assertThat(postgres).isPresent();
      assertThat(postgres.get().isAlive()).isFalse();
      assertThat(temporary.resolve("kept/postgres")).isDirectory();
    }
  }

  private RunningProcess start(String... arguments) {
    ProcessRunner runner = BottledWaterProcess.runner(arguments);
    return runner.jvmArguments("-Djava.io.tmpdir=" + temporary).start();
  }

  private static void isKeyAndValueInJson(String line) {
    var match = LINE.matcher(line);
    assertThat(match.matches()).isTrue();
    try (var values = new ObjectMapper().readerFor(Object.class).readValues(match.group(3))) {
      assertThat(values.readAll()).hasSize(match.group(2).equals("delete") ? 1 : 2);
    } catch (IOException e) {
      throw new AssertionError(line, e);
    }
  }
}
