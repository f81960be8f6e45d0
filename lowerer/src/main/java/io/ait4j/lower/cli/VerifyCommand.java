package io.ait4j.lower.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.ait4j.fx.ModelException;
import io.ait4j.fx.WholeFile;
import io.ait4j.lower.verify.ModelFolder;
import io.ait4j.lower.verify.Verifier;
import io.ait4j.lower.verify.VerifyFormat;
import io.ait4j.lower.verify.VerifyResult;
import io.ait4j.lower.verify.VerifyTarget;
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
            + " computed. A model is a folder with model.pt, model.pt2, model_dynamic*.pt2 or"
            + " model.onnx, and io.safetensors (input0, ..., output0, ...). A model of dynamic sizes"
            + " runs on every io*.safetensors, and is compared with libtorch at its smallest and"
            + " largest sizes and some between. Exits 0 only if all agree.")
final class VerifyCommand implements Callable<Integer> {
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  @Parameters(arity = "1..*", paramLabel = "PATH", description = "Folders to look in and under.")
  private List<Path> paths;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      defaultValue = "pt",
      description =
          "Which of a folder's files: pt, pt2 (the dynamic ones too), onnx, both (pt and pt2), all;"
              + " or pt-dynamic, which makes of model.pt a model for all io*.safetensors. Default:"
              + " ${DEFAULT-VALUE}.")
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
          "Largest relative error that agrees. Default: 1e-4; 5e-3 for float16 outputs and --precision"
              + " fp16, 2e-2 for bfloat16 ones and bf16.")
  private Double tolerance;

  @Option(
      names = "--random",
      paramLabel = "N",
      defaultValue = "0",
      description =
          "Also run each model N times on inputs drawn from the recorded ones, and compare with"
              + " libtorch.")
  private int random;

  @Option(
      names = "--json",
      paramLabel = "FILE",
      description = "Also write an array of one object for each model and set of inputs.")
  private Path json;

  @Mixin private LoweringOptions lowering;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    check();
    lowering.requireSessions("verify");
    List<VerifyTarget> targets = ModelFolder.under(paths, VerifyFormat.selection(format));
    Verifier verifier =
        new Verifier(
            lowering.settings(),
            tolerance == null ? OptionalDouble.empty() : OptionalDouble.of(tolerance),
            random);
    List<List<VerifyResult>> results = new ArrayList<>();
    try (Progress progress = Progress.start();
        ExecutorService workers = Executors.newFixedThreadPool(jobs)) {
      List<Future<List<VerifyResult>>> running = new ArrayList<>();
      for (VerifyTarget target : targets) {
        running.add(
            workers.submit(
                () ->
                    verifier.verify(target, step -> progress.accept(target.name() + ": " + step))));
      }
      for (Future<List<VerifyResult>> one : running) {
        List<VerifyResult> cases = result(one);
        results.add(cases);
        progress.clear();
        print(VerifyText.of(cases));
      }
    }
    if (json != null) {
      List<VerifyResult> all = results.stream().flatMap(List::stream).toList();
      WholeFile.write(json, part -> Files.writeString(part, text(all)));
    }
    print(VerifyTable.text(results));
    long agree = results.stream().filter(VerifyTable::agrees).count();
    print("%d of %d models agree with PyTorch%n".formatted(agree, results.size()));
    return agree == results.size() ? ExitCode.OK.code() : ExitCode.VERIFICATION_FAILED.code();
  }

  private void check() {
    if (jobs < 1 || random < 0 || (tolerance != null && !(tolerance >= 0))) {
      throw new ModelException(
          ModelException.Kind.USAGE,
          "--jobs takes a number from 1 on, --random and --tolerance one from 0 on");
    }
  }

  private static List<VerifyResult> result(Future<List<VerifyResult>> one)
      throws InterruptedException {
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
