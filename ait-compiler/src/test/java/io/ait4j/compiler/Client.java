package io.ait4j.compiler;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A program in C or C++ that is compiled apart from a library, against its headers alone. */
record Client(Path program) {
  static final Path HEADERS = Path.of("src/main/resources/io/ait4j/compiler/cpu").toAbsolutePath();

  /**
   * @param linked a library, or further flags
   */
  static Client build(Path folder, String source, String... linked) throws Exception {
    Path program = folder.resolve(Path.of(source).getFileName() + ".client");
    List<String> command =
        new ArrayList<>(
            source.endsWith(".c")
                ? List.of("gcc", "-std=c11", "-pedantic")
                : List.of("g++", "-std=c++17", "-pedantic"));
    command.addAll(List.of("-Wall", "-Wextra", "-Werror", "-O1", "-pthread", "-I" + HEADERS));
    command.add(ClientModel.SOURCES.resolve(source).toString());
    command.addAll(List.of(linked));
    command.addAll(List.of("-ldl", "-o", program.toString()));
    Result result = result(command);
    assertThat(result.exit()).as(result.output()).isZero();
    return new Client(program);
  }

  /** How a program ended and what it said. */
  record Result(int exit, String output) {}

  Result run(String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of(program.toString()));
    command.addAll(List.of(arguments));
    return result(command);
  }

  /** Fails with what the program said, unless it ends well. */
  String passes(String... arguments) throws Exception {
    Result result = run(arguments);
    assertThat(result.exit()).as(result.output()).isZero();
    return result.output();
  }

  static Result result(List<String> command) throws IOException, InterruptedException {
    Path output = Files.createTempFile("client", ".txt");
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
    builder.environment().put("TSAN_OPTIONS", "halt_on_error=1");
    Process process = builder.start();
    try {
      assertThat(process.waitFor(4, TimeUnit.MINUTES)).as("%s hangs", command).isTrue();
      return new Result(process.exitValue(), Files.readString(output));
    } finally {
      process.destroyForcibly();
      Files.delete(output);
    }
  }
}
