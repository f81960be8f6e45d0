package io.ait4j.lower.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.ait4j.fx.DType;
import io.ait4j.fx.NativeTensor;
import io.ait4j.fx.Safetensors;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every bad input: one line that says what is wrong, the documented exit code, and no file. */
class BadInputTest {
  private static final Path MODEL = Tool.MODELS.resolve("resnet20/model.pt");
  private static final Path SAMPLE = Tool.MODELS.resolve("resnet20/io.safetensors");

  /** Leaves all to libtorch, so that nothing has to be compiled. */
  private static final String UNCOMPILED = "--min-partition-size=100000";

  @TempDir static Path shared;
  private static Path converted;

  @TempDir Path folder;

  @BeforeAll
  static void convert() {
    converted = shared.resolve("resnet20.aitm");
    // An operator that stays behind makes the minimum size count.
    Tool done =
        Tool.run(
            "convert",
            MODEL,
            "--sample-inputs",
            SAMPLE,
            "-o",
            converted,
            UNCOMPILED,
            "--exclude-op=aten::linear");
    assertThat(done.err()).isEmpty();
    assertThat(done.exit()).isZero();
  }

  private Path out() {
    return folder.resolve("out.aitm");
  }

  private void refused(Tool tool, ExitCode code, String... words) throws IOException {
    assertThat(tool.err()).contains(words);
    assertThat(tool.err().lines()).hasSize(1);
    assertThat(tool.err()).startsWith("ait4j: ").doesNotContain("Exception");
    assertThat(tool.exit()).isEqualTo(code.code());
    try (Stream<Path> left = Files.list(folder)) {
      assertThat(left.filter(file -> file.toString().contains("out"))).isEmpty();
    }
  }

  private Tool convert(Path model, Object... inputs) {
    Object[] args = {"convert", model, "-o", out()};
    return Tool.run(Stream.concat(Arrays.stream(args), Arrays.stream(inputs)).toArray());
  }

  @Test
  void aModelThatIsNotThere() throws IOException {
    refused(
        convert(folder.resolve("none.pt"), "--input=float32[1]"),
        ExitCode.IMPORT,
        "none.pt",
        "no such file");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 10, 5000, 500_000})
  void aModelThatIsCutOff(int bytes) throws IOException {
    Path model = folder.resolve("cut.pt");
    Files.write(model, Arrays.copyOf(Files.readAllBytes(MODEL), bytes));
    refused(convert(model, "--sample-inputs", SAMPLE), ExitCode.IMPORT, "cut.pt");
  }

  @Test
  void aFileThatIsNoModel() throws IOException {
    refused(convert(SAMPLE, "--input=float32[1]"), ExitCode.IMPORT, "io.safetensors");
    refused(convert(folder, "--sample-inputs", SAMPLE), ExitCode.IMPORT, folder.toString());
  }

  @Test
  void inputsThatAreNotGiven() throws IOException {
    refused(convert(MODEL), ExitCode.USAGE, "--input", "--sample-inputs");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          float32[2,4,32,32]       | IMPORT | 4 channels
          float32[2,3]             | IMPORT | 1 channels
          int64[2,3,32,32]         | IMPORT | int64
          image=float32[2,3,32,32] | USAGE  | image
          x=float32[2,3,32,32      | USAGE  | --input
          """)
  void inputsThatTheModelDoesNotTake(String input, ExitCode code, String word) throws IOException {
    refused(convert(MODEL, "--input", input), code, word);
  }

  @Test
  void tooManyInputs() throws IOException {
    String one = "--input=float32[2,3,32,32]";
    refused(convert(MODEL, one, one), ExitCode.USAGE, "2");
  }

  @Test
  void samplesThatAreNotThereOrHaveNoInputs() throws IOException {
    refused(
        convert(MODEL, "--sample-inputs", folder.resolve("none.safetensors")),
        ExitCode.IMPORT,
        "none.safetensors",
        "no such file");
    Path file = folder.resolve("named.safetensors");
    write(file, Map.of("pixels", new long[] {2, 3, 32, 32}), DType.FLOAT32);
    refused(convert(MODEL, "--sample-inputs", file), ExitCode.IMPORT, "input0", "pixels");
  }

  @Test
  void anOperatorThatNobodyImplements() throws IOException {
    Path model = folder.resolve("patched.pt");
    int patched = patchCode(MODEL, model, "torch.flatten(", "torch.flattem(");
    assertThat(patched).isPositive();
    refused(
        convert(model, "--sample-inputs", SAMPLE),
        ExitCode.IMPORT,
        "aten::flattem",
        "code/__torch__.py:");
  }

  /** Rewrites the operators' names in the code of a TorchScript archive. */
  private static int patchCode(Path from, Path to, String what, String with) throws IOException {
    int patched = 0;
    try (ZipFile in = new ZipFile(from.toFile());
        ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(to))) {
      for (ZipEntry entry : Collections.list(in.entries())) {
        byte[] data = in.getInputStream(entry).readAllBytes();
        if (entry.getName().endsWith(".py")) {
          String code = new String(data, StandardCharsets.UTF_8);
          patched += code.contains(what) ? 1 : 0;
          data = code.replace(what, with).getBytes(StandardCharsets.UTF_8);
        }
        ZipEntry copy = new ZipEntry(entry.getName());
        CRC32 crc = new CRC32();
        crc.update(data);
        copy.setMethod(ZipEntry.STORED);
        copy.setCrc(crc.getValue());
        copy.setSize(data.length);
        out.putNextEntry(copy);
        out.write(data);
      }
    }
    return patched;
  }

  @Test
  void anOutputThatCannotBeWritten() throws IOException {
    Object[] model = {
      "convert", MODEL, "--sample-inputs", SAMPLE, UNCOMPILED, "--exclude-op=aten::linear"
    };
    Path inFile = Files.createFile(folder.resolve("file")).resolve("out.aitm");
    Path inNothing = folder.resolve("missing/out.aitm");
    for (Path place : new Path[] {inFile, inNothing, folder}) {
      Tool tool = Tool.run(Stream.concat(Arrays.stream(model), Stream.of("-o", place)).toArray());
      refused(tool, ExitCode.IO, place.toString(), "cannot be written");
    }
    assertThat(folder).isDirectoryNotContaining("glob:**.part");
  }

  @Test
  void targetsPrecisionsAndFormatsThatAreNone() throws IOException {
    refused(
        convert(MODEL, "--sample-inputs", SAMPLE, "--target=cuda:sm_60"),
        ExitCode.USAGE,
        "sm_60",
        "sm_80");
    refused(convert(MODEL, "--sample-inputs", SAMPLE, "--precision=fp12"), ExitCode.USAGE, "fp12");
    refused(
        convert(MODEL, "--sample-inputs", SAMPLE, "--output-precision=int8"),
        ExitCode.USAGE,
        "--output-precision int8");
    refused(convert(MODEL, "--sample-inputs", SAMPLE, "--target=cpu:../x"), ExitCode.USAGE, "../x");
    refused(
        convert(MODEL, "--sample-inputs", SAMPLE, "--report=out.txt"), ExitCode.USAGE, "out.txt");
    refused(Tool.run("verify", "--format=tflite", Tool.MODELS), ExitCode.USAGE, "tflite", "onnx");
  }

  @Test
  void whatMustCompileAsAWholeAndDoesNot() throws IOException {
    Tool tool =
        convert(MODEL, "--sample-inputs", SAMPLE, "--exclude-op=aten::linear", "--require-full");
    assertThat(tool.exit()).isEqualTo(ExitCode.COMPILE.code());
    assertThat(tool.err()).contains("--require-full", "aten::linear");
    assertThat(out()).doesNotExist();
  }

  @Test
  void commandsThatAreWrong() {
    assertThat(Tool.run().exit()).isEqualTo(ExitCode.USAGE.code());
    assertThat(Tool.run("frobnicate").exit()).isEqualTo(ExitCode.USAGE.code());
    assertThat(Tool.run("convert", MODEL).err()).contains("--output");
    assertThat(Tool.run("run", "x.aitm", "--inputs=a").exit()).isEqualTo(ExitCode.USAGE.code());
    assertThat(Tool.run("verify", "--jobs=0", Tool.MODELS).exit()).isEqualTo(ExitCode.USAGE.code());
    assertThat(Tool.run("verify", folder.resolve("none")).exit()).isEqualTo(ExitCode.IMPORT.code());
    assertThat(Tool.run("verify", folder).err()).contains("model.pt");
  }

  private Tool run(Path model, Path inputs) {
    return Tool.run(
        "run", model, "--inputs", inputs, "--outputs", folder.resolve("out.safetensors"));
  }

  private static void write(Path file, Map<String, long[]> shapes, DType dtype) {
    try (Arena arena = Arena.ofConfined()) {
      Map<String, NativeTensor> tensors = new LinkedHashMap<>();
      shapes.forEach(
          (name, shape) -> {
            long bytes = Arrays.stream(shape).reduce(1, (a, b) -> a * b) * dtype.bytes();
            tensors.put(name, NativeTensor.contiguous(dtype, shape, arena.allocate(bytes)));
          });
      Safetensors.write(file, tensors, Map.of());
    }
  }

  @Test
  void inputsOfAnotherTypeAtRun() throws IOException {
    Path inputs = folder.resolve("in.safetensors");
    write(inputs, Map.of("input0", new long[] {2, 3, 32, 33}), DType.FLOAT32);
    refused(
        run(converted, inputs),
        ExitCode.USAGE,
        "input 0 'x'",
        "expected float32[2,3,32,32], got float32[2,3,32,33]");
    write(inputs, Map.of("x", new long[] {2, 3, 32, 32}), DType.FLOAT64);
    refused(run(converted, inputs), ExitCode.USAGE, "got float64[2,3,32,32]");
    write(inputs, Map.of("y", new long[] {2, 3, 32, 32}), DType.FLOAT32);
    refused(run(converted, inputs), ExitCode.USAGE, "neither 'x' nor 'input0'");
    refused(run(converted, folder.resolve("none")), ExitCode.IMPORT, "none", "no such file");
  }

  @Test
  void modulesThatAreNoneOrCutOff() throws IOException {
    refused(run(folder.resolve("none.aitm"), SAMPLE), ExitCode.IMPORT, "none.aitm", "no such file");
    refused(run(MODEL, SAMPLE), ExitCode.IMPORT, "model.pt is not a usable .aitm file");
    refused(run(SAMPLE, SAMPLE), ExitCode.IMPORT, "is not a usable .aitm file");
    byte[] whole = Files.readAllBytes(converted);
    for (int size : new int[] {0, 1, 4096, whole.length / 2, whole.length - 1}) {
      Path cut = Files.write(folder.resolve("cut.aitm"), Arrays.copyOf(whole, size));
      refused(run(cut, SAMPLE), ExitCode.IMPORT, "cut.aitm is not a usable .aitm file", "convert");
      refused(Tool.run("inspect", cut), ExitCode.IMPORT, "cut.aitm is not a usable .aitm file");
    }
  }

  @Test
  void resultsThatCannotBeWritten() throws IOException {
    Path out = folder.resolve("missing/out.safetensors");
    refused(
        Tool.run("run", converted, "--inputs", SAMPLE, "--outputs", out),
        ExitCode.IO,
        out.toString(),
        "its folder does not exist");
  }

  @Test
  void debugShowsTheStack() {
    Tool tool = Tool.run("--debug", "inspect", folder.resolve("none.aitm"));
    assertThat(tool.err()).contains("ModelException", "\tat io.ait4j");
    assertThat(Tool.run("inspect", folder.resolve("none.aitm"), "--debug").err()).contains("\tat ");
  }
}
