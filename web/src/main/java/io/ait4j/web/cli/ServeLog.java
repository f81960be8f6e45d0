package io.ait4j.web.cli;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.core.joran.spi.JoranException;
import java.net.URL;
import java.util.Objects;
import org.slf4j.LoggerFactory;

/** Logs as a server does, a JSON object per line, where commands write words for people. */
final class ServeLog {
  private ServeLog() {}

  static void begin() {
    if (!(LoggerFactory.getILoggerFactory() instanceof LoggerContext context)) {
      return; // another back end, with a configuration of its own
    }
    URL configuration = Objects.requireNonNull(ServeLog.class.getResource("logback.xml"));
    context.reset();
    JoranConfigurator configurator = new JoranConfigurator();
    configurator.setContext(context);
    try {
      configurator.doConfigure(configuration);
    } catch (JoranException e) {
      throw new IllegalStateException("our own configuration of the log is wrong", e);
    }
  }
}
