package io.ait4j.web.infer;

import io.ait4j.fx.DType;
import io.ait4j.fx.Dim;
import io.ait4j.fx.ModelException;
import io.ait4j.fx.NativeTensor;
import io.ait4j.fx.RowMajorCopy;
import io.ait4j.fx.TensorMeta;
import io.ait4j.lower.LoweredModule;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/** The model in a worker process: runs requests from one area of shared memory into another. */
final class WorkerModule {
  private final LoweredModule module;
  private final ModelDescription description;
  private final MemorySegment inputArea;
  private final MemorySegment outputArea;
  private final FreeList outputSpace;

  WorkerModule(
      LoweredModule module,
      ModelDescription description,
      MemorySegment inputArea,
      MemorySegment outputArea) {
    this.module = module;
    this.description = description;
    this.inputArea = inputArea;
    this.outputArea = outputArea;
    this.outputSpace = new FreeList(outputArea.byteSize());
  }

  void free(List<Long> offsets) {
    offsets.forEach(outputSpace::give);
  }

  /** Runs one request, or several as a batch; one that is at fault leaves the others alone. */
  Messages.Report.Done run(Messages.Order.Run run) {
    long start = System.nanoTime();
    List<List<NativeTensor>> requests = run.requests().stream().map(this::inputs).toList();
    List<Messages.Outcome> outcomes = requests.size() > 1 ? together(requests) : List.of();
    if (outcomes.isEmpty()) {
      outcomes = requests.stream().map(this::alone).toList();
    }
    return new Messages.Report.Done(run.id(), outcomes, System.nanoTime() - start);
  }

  private List<NativeTensor> inputs(List<TensorPlace> places) {
    List<NativeTensor> tensors = new ArrayList<>();
    for (int i = 0; i < places.size(); i++) {
      TensorDescription input = description.inputs().get(i);
      TensorPlace place = places.get(i);
      tensors.add(
          NativeTensor.contiguous(
              input.datatype().dtype(),
              place.sizes(),
              inputArea.asSlice(place.offset(), input.bytes(place.sizes()))));
    }
    return tensors;
  }

  private Messages.Outcome alone(List<NativeTensor> inputs) {
    List<Long> taken = new ArrayList<>();
    try (Arena arena = Arena.ofShared()) {
      List<NativeTensor> outputs = known(module.sizes(inputs), taken);
      if (outputs.isEmpty()) {
        outputs = copies(checked(module.run(inputs, arena)), taken);
      } else {
        module.run(inputs, outputs);
      }
      return places(outputs, taken);
    } catch (ModelException e) {
      taken.forEach(outputSpace::give);
      return new Messages.Outcome.Failed(e.kind(), e.getMessage());
    } catch (RuntimeException | Error e) {
      taken.forEach(outputSpace::give);
      return new Messages.Outcome.Failed(ModelException.Kind.RUN, e.toString());
    }
  }

  /** Nothing if some request, or the room there is, is at fault. */
  private List<Messages.Outcome> together(List<List<NativeTensor>> requests) {
    List<Long> taken = new ArrayList<>();
    try (Arena arena = Arena.ofShared()) {
      List<NativeTensor> inputs = Rows.join(requests, arena);
      Map<String, Long> sizes = module.sizes(inputs);
      List<NativeTensor> outputs = new ArrayList<>();
      for (var type : module.outputTypes()) {
        outputs.add(tensor(type.orElseThrow(), sizes, arena));
      }
      module.run(inputs, outputs);
      List<Messages.Outcome> outcomes = new ArrayList<>();
      long row = 0;
      for (List<NativeTensor> request : requests) {
        long rows = request.getFirst().sizes()[0];
        List<Long> mine = new ArrayList<>();
        List<NativeTensor> given = copies(Rows.of(outputs, row, rows), mine);
        taken.addAll(mine);
        outcomes.add(places(given, mine));
        row += rows;
      }
      return outcomes;
    } catch (RuntimeException | Error e) {
      taken.forEach(outputSpace::give);
      return List.of();
    }
  }

  private static NativeTensor tensor(TensorMeta type, Map<String, Long> sizes, Arena arena) {
    long[] shape = type.sizes(sizes);
    long bytes = NativeTensor.reach(shape, NativeTensor.contiguousStrides(shape));
    return NativeTensor.contiguous(
        type.dtype(), shape, arena.allocate(Math.max(1, bytes * type.dtype().bytes()), 64));
  }

  /** Outputs in the shared area; none if only a run tells what they are. */
  private List<NativeTensor> known(Map<String, Long> sizes, List<Long> taken) {
    List<NativeTensor> outputs = new ArrayList<>();
    for (var type : module.outputTypes()) {
      if (type.isEmpty() || !isKnown(type.get(), sizes)) {
        return List.of();
      }
    }
    for (var type : module.outputTypes()) {
      outputs.add(shared(type.get().dtype(), type.get().sizes(sizes), taken));
    }
    return outputs;
  }

  private static boolean isKnown(TensorMeta type, Map<String, Long> sizes) {
    return type.shape().stream()
        .flatMap(size -> size.symbols().stream())
        .map(Dim.Symbol::name)
        .allMatch(sizes::containsKey);
  }

  /** The server counts bytes by the types that it was told. */
  private List<NativeTensor> checked(List<NativeTensor> outputs) {
    for (int i = 0; i < outputs.size(); i++) {
      TensorDescription type = description.outputs().get(i);
      if (outputs.get(i).dtype() != type.datatype().dtype()) {
        throw new ModelException(
            ModelException.Kind.RUN,
            "output '%s' is %s now and was %s before"
                .formatted(type.name(), outputs.get(i).dtype().torchName(), type.datatype()));
      }
    }
    return outputs;
  }

  private List<NativeTensor> copies(List<NativeTensor> tensors, List<Long> taken) {
    List<NativeTensor> copies = new ArrayList<>();
    for (NativeTensor tensor : tensors) {
      NativeTensor copy = shared(tensor.dtype(), tensor.sizes(), taken);
      RowMajorCopy.copy(tensor, copy.data());
      copies.add(copy);
    }
    return copies;
  }

  private NativeTensor shared(DType dtype, long[] sizes, List<Long> taken) {
    long bytes = dtype.bytes() * NativeTensor.reach(sizes, NativeTensor.contiguousStrides(sizes));
    OptionalLong offset = outputSpace.take(bytes);
    if (offset.isEmpty()) {
      throw new ModelException(
          ModelException.Kind.IO,
          outputSpace.canHold(bytes)
              ? "outputs that nobody has read yet leave no room; try again"
              : "an output of %d bytes is larger than the %d that a worker shares with the server"
                  .formatted(bytes, outputArea.byteSize()));
    }
    taken.add(offset.getAsLong());
    return NativeTensor.contiguous(
        dtype, sizes, outputArea.asSlice(offset.getAsLong(), Math.max(1, bytes)));
  }

  private static Messages.Outcome places(List<NativeTensor> outputs, List<Long> taken) {
    List<TensorPlace> places = new ArrayList<>();
    for (int i = 0; i < outputs.size(); i++) {
      places.add(new TensorPlace(outputs.get(i).sizes(), taken.get(i)));
    }
    return new Messages.Outcome.Outputs(places);
  }
}
