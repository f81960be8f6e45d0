package io.ait4j.compiler;

import static java.lang.foreign.MemorySegment.NULL;
import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.ait4j.fx.DType;
import io.ait4j.fx.Device;
import io.ait4j.fx.Dim;
import io.ait4j.fx.ModelException;
import io.ait4j.fx.TensorMeta;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongConsumer;

/**
 * The {@code ait4j_*} functions of one loaded library and one model made with them; {@code ait4j.h}
 * says what they do. Not guarded: nothing may be called after {@link #close}, or during it.
 */
final class NativeLibrary implements AutoCloseable {
  private static final int ABI_VERSION = 5;

  /** What a function returns that failed on its own, whatever was enqueued before. */
  private static final int OF_THIS_RUN = 2;

  /**
   * A size that differs from run to run; {@code input} and {@code dim} say where it stands, or are
   * -1.
   */
  record SymbolSpec(String name, long min, long max, int input, int dim) {}

  private static final Linker LINKER = Linker.nativeLinker();

  // Symbols are leading arguments, so that handles are constants of the JVM whatever the library.
  private static final MethodHandle ABI = handle(FunctionDescriptor.of(JAVA_INT));
  private static final MethodHandle ERROR = handle(FunctionDescriptor.of(ADDRESS));
  private static final MethodHandle POINTER_TO_INT =
      handle(FunctionDescriptor.of(JAVA_INT, ADDRESS));
  private static final MethodHandle POINTER_TO_LONG =
      handle(FunctionDescriptor.of(JAVA_LONG, ADDRESS));
  private static final MethodHandle SPEC =
      handle(FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG, ADDRESS));
  private static final MethodHandle SET_CONSTANTS =
      handle(FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, JAVA_LONG));
  private static final MethodHandle STAGE_CONSTANTS =
      handle(FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, JAVA_LONG, ADDRESS));
  private static final MethodHandle SET_NUMBER =
      handle(FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT));
  private static final MethodHandle FOLD =
      handle(FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, ADDRESS));
  private static final MethodHandle RUN =
      handle(
          FunctionDescriptor.of(
              JAVA_INT, ADDRESS, ADDRESS, ADDRESS, JAVA_LONG, ADDRESS, JAVA_LONG));

  private static final MethodHandle RUN_ON =
      handle(
          FunctionDescriptor.of(
              JAVA_INT, ADDRESS, ADDRESS, ADDRESS, JAVA_LONG, ADDRESS, JAVA_LONG, JAVA_LONG));
  private static final MethodHandle PROFILE =
      handle(
          FunctionDescriptor.of(
              JAVA_INT, ADDRESS, ADDRESS, ADDRESS, JAVA_LONG, ADDRESS, JAVA_LONG, ADDRESS));

  private final Path path;
  private final Arena arena = Arena.ofShared();
  private final SymbolLookup symbols;
  private final MemorySegment lastError;
  private final MemorySegment run;
  private final MemorySegment runOn;
  private final MemorySegment model;
  private final Device device;
  private final List<SymbolSpec> sizes;
  private final List<TensorSpec> inputs;
  private final List<TensorSpec> outputs;
  private final List<ConstantInfo> constants;

  private static MethodHandle handle(FunctionDescriptor descriptor) {
    return LINKER.downcallHandle(descriptor);
  }

  private NativeLibrary(Path path, int deviceIndex) {
    this.path = path;
    try {
      symbols = open(path, arena);
      int abi = (int) invoke(() -> (int) ABI.invokeExact(symbol("ait4j_abi_version")));
      if (abi != ABI_VERSION) {
        throw failure(
            "its interface has version "
                + abi
                + ", this ait4j uses "
                + ABI_VERSION
                + "; convert the model again");
      }
      lastError = symbol("ait4j_last_error");
      run = symbol("ait4j_run");
      runOn = symbol("ait4j_run_on");
      model = create();
    } catch (Throwable e) {
      arena.close();
      throw e;
    }
    try {
      device = device(deviceIndex);
      sizes = readSymbols();
      inputs = tensors("ait4j_num_inputs", "ait4j_input_spec");
      outputs = tensors("ait4j_num_outputs", "ait4j_output_spec");
      constants = readConstants();
    } catch (Throwable e) {
      close();
      throw e;
    }
  }

  /**
   * @param deviceIndex which GPU runs it, if it is for GPUs
   */
  static NativeLibrary load(Path path, int deviceIndex) {
    return new NativeLibrary(path.toAbsolutePath(), deviceIndex);
  }

  private Device device(int index) {
    MemorySegment where = symbol("ait4j_device");
    int kind = (int) invoke(() -> (int) POINTER_TO_INT.invokeExact(where, model));
    if (kind == Device.Kind.CPU.code()) {
      return Device.CPU;
    }
    MemorySegment function = symbol("ait4j_set_device_index");
    check((int) invoke(() -> (int) SET_NUMBER.invokeExact(function, model, index)));
    return Device.cuda(index);
  }

  private static SymbolLookup open(Path path, Arena arena) {
    if (!isElf(path)) { // what is not one can upset the JVM when it is loaded
      throw unloadable(path, null);
    }
    try {
      return SymbolLookup.libraryLookup(path, arena);
    } catch (IllegalArgumentException e) {
      throw unloadable(path, e);
    }
  }

  private static boolean isElf(Path path) {
    try (InputStream in = Files.newInputStream(path)) {
      return Arrays.equals(in.readNBytes(4), new byte[] {0x7f, 'E', 'L', 'F'});
    } catch (IOException e) {
      throw new ModelException(
          ModelException.Kind.RUN, "cannot read the library " + path + ": " + e.getMessage(), e);
    }
  }

  private static ModelException unloadable(Path path, Exception cause) {
    return new ModelException(
        ModelException.Kind.RUN,
        "cannot load the library " + path + ": it is damaged or made for another system",
        cause);
  }

  private MemorySegment symbol(String name) {
    return symbols
        .find(name)
        .orElseThrow(() -> failure("it has no function " + name + ", so it is not one of ait4j's"));
  }

  private MemorySegment create() {
    try (Arena local = Arena.ofConfined()) {
      MemorySegment out = local.allocate(ADDRESS);
      check((int) invoke(() -> (int) POINTER_TO_INT.invokeExact(symbol("ait4j_create"), out)));
      return out.get(ADDRESS, 0);
    }
  }

  /** In the order in which {@link #run} takes their values. */
  List<SymbolSpec> sizes() {
    return sizes;
  }

  List<TensorSpec> inputs() {
    return inputs;
  }

  List<TensorSpec> outputs() {
    return outputs;
  }

  List<ConstantInfo> constants() {
    return constants;
  }

  /** Memory that lives as long as the library. */
  Arena arena() {
    return arena;
  }

  void setConstants(int[] indexes, List<Constant> values) {
    MemorySegment function = symbol("ait4j_set_constants");
    long count = values.size();
    try (Arena call = Arena.ofConfined()) {
      MemorySegment given = given(indexes, values, call);
      check((int) invoke(() -> (int) SET_CONSTANTS.invokeExact(function, model, given, count)));
    }
  }

  /** {@link #setConstants} into the second set. */
  void stageConstants(int[] indexes, List<Constant> values) {
    MemorySegment function = symbol("ait4j_stage_constants");
    long count = values.size();
    try (Arena call = Arena.ofConfined()) {
      MemorySegment given = given(indexes, values, call);
      check(
          (int)
              invoke(() -> (int) STAGE_CONSTANTS.invokeExact(function, model, given, count, NULL)));
    }
  }

  private static MemorySegment given(int[] indexes, List<Constant> values, Arena arena) {
    MemorySegment given = arena.allocate(Math.max(1, indexes.length) * 32L, 8);
    for (int i = 0; i < indexes.length; i++) {
      MemorySegment data = values.get(i).data();
      given.set(JAVA_LONG, i * 32L, indexes[i]);
      given.set(ADDRESS, i * 32L + 8, data);
      given.set(JAVA_LONG, i * 32L + 16, data.byteSize());
      given.set(JAVA_INT, i * 32L + 24, Device.Kind.CPU.code());
    }
    return given;
  }

  void foldConstants() {
    change("ait4j_fold_constants");
  }

  void foldStagedConstants() {
    change("ait4j_fold_staged_constants");
  }

  void swapConstants() {
    change("ait4j_swap_constants");
  }

  /** Waits for runs that read what a swap replaced. */
  void settle() {
    change("ait4j_settle");
  }

  /** Frees what idle runs keep. */
  void trim() {
    change("ait4j_trim");
  }

  private void change(String name) {
    MemorySegment function = symbol(name);
    check((int) invoke(() -> (int) POINTER_TO_INT.invokeExact(function, model)));
  }

  /**
   * @param done hears the number of each step after it
   */
  void fold(LongConsumer done) {
    MemorySegment function = symbol("ait4j_fold");
    RuntimeException[] failure = new RuntimeException[1];
    try (Arena call = Arena.ofConfined()) {
      MemorySegment observer = FoldStep.stub(done, e -> failure[0] = e, call);
      check((int) invoke(() -> (int) FOLD.invokeExact(function, model, observer, NULL)));
    }
    if (failure[0] != null) {
      throw failure[0];
    }
  }

  void setThreads(int threads) {
    MemorySegment function = symbol("ait4j_set_threads");
    check((int) invoke(() -> (int) SET_NUMBER.invokeExact(function, model, threads)));
  }

  /** Where it runs. */
  Device device() {
    return device;
  }

  void setGraphs(boolean on) {
    MemorySegment function = symbol("ait4j_set_graphs");
    int value = on ? 1 : 0;
    check((int) invoke(() -> (int) SET_NUMBER.invokeExact(function, model, value)));
  }

  void setColdProfiles(boolean on) {
    MemorySegment function = symbol("ait4j_set_cold_profiles");
    int value = on ? 1 : 0;
    check((int) invoke(() -> (int) SET_NUMBER.invokeExact(function, model, value)));
  }

  long number(String function) {
    MemorySegment symbol = symbol(function);
    return (long) invoke(() -> (long) POINTER_TO_LONG.invokeExact(symbol, model));
  }

  /**
   * @param values of each symbol; null for those that the inputs' sizes say
   */
  void run(MemorySegment values, CallFrame in, CallFrame out) {
    int result;
    try {
      result =
          (int)
              RUN.invokeExact(
                  run, model, values, in.tensors(), in.count(), out.tensors(), out.count());
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
    check(result);
  }

  /** {@link #run} of device tensors that only enqueues, on a stream. */
  void runOn(MemorySegment values, CallFrame in, CallFrame out, long stream) {
    int result;
    try {
      result =
          (int)
              RUN_ON.invokeExact(
                  runOn,
                  model,
                  values,
                  in.tensors(),
                  in.count(),
                  out.tensors(),
                  out.count(),
                  stream);
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
    check(result);
  }

  /**
   * @throws ModelException (RUN) if something failed that {@link #runOn} enqueued and that is done
   */
  void checkDone() {
    change("ait4j_check");
  }

  /** {@link #run} with each kernel timed. */
  List<KernelProfile> profile(MemorySegment values, CallFrame in, CallFrame out) {
    MemorySegment function = symbol("ait4j_profile");
    int count = (int) number("ait4j_num_kernels");
    try (Arena local = Arena.ofConfined()) {
      MemorySegment rows = local.allocate(count * 40L + 8, 8);
      check(
          (int)
              invoke(
                  () ->
                      (int)
                          PROFILE.invokeExact(
                              function,
                              model,
                              values,
                              in.tensors(),
                              in.count(),
                              out.tensors(),
                              out.count(),
                              rows)));
      List<KernelProfile> kernels = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        MemorySegment row = rows.asSlice(i * 40L, 40);
        kernels.add(
            new KernelProfile(
                row.get(ADDRESS, 0).reinterpret(Long.MAX_VALUE).getString(0),
                row.get(JAVA_LONG, 8),
                row.get(JAVA_LONG, 16),
                row.get(JAVA_LONG, 24),
                row.get(JAVA_LONG, 32)));
      }
      return kernels;
    }
  }

  private List<TensorSpec> tensors(String count, String spec) {
    MemorySegment function = symbol(spec);
    List<TensorSpec> specs = new ArrayList<>();
    try (Arena local = Arena.ofConfined()) {
      MemorySegment out = local.allocate(32, 8);
      long n = number(count);
      for (long i = 0; i < n; i++) {
        long index = i;
        check((int) invoke(() -> (int) SPEC.invokeExact(function, model, index, out)));
        int rank = out.get(JAVA_INT, 12);
        String name = out.get(ADDRESS, 0).reinterpret(Long.MAX_VALUE).getString(0);
        List<Dim> sizes = dims(name + ".size", longs(out.get(ADDRESS, 16), rank));
        List<Dim> strides = dims(name + ".stride", longs(out.get(ADDRESS, 24), rank));
        specs.add(
            new TensorSpec(name, new TensorMeta(dtype(out.get(JAVA_INT, 8)), sizes, strides)));
      }
    }
    return List.copyOf(specs);
  }

  /**
   * What differs from run to run becomes a symbol; how it follows from others the library knows.
   */
  private static List<Dim> dims(String name, long[] values) {
    List<Dim> dims = new ArrayList<>();
    for (int d = 0; d < values.length; d++) {
      dims.add(values[d] >= 0 ? Dim.of(values[d]) : Dim.symbol(name + d, 0, Dim.UNBOUNDED));
    }
    return dims;
  }

  private List<SymbolSpec> readSymbols() {
    MemorySegment function = symbol("ait4j_symbol_spec_at");
    List<SymbolSpec> specs = new ArrayList<>();
    try (Arena local = Arena.ofConfined()) {
      MemorySegment out = local.allocate(32, 8);
      long n = number("ait4j_num_symbols");
      for (long i = 0; i < n; i++) {
        long index = i;
        check((int) invoke(() -> (int) SPEC.invokeExact(function, model, index, out)));
        specs.add(
            new SymbolSpec(
                out.get(ADDRESS, 0).reinterpret(Long.MAX_VALUE).getString(0),
                out.get(JAVA_LONG, 8),
                out.get(JAVA_LONG, 16),
                out.get(JAVA_INT, 24),
                out.get(JAVA_INT, 28)));
      }
    }
    return List.copyOf(specs);
  }

  private List<ConstantInfo> readConstants() {
    MemorySegment function = symbol("ait4j_constant_spec_at");
    List<ConstantInfo> specs = new ArrayList<>();
    try (Arena local = Arena.ofConfined()) {
      MemorySegment out = local.allocate(32, 8);
      long n = number("ait4j_num_constants");
      for (long i = 0; i < n; i++) {
        long index = i;
        check((int) invoke(() -> (int) SPEC.invokeExact(function, model, index, out)));
        specs.add(
            new ConstantInfo(
                out.get(ADDRESS, 0).reinterpret(Long.MAX_VALUE).getString(0),
                dtype(out.get(JAVA_INT, 8)),
                out.get(JAVA_LONG, 16),
                ConstantInfo.Use.values()[out.get(JAVA_INT, 12)],
                out.get(JAVA_INT, 24) != 0,
                out.get(JAVA_INT, 28) != 0));
      }
    }
    return List.copyOf(specs);
  }

  private DType dtype(int code) {
    return DType.ofCode(code).orElseThrow(() -> failure("it uses the unknown dtype " + code));
  }

  private static long[] longs(MemorySegment address, int count) {
    return address.reinterpret(count * 8L).toArray(JAVA_LONG);
  }

  private void check(int result) {
    if (result != 0) {
      MemorySegment address =
          (MemorySegment) invoke(() -> (MemorySegment) ERROR.invokeExact(lastError));
      String text = address.reinterpret(Long.MAX_VALUE).getString(0);
      throw result == OF_THIS_RUN ? new LateFailures.OfThisRun(told(text)) : failure(text);
    }
  }

  private ModelException failure(String reason) {
    return new ModelException(ModelException.Kind.RUN, told(reason));
  }

  private String told(String reason) {
    return "library " + path.getFileName() + ": " + reason;
  }

  private interface Call {
    Object invoke() throws Throwable;
  }

  // Calls that run once; run() itself does without the boxing.
  private static Object invoke(Call call) {
    try {
      return call.invoke();
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    MemorySegment function = symbol("ait4j_delete");
    invoke(() -> (int) POINTER_TO_INT.invokeExact(function, model));
    arena.close();
  }
}
