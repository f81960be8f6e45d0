package io.ait4j.web.cli;

import io.ait4j.lower.cli.Subcommand;
import io.ait4j.web.AitServer;
import io.ait4j.web.ServerSettings;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Serves until it is told to stop. */
@Command(
    name = "serve",
    mixinStandardHelpOptions = true,
    description = {
      "Converts models over HTTP and serves them by the Open Inference Protocol, with a page to look"
          + " at.",
      "Without keys it listens on this machine only, and whoever reaches it may do everything."
    },
    footerHeading = "%n",
    footer = {
      "Each option can stand in three places: as a flag (--max-upload 2g), in the environment"
          + " (AIT4J_MAX_UPLOAD=2g), or as a line of the file that --config names (max-upload=2g)."
          + " A flag wins over the environment, the environment over the file.",
      "SIGTERM ends it in order: what runs may end within --drain. Logs go to standard error, a JSON"
          + " object per line."
    })
public final class ServeCommand implements Subcommand {
  @Mixin private ServeOptions options = new ServeOptions();

  @Spec private CommandSpec spec;

  /** For the service loader. */
  public ServeCommand() {}

  @Override
  public Integer call() throws InterruptedException {
    ServerSettings settings =
        Layered.fill(new ServeOptions(), System.getenv(), spec.commandLine().getParseResult())
            .settings();
    ServeLog.begin();
    AitServer server = AitServer.start(settings);
    Runtime.getRuntime()
        .addShutdownHook(
            Thread.ofPlatform()
                .name("stop")
                .unstarted(
                    () -> {
                      server.drain(settings.drain());
                      server.close();
                    }));
    spec.commandLine().getOut().println("ait4j: serving at " + server.uri());
    new CountDownLatch(1).await(); // until a signal ends the process
    return 0;
  }
}
