package io.ait4j.fx.torchscript;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ait4j.fx.DType;
import io.ait4j.fx.ImportedModel;
import io.ait4j.fx.InputSpec;
import io.ait4j.fx.ModelException;
import io.ait4j.fx.TensorMeta;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that are TorchScript, and files that are taken for it. */
class TorchScriptFileTest {
  @TempDir Path folder;

  private Path saved() {
    Path file = folder.resolve("model.pt");
    Scripts.module("def forward(self, x):\n    return x + 1\n").save(file.toString());
    return file;
  }

  private Path zip(String... entries) throws IOException {
    Path file = folder.resolve("some.zip");
    try (OutputStream out = Files.newOutputStream(file);
        ZipOutputStream zip = new ZipOutputStream(out)) {
      for (String entry : entries) {
        zip.putNextEntry(new ZipEntry(entry));
        zip.write(1);
        zip.closeEntry();
      }
    }
    return file;
  }

  private void refused(Path file, String... words) {
    assertThatThrownBy(
            () ->
                TorchScriptReader.read(
                    file, List.of(new InputSpec(null, Tensors.meta(Scripts.range(3), "")))))
        .isInstanceOfSatisfying(
            ModelException.class, e -> assertThat(e.kind()).isEqualTo(ModelException.Kind.IMPORT))
        .hasMessageContaining(file.toString())
        .hasMessageContainingAll(words)
        .hasMessageNotContaining("Exception raised from");
  }

  @Test
  void aSavedModuleIsRead() {
    try (ImportedModel model =
        TorchScriptReader.read(
            saved(), List.of(new InputSpec("x", Tensors.meta(Scripts.range(3), ""))))) {
      assertThat(Scripts.targets(model.graph())).containsExactly("aten::add.Tensor");
    }
  }

  @Test
  void otherFilesAreRefused() throws IOException {
    refused(folder.resolve("missing.pt"), "no such file");
    refused(folder, "directory");
    refused(Files.writeString(folder.resolve("file.pt"), "not a model"), "file.pt");
    refused(zip("readme.txt"), "some.zip");
    refused(zip("m/data.pkl", "m/constants.pkl", "m/version"), "data.pkl", "protocol 2");
  }

  /** The saved module with another body, which Python's exporter would have written. */
  private Path returning(String expression) throws IOException {
    return rewritten(
        ".py", StandardCharsets.UTF_8, code -> code.replace("torch.add(x, 1)", expression));
  }

  /** The saved module with another text in the entries whose names end so. */
  private Path rewritten(String ending, Charset charset, UnaryOperator<String> edit)
      throws IOException {
    Path file = folder.resolve("custom.pt");
    try (ZipFile from = new ZipFile(saved().toFile());
        OutputStream out = Files.newOutputStream(file);
        ZipOutputStream to = new ZipOutputStream(out)) {
      for (ZipEntry entry : from.stream().toList()) {
        byte[] bytes = from.getInputStream(entry).readAllBytes();
        to.putNextEntry(new ZipEntry(entry.getName()));
        to.write(
            entry.getName().endsWith(ending)
                ? edit.apply(new String(bytes, charset)).getBytes(charset)
                : bytes);
        to.closeEntry();
      }
    }
    return file;
  }

  @Test
  void anOperatorThatNobodyImplementsIsNamedWithItsPlace() throws IOException {
    refused(returning("ops.mylib.my_op(x)"), "mylib::my_op", "code/__torch__.py:6");
    refused(returning("ops.torchvision.nms(x, x, 0.5)"), "torchvision::nms");
  }

  @Test
  void objectsOfCppAreRefusedBeforeTheyAreMade() throws IOException {
    Path file =
        rewritten(
            "/data.pkl",
            StandardCharsets.ISO_8859_1,
            pickle ->
                pickle.replaceFirst(
                    "c__torch__[^\n]*\n[^\n]*\n",
                    "c__torch__.torch.classes.quantized\nLinearPackedParamsBase\n"));
    refused(file, "C++ class quantized.LinearPackedParamsBase");
  }

  @Test
  void operatorsThatReachFilesAreRefusedAndNotRun() throws IOException {
    Path secret = Files.write(folder.resolve("secret"), new byte[12]);
    Path made = folder.resolve("made");
    for (String body :
        List.of(
            "torch.from_file(\"" + secret + "\", False, 3)",
            "torch.add(x, torch.from_file(\"" + secret + "\", False, 3))",
            "x if torch.save(x, \"" + made + "\") is None else x")) {
      Path file = returning(body);
      assertThatThrownBy(
              () ->
                  TorchScriptReader.read(
                      file, List.of(new InputSpec(null, Tensors.meta(Scripts.range(3), "")))))
          .isInstanceOfSatisfying(
              ModelException.class, e -> assertThat(e.kind()).isEqualTo(ModelException.Kind.IMPORT))
          .hasMessageContaining("is refused: it reads or writes files");
    }
    assertThat(made).doesNotExist();
  }

  @Test
  void anOperatorOfTorchvisionThatTheCompilerHasIsRead() throws IOException {
    Path file = returning("ops.torchvision.roi_align(x, torch.ones([3, 5]), 0.5, 4, 6, 2, True)");
    InputSpec image = new InputSpec("x", TensorMeta.contiguous(DType.FLOAT32, 1, 2, 8, 9));
    try (ImportedModel model = TorchScriptReader.read(file, List.of(image))) {
      assertThat(Scripts.targets(model.graph())).contains("torchvision::roi_align");
      assertThat(model.graph().nodes().getLast().result().tensor())
          .isEqualTo(TensorMeta.contiguous(DType.FLOAT32, 3, 2, 4, 6));
    }
  }

  @Test
  void aTruncatedFileIsToldSo() throws IOException {
    byte[] whole = Files.readAllBytes(saved());
    Path file = folder.resolve("cut.pt");
    for (int length : new int[] {4, 30, whole.length / 2, whole.length - 1}) {
      Files.write(file, Arrays.copyOf(whole, length));
      refused(file, "truncated");
    }
  }
}
