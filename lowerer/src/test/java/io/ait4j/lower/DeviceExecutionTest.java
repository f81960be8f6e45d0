package io.ait4j.lower;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ait4j.fx.DType;
import io.ait4j.fx.Device;
import io.ait4j.fx.ModelException;
import io.ait4j.fx.NativeTensor;
import io.ait4j.fx.TensorMeta;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What a run copies between the host and a device, whose memory here is the host's too. */
class DeviceExecutionTest {
  private static final TensorMeta TYPE = TensorMeta.contiguous(DType.FLOAT32, 2);

  private final Set<Long> taken = new HashSet<>();
  private boolean fills = true;
  private int uploads;
  private int downloads;

  private NativeTensor seenFromHost(NativeTensor tensor) {
    return new NativeTensor(
        tensor.dtype(),
        tensor.sizes(),
        tensor.strides(),
        MemorySegment.ofAddress(tensor.address()).reinterpret(tensor.reachBytes()));
  }

  private final class FakeDevice implements Memory {
    @Override
    public Device device() {
      return Device.cuda(0);
    }

    private NativeTensor tensor(DType dtype, long[] sizes, long[] strides) {
      MemorySegment data = Arena.ofAuto().allocate(1024);
      taken.add(data.address());
      return new NativeTensor(dtype, sizes, strides, data, device());
    }

    @Override
    public Held own(DType dtype, long[] sizes, long[] strides) {
      NativeTensor tensor = tensor(dtype, sizes, strides);
      return new Held(tensor, new Owner(() -> taken.remove(tensor.address())), true);
    }

    @Override
    public NativeTensor inArena(DType dtype, long[] sizes, long[] strides, Arena arena) {
      return tensor(dtype, sizes, strides);
    }

    @Override
    public void fill(NativeTensor from, NativeTensor to) {
      if (!fills) {
        throw new ModelException(ModelException.Kind.RUN, "no page-locked memory");
      }
      assign(from, to);
    }

    @Override
    public void assign(NativeTensor from, NativeTensor to) {
      uploads += from.device().isCpu() ? 1 : 0;
      Tensors.assign(from.device().isCpu() ? from : seenFromHost(from), seenFromHost(to));
    }
  }

  private final class FakeHost implements Memory {
    @Override
    public Device device() {
      return Device.CPU;
    }

    @Override
    public Held own(DType dtype, long[] sizes, long[] strides) {
      return HostMemory.ALONE.own(dtype, sizes, strides);
    }

    @Override
    public NativeTensor inArena(DType dtype, long[] sizes, long[] strides, Arena arena) {
      return HostMemory.ALONE.inArena(dtype, sizes, strides, arena);
    }

    @Override
    public void fill(NativeTensor from, NativeTensor to) {
      assign(from, to);
    }

    @Override
    public void assign(NativeTensor from, NativeTensor to) {
      downloads += from.device().isCpu() ? 0 : 1;
      Tensors.assign(from.device().isCpu() ? from : seenFromHost(from), to);
    }
  }

  private final Memory device = new FakeDevice();
  private final Memory host = new FakeHost();

  private Execution run(Arena arena, Memory results) {
    return new Execution(
        Map.of(), new Place(device, host, results, null, false), new IntoArena(arena));
  }

  private static List<NativeTensor> collect(Execution run, Arena arena, OutputSource... outputs) {
    return new IntoArena(arena).collect(run, List.of(outputs));
  }

  private static NativeTensor floats(float... values) {
    return NativeTensor.contiguous(
        DType.FLOAT32,
        new long[] {values.length},
        Arena.ofAuto().allocateFrom(ValueLayout.JAVA_FLOAT, values));
  }

  private static float[] read(NativeTensor tensor) {
    return tensor.data().asSlice(0, tensor.numel() * 4).toArray(ValueLayout.JAVA_FLOAT);
  }

  @Test
  void onlyInputsAndOutputsCross() {
    try (Arena arena = Arena.ofConfined()) {
      try (Execution run = run(arena, host)) {
        run.put("x", new Held(floats(1, 2), Owner.OUTSIDE, false));
        NativeTensor x = run.tensors(List.of("x")).getFirst();
        assertThat(run.tensors(List.of("x")).getFirst().address()).isEqualTo(x.address());
        NativeTensor y = run.allocate("y", TYPE);
        device.assign(x, y);
        NativeTensor z = run.allocate("z", TYPE);
        device.assign(run.tensors(List.of("y")).getFirst(), z);
        List<NativeTensor> outputs = collect(run, arena, new OutputSource.Value("z"));
        assertThat(outputs.getFirst().device()).isEqualTo(Device.CPU);
        assertThat(read(outputs.getFirst())).containsExactly(1, 2);
      }
      assertThat(uploads).isEqualTo(1);
      assertThat(downloads).isEqualTo(1);
      assertThat(taken).isEmpty();
    }
  }

  @Test
  void whereTheResultsStayNothingComesBack() {
    try (Arena arena = Arena.ofConfined();
        Execution run = run(arena, device)) {
      NativeTensor y = run.allocate("y", TYPE);
      List<NativeTensor> outputs = collect(run, arena, new OutputSource.Value("y"));
      assertThat(outputs.getFirst().address()).isEqualTo(y.address());
      assertThat(outputs.getFirst().device()).isEqualTo(Device.cuda(0));
      assertThat(uploads + downloads).isZero();
    }
  }

  @Test
  void aConstantIsReturnedWhereTheResultsAre() {
    try (Arena arena = Arena.ofConfined();
        Execution run = run(arena, device)) {
      List<NativeTensor> outputs = collect(run, arena, new OutputSource.Constant(floats(3, 4)));
      assertThat(outputs.getFirst().device()).isEqualTo(Device.cuda(0));
      assertThat(read(seenFromHost(outputs.getFirst()))).containsExactly(3, 4);
      assertThat(uploads).isEqualTo(1);
    }
  }

  @Test
  void anOwnersMemoryOnTheDeviceIsGivenToTheArena() {
    Held made = device.own(DType.FLOAT32, new long[] {2}, new long[] {1});
    try (Arena arena = Arena.ofConfined()) {
      try (Execution run = run(arena, device)) {
        run.put("y", made);
        List<NativeTensor> outputs = collect(run, arena, new OutputSource.Value("y"));
        assertThat(outputs.getFirst().address()).isEqualTo(made.tensor().address());
      }
      assertThat(taken).hasSize(1);
    }
    assertThat(taken).isEmpty();
  }

  @Test
  void stateStaysOnTheDevice() {
    try (Arena arena = Arena.ofConfined();
        Execution run = run(arena, host)) {
      run.put("s", new Held(floats(1, 2), Owner.OUTSIDE, false));
      Held kept = run.keep(new OutputSource.Value("s"), device);
      assertThat(kept.tensor().device()).isEqualTo(Device.cuda(0));
      kept.owner().release();
    }
    assertThat(taken).isEmpty();
  }

  @Test
  void aCopyThatFailsLeavesNoMemoryTaken() {
    fills = false;
    assertThatThrownBy(() -> device.copy(floats(1, 2))).isInstanceOf(ModelException.class);
    assertThat(taken).isEmpty();
  }

  @Test
  void addressesOfDifferentDevicesDoNotOverlap() {
    NativeTensor here = floats(1, 2);
    NativeTensor there =
        new NativeTensor(DType.FLOAT32, here.sizes(), here.strides(), here.data(), Device.cuda(0));
    assertThat(Held.overlap(here, here)).isTrue();
    assertThat(Held.overlap(here, there)).isFalse();
  }
}
