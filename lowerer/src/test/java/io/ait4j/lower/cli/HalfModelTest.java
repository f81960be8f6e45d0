package io.ait4j.lower.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.ait4j.fx.DType;
import io.ait4j.fx.NativeTensor;
import io.ait4j.fx.Safetensors;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.IValueVector;
import org.bytedeco.pytorch.JitModule;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A network whose parameters are of a half type, from the file to the comparison. */
class HalfModelTest {
  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource(names = {"FLOAT16", "BFLOAT16"})
  void isCompiledWholeAndAgrees(DType dtype) throws IOException {
    Path model = Files.createDirectories(folder.resolve("models").resolve("resnet20"));
    try (PointerScope scope = new PointerScope();
        NoGradGuard guard = new NoGradGuard();
        Arena arena = Arena.ofConfined()) {
      torch.ScalarType type =
          dtype == DType.FLOAT16 ? torch.ScalarType.Half : torch.ScalarType.BFloat16;
      JitModule module = torch.load(Tool.MODELS.resolve("resnet20").resolve("model.pt").toString());
      module.to(type);
      module.save(model.resolve("model.pt").toString());
      Tensor x = torch.randn(2, 3, 32, 32).to(type);
      Tensor y = module.forward(new IValueVector(new IValue(x))).toTensor();
      Safetensors.write(
          model.resolve("io.safetensors"),
          Map.of("input0", held(x, dtype, arena), "output0", held(y, dtype, arena)),
          Map.of());
    }
    Path report = folder.resolve("out.json");
    Tool tool = Tool.run("verify", folder.resolve("models"), "--format", "pt", "--json", report);
    assertThat(tool.exit()).as(tool.out() + tool.err()).isZero();
    JsonNode result = new ObjectMapper().readTree(report.toFile()).get(0);
    assertThat(result.get("fallback_partitions").asInt()).isZero();
    assertThat(result.get("rel_l2_error").asDouble()).isPositive();
  }

  private static NativeTensor held(Tensor tensor, DType dtype, Arena arena) {
    Tensor dense = tensor.contiguous();
    long[] sizes = dense.sizes().vec().get();
    long bytes = dense.numel() * dtype.bytes();
    MemorySegment data = MemorySegment.ofAddress(dense.data_ptr().address()).reinterpret(bytes);
    return NativeTensor.contiguous(dtype, sizes, arena.allocate(bytes, 64).copyFrom(data));
  }
}
