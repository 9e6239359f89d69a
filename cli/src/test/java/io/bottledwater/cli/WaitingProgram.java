package io.bottledwater.cli;

import io.bottledwater.config.Option;
import io.bottledwater.config.ParsedOptions;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** {@code bottledwater} with a command that runs until it is stopped, for tests of signals. */
final class WaitingProgram {
  private WaitingProgram() {}

  public static void main(String[] args) {
    Main.start(Commands.of(new Waiting(args[0]), List.of()), new String[0]);
  }

  private record Waiting(String manner) implements Command {
    @Override
    public String name() {
      return "";
    }

    @Override
    public String summary() {
      return "Waits.";
    }

    @Override
    public List<Option<?>> options() {
      return List.of();
    }

    @Override
    public int run(ParsedOptions options, Console console) throws InterruptedException {
      CountDownLatch stopped = new CountDownLatch(1);
      if (!manner.equals("deaf")) {
        console.stopSignal().onStop(stopped::countDown);
      }
      console.out().println("ready");
      stopped.await();
      console.out().println("stopped");
      return manner.equals("refuses") ? 3 : 0;
    }
  }
}
