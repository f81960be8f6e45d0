package io.ait4j.lower.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.ait4j.fx.ModelException;
import io.ait4j.fx.WholeFile;
import io.ait4j.lower.verify.ModelFolder;
import io.ait4j.lower.verify.Verifier;
import io.ait4j.lower.verify.VerifyResult;
import io.ait4j.lower.verify.VerifyResult.Status;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ait4j verify PATH...}. */
@Command(
    name = "verify",
    mixinStandardHelpOptions = true,
    description =
        "Converts every model found, runs it on its recorded inputs and compares with what PyTorch"
            + " computed. A model is a folder with model.pt and io.safetensors (input0, ...,"
            + " output0, ...). Exits 0 only if all agree.")
final class VerifyCommand implements Callable<Integer> {
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  @Parameters(arity = "1..*", paramLabel = "PATH", description = "Folders to look in and under.")
  private List<Path> paths;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      defaultValue = "pt",
      description = "Which of a folder's files: pt. Default: ${DEFAULT-VALUE}.")
  private String format;

  @Option(
      names = "--jobs",
      paramLabel = "N",
      defaultValue = "1",
      description = "How many models at once. Default: ${DEFAULT-VALUE}.")
  private int jobs;

  @Option(
      names = "--tolerance",
      paramLabel = "X",
      description =
          "Largest relative error that agrees. Default: 1e-4, for float16 outputs 5e-3, for bfloat16"
              + " 2e-2.")
  private Double tolerance;

  @Option(
      names = "--json",
      paramLabel = "FILE",
      description = "Also write an array of one object per model.")
  private Path json;

  @Mixin private LoweringOptions lowering;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    check();
    List<ModelFolder> models = ModelFolder.under(paths);
    Verifier verifier =
        new Verifier(
            lowering.settings(),
            tolerance == null ? OptionalDouble.empty() : OptionalDouble.of(tolerance));
    List<VerifyResult> results = new ArrayList<>();
    try (Progress progress = Progress.start();
        ExecutorService workers = Executors.newFixedThreadPool(jobs)) {
      List<Future<VerifyResult>> running = new ArrayList<>();
      for (ModelFolder model : models) {
        running.add(
            workers.submit(
                () -> verifier.verify(model, step -> progress.accept(model.name() + ": " + step))));
      }
      for (Future<VerifyResult> one : running) {
        VerifyResult result = result(one);
        results.add(result);
        progress.clear();
        print(VerifyText.of(result));
      }
    }
    if (json != null) {
      WholeFile.write(json, part -> Files.writeString(part, text(results)));
    }
    long agree = results.stream().filter(result -> result.status() == Status.OK).count();
    print("%d of %d models agree with PyTorch%n".formatted(agree, results.size()));
    return agree == results.size() ? ExitCode.OK.code() : ExitCode.VERIFICATION_FAILED.code();
  }

  private void check() {
    if (!format.equals("pt")) {
      throw new ModelException(
          ModelException.Kind.USAGE, "--format " + format + " is not supported yet; use pt");
    }
    if (jobs < 1 || (tolerance != null && !(tolerance >= 0))) {
      throw new ModelException(
          ModelException.Kind.USAGE, "--jobs takes a number from 1 on, --tolerance one from 0 on");
    }
  }

  private static VerifyResult result(Future<VerifyResult> one) throws InterruptedException {
    try {
      return one.get();
    } catch (ExecutionException e) {
      throw new IllegalStateException("a verification died", e.getCause());
    }
  }

  private void print(String text) {
    PrintWriter out = spec.commandLine().getOut();
    out.print(text);
    out.flush();
  }

  private static String text(List<VerifyResult> results) throws JsonProcessingException {
    return JSON.writeValueAsString(results) + "\n";
  }
}
