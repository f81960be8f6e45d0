package io.ait4j.examples.soak;

import io.ait4j.fx.DType;
import io.ait4j.fx.ModelException;
import io.ait4j.fx.NativeTensor;
import io.ait4j.fx.TensorExchange;
import io.ait4j.lower.LoweredModule;
import io.ait4j.lower.Session;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A kind of request; each run of one checks what it gets. */
interface Request {
  /**
   * @param number tells one run from another
   */
  void run(int number) throws Exception;

  /** Results in an arena of the request's. */
  static Request inArena(Recorded model) {
    return number -> {
      try (Arena arena = Arena.ofConfined()) {
        model.check(model.module().run(model.inputs(), arena));
      }
    };
  }

  /** Results in tensors of the request's. */
  static Request inTensors(Recorded model) {
    return number -> {
      try (Arena arena = Arena.ofConfined()) {
        List<NativeTensor> outputs = model.empty(arena);
        model.module().run(model.inputs(), outputs);
        model.check(outputs);
      }
    };
  }

  /** Inputs on the Java heap. */
  static Request onHeap(Recorded model) {
    return number -> {
      List<NativeTensor> inputs = new ArrayList<>();
      for (NativeTensor input : model.inputs()) {
        MemorySegment heap =
            MemorySegment.ofArray(new long[Math.ceilDiv((int) input.reachBytes(), 8)]);
        heap.asSlice(0, input.reachBytes()).copyFrom(input.data().asSlice(0, input.reachBytes()));
        inputs.add(new NativeTensor(input.dtype(), input.sizes(), input.strides(), heap));
      }
      try (Arena arena = Arena.ofConfined()) {
        model.check(model.module().run(inputs, arena));
      }
    };
  }

  /** Another library's tensors in and out. */
  static <T> Request exchanged(Recorded model, TensorExchange<T> exchange) {
    return number -> {
      try (Arena arena = Arena.ofShared()) {
        List<T> inputs =
            model.inputs().stream()
                .map(input -> exchange.hand(Recorded.copy(input, arena), () -> {}))
                .toList();
        List<T> outputs = model.module().forward(inputs, exchange);
        model.check(outputs.stream().map(exchange::view).toList());
        outputs.forEach(exchange::release);
        inputs.forEach(exchange::release);
      }
    };
  }

  /** Two at once, on other threads. */
  static Request asynchronous(Recorded model) {
    return number -> {
      try (Arena arena = Arena.ofShared()) {
        var first = model.module().runAsync(model.inputs(), arena);
        var second = model.module().runAsync(model.inputs(), arena);
        model.check(first.get());
        model.check(second.get());
      }
    };
  }

  /** A session of three runs, each beginning where the last ended. */
  static Request session(LoweredModule accumulator) {
    return number -> {
      try (Arena arena = Arena.ofConfined();
          Session session = accumulator.session()) {
        NativeTensor step = SmallModels.filled(8, number % 100, arena);
        for (int i = 1; i <= 3; i++) {
          SmallModels.check(session.run(List.of(step), arena).getFirst(), i * (number % 100));
        }
      }
    };
  }

  /** A size that differs from request to request. */
  static Request dynamic(LoweredModule negative) {
    return number -> {
      try (Arena arena = Arena.ofConfined()) {
        int rows = 1 + number % SmallModels.MOST_ROWS;
        NativeTensor x = SmallModels.filled(rows, number % 7, arena);
        SmallModels.check(negative.run(List.of(x), arena).getFirst(), -(number % 7));
      }
    };
  }

  /** Weights that change while others run: each run reads one value of them. */
  static Request weights(LoweredModule shifted) {
    return number -> {
      try (Arena arena = Arena.ofConfined()) {
        NativeTensor value = SmallModels.filled(8, number % 100, arena);
        if (number % 3 == 0) {
          shifted.setWeights(Map.of("w", value));
        } else {
          NativeTensor sum = shifted.run(List.of(value), arena).getFirst();
          SmallModels.check(sum, sum.data().get(ValueLayout.JAVA_FLOAT, 0));
        }
      }
    };
  }

  /** An input that the model does not take. */
  static Request refused(Recorded model) {
    return number -> {
      try (Arena arena = Arena.ofConfined()) {
        NativeTensor wrong =
            NativeTensor.contiguous(DType.INT16, new long[] {3}, arena.allocate(6, 64));
        requireFailure(ModelException.Kind.USAGE, () -> model.module().run(List.of(wrong), arena));
      }
    };
  }

  /** An index out of range, which only the run finds. */
  static Request failing(Recorded model) {
    return number -> {
      try (Arena arena = Arena.ofConfined()) {
        List<NativeTensor> inputs = new ArrayList<>(model.inputs());
        inputs.set(0, Recorded.copy(inputs.getFirst(), arena));
        inputs.getFirst().data().asSlice(0, 8).fill((byte) 0x7f);
        requireFailure(ModelException.Kind.RUN, () -> model.module().run(inputs, arena));
      }
    };
  }

  /** A module of its own, loaded, run and closed. */
  static Request loaded(Recorded model) {
    return number -> {
      try (Arena arena = Arena.ofConfined();
          LoweredModule module = LoweredModule.load(model.file())) {
        model.check(module.run(model.inputs(), arena));
      }
    };
  }

  private static void requireFailure(ModelException.Kind kind, Runnable run) {
    try {
      run.run();
    } catch (ModelException e) {
      if (e.kind() == kind) {
        return;
      }
      throw e;
    }
    throw new AssertionError("nothing was wrong");
  }
}
