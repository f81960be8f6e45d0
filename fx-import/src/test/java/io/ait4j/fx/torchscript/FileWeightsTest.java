package io.ait4j.fx.torchscript;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ait4j.fx.DType;
import io.ait4j.fx.FxGraph;
import io.ait4j.fx.ImportedModel;
import io.ait4j.fx.InputSpec;
import io.ait4j.fx.ModelException;
import io.ait4j.fx.Weight;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.bytedeco.pytorch.JitModule;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Weights of a saved module are those in its file, whether or not libtorch had to load them. */
class FileWeightsTest {
  @TempDir Path folder;

  private static JitModule module(String more) {
    JitModule module = new JitModule(new org.bytedeco.pytorch.QualifiedName("Saved"));
    Tensor w = Scripts.range(4, 3);
    module.register_parameter("w", w, false);
    module.register_parameter("turned", w.t(), false);
    module.register_parameter("middle", w.narrow(0, 1, 2), false);
    module.register_parameter("half", Scripts.range(3).to(torch.ScalarType.BFloat16), false);
    module.register_parameter("spread", Scripts.range(1).expand(3), false);
    module.register_buffer("none", torch.zeros(0, 3));
    module.register_buffer("index", torch.zeros(3).to(torch.ScalarType.Long));
    module.register_buffer("flag", Scripts.range(3).gt(new Scalar(1)));
    module.define(
        """
        def forward(self, x):
            y = torch.matmul(torch.matmul(x, self.w), self.turned)
            z = self.middle[:, self.index] + self.half + self.spread
            return y, torch.where(self.flag, z, -z), self.none
        """);
    if (!more.isEmpty()) {
      module.define(more);
    }
    return module;
  }

  private Path saved(JitModule module) {
    Path file = folder.resolve("model.pt");
    module.save(file.toString());
    return file;
  }

  private static List<InputSpec> inputs() {
    return List.of(new InputSpec("x", Tensors.meta(Scripts.range(2, 4), "")));
  }

  /** Compares with the module that libtorch holds in memory. */
  private void assertSame(Path file, JitModule module, Predicate<Weight> expected) {
    try (ImportedModel fromFile = TorchScriptReader.read(file, inputs());
        ImportedModel fromMemory = TorchScriptReader.read(module, inputs())) {
      FxGraph graph = fromFile.graph();
      assertThat(graph.toString()).isEqualTo(fromMemory.graph().toString());
      assertThat(graph.weights()).hasSize(8);
      graph
          .weights()
          .forEach(
              (value, weight) -> {
                Weight own = fromMemory.graph().weights().get(value);
                assertThat(weight.name()).isEqualTo(own.name());
                assertThat(weight.meta()).isEqualTo(own.meta());
                assertThat(weight.kind()).isEqualTo(own.kind());
                assertThat(weight.data().toArray(ValueLayout.JAVA_BYTE))
                    .isEqualTo(own.data().toArray(ValueLayout.JAVA_BYTE));
                assertThat(weight).matches(expected);
              });
    }
  }

  private static boolean isMapped(Weight weight) {
    return weight.data().isMapped() || weight.data().byteSize() == 0;
  }

  @Test
  void weightsAreMapped() {
    JitModule module = module("");
    assertSame(saved(module), module, FileWeightsTest::isMapped);
  }

  @Test
  void weightsThatShareAStorageShareMemory() {
    try (ImportedModel model = TorchScriptReader.read(saved(module("")), inputs())) {
      Weight w = weight(model, "w");
      assertThat(weight(model, "turned").data().address()).isEqualTo(w.data().address());
      assertThat(weight(model, "middle").data().address())
          .isEqualTo(w.data().address() + 3 * Float.BYTES);
    }
  }

  @Test
  void parametersAreToldFromBuffers() {
    try (ImportedModel model = TorchScriptReader.read(saved(module("")), inputs())) {
      assertThat(weight(model, "w").kind()).isEqualTo(Weight.Kind.PARAMETER);
      assertThat(weight(model, "index").kind()).isEqualTo(Weight.Kind.BUFFER);
    }
  }

  private static Weight weight(ImportedModel model, String name) {
    return model.graph().weights().values().stream()
        .filter(w -> w.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void codeThatRestoresStateFromWeightsSeesThem() {
    JitModule module =
        module(
            """
            def __setstate__(self, state: int):
                pass
            """);
    // Only the name counts: libtorch would call it if __getstate__ were there too.
    assertSame(saved(module), module, weight -> !weight.data().isMapped());
  }

  @Test
  void aFrozenModelsWeightsAreMappedThoughTheyAreConstants() {
    JitModule module = new JitModule(new org.bytedeco.pytorch.QualifiedName("Frozen"));
    // Equal but for their values, and small ones that code may ask for.
    for (int i = 0; i < 3; i++) {
      module.register_parameter("w" + i, torch.randn(40, 40), false);
    }
    module.register_parameter("zeros", torch.zeros(40, 40), false);
    module.register_parameter("bias", Scripts.range(40), false);
    module.register_buffer("scale", torch.tensor(0.5));
    module.register_buffer("mask", torch.randn(100, 40).gt(new Scalar(0)));
    module.define(
        """
        def forward(self, x):
            y = x @ self.w0 @ self.w1 @ self.w2 @ self.zeros + self.bias
            return torch.where(self.mask, y * self.scale, y)
        """);
    module.eval();
    JitModule frozen = torch.freeze(module);
    Path file = saved(frozen);
    List<InputSpec> inputs = List.of(new InputSpec("x", Tensors.meta(torch.zeros(100, 40), "")));
    try (ImportedModel fromFile = TorchScriptReader.read(file, inputs);
        ImportedModel fromMemory = TorchScriptReader.read(frozen, inputs)) {
      FxGraph graph = fromFile.graph();
      assertThat(graph.toString()).isEqualTo(fromMemory.graph().toString());
      Map<Boolean, Integer> large = new HashMap<>();
      graph
          .weights()
          .forEach(
              (value, weight) -> {
                Weight own = fromMemory.graph().weights().get(value);
                assertThat(weight.meta()).isEqualTo(own.meta());
                assertThat(weight.kind()).isEqualTo(Weight.Kind.CONSTANT);
                assertThat(weight.data().mismatch(own.data())).isEqualTo(-1);
                if (weight.meta().dtype() == DType.FLOAT32 && weight.data().byteSize() > 4096) {
                  large.merge(weight.data().isMapped(), 1, Integer::sum);
                }
              });
      assertThat(large).isEqualTo(Map.of(true, 4));
    }
  }

  @Test
  void aCompressedArchiveIsRead() throws IOException {
    JitModule module = module("");
    Path packed = packed(module, ZipEntry.DEFLATED, "", 0);
    assertSame(packed, module, weight -> !weight.data().isMapped());
  }

  @Test
  void aStorageThatIsTooSmallIsRefused() throws IOException {
    Path packed = packed(module(""), ZipEntry.STORED, "data/0", 47);
    assertThatThrownBy(() -> TorchScriptReader.read(packed, inputs()))
        .isInstanceOf(ModelException.class)
        .hasMessageContainingAll(packed.toString(), "data/0", "12 elements of 4 bytes", "47 bytes");
  }

  /** The saved module's archive packed anew, with one entry cut off after some bytes. */
  private Path packed(JitModule module, int method, String cut, int length) throws IOException {
    Path packed = folder.resolve("packed.pt");
    try (ZipFile from = new ZipFile(saved(module).toFile());
        OutputStream out = Files.newOutputStream(packed);
        ZipOutputStream to = new ZipOutputStream(out)) {
      for (ZipEntry entry : from.stream().toList()) {
        byte[] content = from.getInputStream(entry).readAllBytes();
        if (!cut.isEmpty() && entry.getName().endsWith(cut)) {
          content = Arrays.copyOf(content, length);
        }
        ZipEntry copy = new ZipEntry(entry.getName());
        copy.setMethod(method);
        CRC32 crc = new CRC32();
        crc.update(content);
        copy.setCrc(crc.getValue());
        copy.setSize(content.length);
        to.putNextEntry(copy);
        to.write(content);
        to.closeEntry();
      }
    }
    return packed;
  }

  @Test
  void aDamagedWeightIsRefused() throws IOException {
    Path file = saved(module(""));
    byte[] bytes = Files.readAllBytes(file);
    String entry = new String(bytes, StandardCharsets.ISO_8859_1);
    int at = entry.indexOf("data/0") + 64;
    bytes[at] ^= 1;
    Files.write(file, bytes);
    assertThatThrownBy(() -> TorchScriptReader.read(file, inputs()))
        .isInstanceOf(ModelException.class)
        .hasMessageContainingAll(file.toString(), "data/0", "checksum");
  }

  @Test
  void nothingIsLeftInTheTemporaryFolder() throws IOException {
    Path temporary = Path.of(System.getProperty("java.io.tmpdir"));
    List<Path> before = parts(temporary);
    TorchScriptReader.read(saved(module("")), inputs()).close();
    assertThat(before).containsAll(parts(temporary));
  }

  private static List<Path> parts(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(f -> f.getFileName().toString().startsWith("ait4j-")).toList();
    }
  }
}
