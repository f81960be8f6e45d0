package io.ait4j.lower;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ait4j.fx.DType;
import io.ait4j.fx.Device;
import io.ait4j.fx.ModelException;
import io.ait4j.fx.NativeTensor;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** What a GPU's memory must be; no GPU is needed to refuse it. */
class OutputCheckTest {
  private static ThrowingCallable check(MemorySegment there) {
    Device gpu = Device.cuda(0);
    NativeTensor out =
        new NativeTensor(DType.FLOAT32, TinyGraph.SHAPE, new long[] {4, 1}, there, gpu);
    OutputCheck check =
        new OutputCheck(ModuleInterface.of(new TinyGraph().op("y", "relu", "x").returns("y")));
    return () -> check.check(List.of(out), Map.of(), gpu);
  }

  @Test
  void memoryOfAGpuIsWritableAndAligned() {
    MemorySegment there = MemorySegment.ofAddress(0x7000);
    assertThatCode(check(there)).doesNotThrowAnyException();
    assertThatThrownBy(check(there.asReadOnly()))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("is read-only");
    assertThatThrownBy(check(MemorySegment.ofAddress(0x7002)))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("middle of an element");
  }
}
