package io.ait4j.fx.reader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ait4j.fx.ModelException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ModelFormatTest {
  @TempDir Path folder;

  /** The name says nothing, or the wrong thing. */
  private Path file(byte[] content) throws IOException {
    return Files.write(folder.resolve("model.pt"), content);
  }

  private static byte[] zip(String... names) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      for (String name : names) {
        zip.putNextEntry(new ZipEntry(name));
        zip.write(1);
      }
    }
    return bytes.toByteArray();
  }

  @ParameterizedTest
  @CsvSource({
    "TORCHSCRIPT, m/data.pkl m/constants.pkl m/code/__torch__.py",
    "TORCHSCRIPT, data.pkl constants.pkl",
    "EXPORT, m/archive_format m/models/model.json m/data/weights/weight_0",
    "EXPORT, archive_format models/model.json",
    "EXPORT, serialized_exported_program.json serialized_state_dict.pt version",
  })
  void archivesAreToldByWhatIsInThem(ModelFormat format, String names) throws IOException {
    assertThat(ModelFormat.of(file(zip(names.split(" "))))).isEqualTo(format);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          m/data.pkl m/data/0 m/version                | checkpoint      | --weights
          data.pkl byteorder                           | checkpoint      | torch.export.save
          m/archive_format m/data/aotinductor/m/a.so   | AOTInductor     | torch.export.save
          m/archive_format m/version                   | without a program | torch.export.save
          manifest.pb graph.pb                         | .aitm           | ait4j run
          m/.data/extern_modules m/model/model.pkl     | torch.package   | torch.jit.save
          readme.txt                                   | ZIP archive     | unpack
          deep/er/data.pkl deep/er/constants.pkl x     | ZIP archive     | unpack
          """)
  void otherArchivesAreNamed(String names, String what, String advice) throws IOException {
    refused(zip(names.split(" ")), what, advice);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          version https://git-lfs.github.com/spec/v1~oid sha256:4d7a | Git LFS pointer | git lfs pull
          <!DOCTYPE html><html><body>404                               | web page        | again
          ~ <html lang="en">                                           | web page        | again
          GGUF....                                                     | GGUF            | PyTorch
          some text                                                    | neither         | ONNX
          BZh91AY&SY                                                   | compressed      | unpack
          """)
  void otherTextsAreNamed(String text, String what, String advice) throws IOException {
    refused(text.replace('~', '\n').getBytes(StandardCharsets.UTF_8), what, advice);
  }

  @ParameterizedTest
  @CsvSource({
    "10000000000000007b22782220, safetensors, --weights",
    "8002637472, pickle, torch.export.save",
    "894844460d0a1a0a, HDF5, PyTorch",
    "1c00000054464c3314, TensorFlow Lite, PyTorch",
    "7f454c460201, compiled library, compiled from",
    "1f8b0800, compressed, unpack",
    "08, neither, ONNX",
  })
  void otherBytesAreNamed(String hex, String what, String advice) throws IOException {
    refused(HexFormat.of().parseHex(hex), what, advice);
  }

  private void refused(byte[] content, String what, String advice) throws IOException {
    Path file = file(content);
    assertThatThrownBy(() -> ModelFormat.of(file))
        .isInstanceOfSatisfying(
            ModelException.class, e -> assertThat(e.kind()).isEqualTo(ModelException.Kind.IMPORT))
        .hasMessageContaining("cannot read the model " + file)
        .hasMessageContaining(what)
        .hasMessageContaining(advice);
  }

  @Test
  void onnxIsToldByItsFields() throws IOException {
    // ir_version 8, producer_name "x", a graph of three bytes, an operator set of two
    byte[] whole = HexFormat.of().parseHex("0808" + "120178" + "3a03aabbcc" + "42021011");
    assertThat(ModelFormat.of(file(whole))).isEqualTo(ModelFormat.ONNX);
    // Cut off inside the graph it still is ONNX, which its reader complains about.
    assertThat(ModelFormat.of(file(Arrays.copyOf(whole, 8)))).isEqualTo(ModelFormat.ONNX);
    byte[] otherField = HexFormat.of().parseHex("0808" + "120178" + "3a03aabbcc" + "4a021011");
    refused(otherField, "neither", "ONNX");
    refused(Arrays.copyOf(whole, 5), "neither", "ONNX");
  }

  @Test
  void filesThatAreNoneOrEmpty() throws IOException {
    refused(new byte[0], "empty", "model.pt");
    assertThatThrownBy(() -> ModelFormat.of(folder)).hasMessageContaining("folder");
    assertThatThrownBy(() -> ModelFormat.of(folder.resolve("none")))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("no such file");
    byte[] whole = zip("m/data.pkl", "m/constants.pkl");
    Path cut = file(Arrays.copyOf(whole, whole.length - 30));
    assertThatThrownBy(() -> ModelFormat.of(cut))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("model.pt");
  }
}
