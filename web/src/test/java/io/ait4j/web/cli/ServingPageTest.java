package io.ait4j.web.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

class ServingPageTest {
  private static final Path PAGE = Path.of("../docs/serving.md");
  private static final String BEGIN = "<!-- options: written by the test ServingPageTest -->\n";
  private static final String END = "<!-- end of options -->\n";
  private static final String COMMAND =
      "mvn test -pl web -am -Dtest=ServingPageTest -Dsurefire.failIfNoSpecifiedTests=false"
          + " -Dserving.write";

  @Test
  void thePageListsTheOptions() throws IOException {
    String page = Files.readString(PAGE);
    int begin = page.indexOf(BEGIN) + BEGIN.length();
    int end = page.indexOf(END);
    String written = page.substring(0, begin) + table() + page.substring(end);
    if (System.getProperty("serving.write") != null) {
      Files.writeString(PAGE, written);
      page = written;
    }
    assertThat(page)
        .as("docs/serving.md is out of date; write it anew with: " + COMMAND)
        .isEqualTo(written);
  }

  private static String table() {
    StringBuilder table =
        new StringBuilder("| flag | in the environment | |\n| --- | --- | --- |\n");
    new CommandLine(new ServeOptions())
        .getCommandSpec().options().stream()
            .sorted(Comparator.comparing(OptionSpec::longestName))
            .forEach(option -> table.append(row(option)));
    return table.toString();
  }

  private static String row(OptionSpec option) {
    String description = String.join(" ", option.description());
    return "| `%s %s` | `%s` | %s |\n"
        .formatted(
            option.longestName(), option.paramLabel(), Fallbacks.variable(option), description);
  }
}
