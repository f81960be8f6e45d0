package io.ait4j.fx.archive;

import io.ait4j.fx.DType;
import io.ait4j.fx.NativeTensor;
import io.ait4j.fx.archive.PickleValue.Call;
import io.ait4j.fx.archive.PickleValue.Global;
import io.ait4j.fx.archive.PickleValue.Int;
import io.ait4j.fx.archive.PickleValue.Str;
import io.ait4j.fx.archive.PickleValue.Tuple;
import java.lang.foreign.MemorySegment;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Tensors as PyTorch pickles them: calls that rebuild a view of a storage. */
final class TorchTensors {
  /** The highest rank that PyTorch's own operators take. */
  private static final int HIGHEST_RANK = 64;

  private final ZipArchive zip;
  private final String folder;
  private final Map<String, MemorySegment> records = new LinkedHashMap<>();

  /**
   * @param folder of the storages' entries, with its slash
   */
  TorchTensors(ZipArchive zip, String folder) {
    this.zip = zip;
    this.folder = folder;
  }

  Set<String> records() {
    return Collections.unmodifiableSet(records.keySet());
  }

  /** A storage as its persistent id has it; {@code type} is empty for an untyped one. */
  private record Storage(Optional<DType> type, String key, long count) {}

  /** Empty if {@code value} is no tensor. */
  Optional<NativeTensor> tensor(PickleValue value) throws Corrupt {
    if (!(value instanceof Call call)) {
      return Optional.empty();
    }
    return switch (call.callee().path()) {
      case "torch._utils._rebuild_tensor", "torch._utils._rebuild_tensor_v2" ->
          Optional.of(typed(call.args()));
      case "torch._utils._rebuild_tensor_v3" -> Optional.of(untyped(call.args()));
      case "torch._utils._rebuild_parameter", "torch._utils._rebuild_parameter_with_state" ->
          tensor(arg(call.args(), 0));
      case "torch._tensor._rebuild_from_type_v2" -> ofType(call.args());
      case String other when other.startsWith("torch._utils._rebuild_") ->
          throw new Corrupt(
              "it is stored by " + other + ": only dense, unquantized tensors with data are read");
      default -> Optional.empty();
    };
  }

  /** (storage, offset, sizes, strides, requires_grad, hooks, metadata) of a typed storage. */
  private NativeTensor typed(List<PickleValue> args) throws Corrupt {
    Storage storage = storage(arg(args, 0));
    DType dtype = storage.type().orElseThrow(() -> new Corrupt("its storage has no element type"));
    checkMetadata(args, 6);
    return view(storage, dtype, args);
  }

  /** (storage, offset, sizes, strides, requires_grad, hooks, dtype, metadata). */
  private NativeTensor untyped(List<PickleValue> args) throws Corrupt {
    if (!(arg(args, 6) instanceof Global name) || !name.module().equals("torch")) {
      throw new Corrupt("it has no element type");
    }
    checkMetadata(args, 7);
    return view(storage(arg(args, 0)), dtype(name.name()), args);
  }

  /** (function, type, its arguments, attributes): a tensor with attributes, or a subclass. */
  private Optional<NativeTensor> ofType(List<PickleValue> args) throws Corrupt {
    if (!(arg(args, 0) instanceof Global function
        && arg(args, 1) instanceof Global type
        && arg(args, 2) instanceof Tuple inner)) {
      throw new Corrupt("its description is damaged");
    }
    if (!Set.of(
            "torch._tensor.Tensor",
            "torch.Tensor",
            "torch.nn.parameter.Parameter",
            "torch.nn.parameter.Buffer")
        .contains(type.path())) {
      throw new Corrupt("it is of the tensor subclass " + type.path() + ", which is not read");
    }
    return tensor(new Call(function, inner.elements(), false));
  }

  private NativeTensor view(Storage storage, DType dtype, List<PickleValue> args) throws Corrupt {
    long offset = size(arg(args, 1));
    long[] sizes = sizes(arg(args, 2));
    long[] strides = sizes(arg(args, 3));
    if (sizes.length != strides.length || sizes.length > HIGHEST_RANK) {
      throw new Corrupt("it has %d sizes and %d strides".formatted(sizes.length, strides.length));
    }
    try {
      return NativeTensor.view(data(storage), dtype, sizes, strides, offset);
    } catch (IllegalArgumentException e) {
      throw new Corrupt(e.getMessage());
    }
  }

  private MemorySegment data(Storage storage) throws Corrupt {
    String record = folder + storage.key();
    if (!zip.has(record)) {
      if (storage.count() == 0) {
        return MemorySegment.NULL;
      }
      throw new Corrupt("its storage, entry '" + record + "', is missing");
    }
    MemorySegment data = records.computeIfAbsent(record, zip::storage);
    long unit = storage.type().map(DType::bytes).orElse(1);
    if (storage.count() > data.byteSize() / unit) {
      throw new Corrupt(
          "its storage should have %d elements of %d bytes, but entry '%s' has %d bytes"
              .formatted(storage.count(), unit, record, data.byteSize()));
    }
    return data;
  }

  /** ("storage", type, key, device, number of elements). */
  private static Storage storage(PickleValue value) throws Corrupt {
    if (!(value instanceof PickleValue.PersistentId(PickleValue id)
        && id instanceof Tuple parts
        && parts.elements().size() >= 5
        && parts.elements().get(0) instanceof Str(String tag)
        && tag.equals("storage")
        && parts.elements().get(1) instanceof Global type
        && parts.elements().get(2) instanceof Str(String key))) {
      throw new Corrupt("its storage is not described as torch.save does");
    }
    long count = size(parts.elements().get(4));
    if (type.name().equals("UntypedStorage")) {
      return new Storage(Optional.empty(), key, count);
    }
    return new Storage(Optional.of(dtype(scalarName(type.name()))), key, count);
  }

  private static DType dtype(String name) throws Corrupt {
    return DType.ofTorchName(name)
        .orElseThrow(() -> new Corrupt("its element type " + name + " is not supported"));
  }

  /** PyTorch's name for the elements of a typed storage. */
  private static String scalarName(String storage) {
    return switch (storage) {
      case "DoubleStorage" -> "float64";
      case "FloatStorage" -> "float32";
      case "HalfStorage" -> "float16";
      case "BFloat16Storage" -> "bfloat16";
      case "LongStorage" -> "int64";
      case "IntStorage" -> "int32";
      case "ShortStorage" -> "int16";
      case "CharStorage" -> "int8";
      case "ByteStorage" -> "uint8";
      case "BoolStorage" -> "bool";
      case "ComplexFloatStorage" -> "complex64";
      case "ComplexDoubleStorage" -> "complex128";
      default -> storage;
    };
  }

  private static void checkMetadata(List<PickleValue> args, int place) throws Corrupt {
    if (args.size() > place && args.get(place) instanceof PickleValue.Dict marks) {
      for (PickleValue.Entry mark : marks.entries()) {
        if (mark.key() instanceof Str(String name)
            && mark.value() instanceof PickleValue.Bool(boolean set)
            && set) {
          throw new Corrupt(
              "it is a lazy view ('" + name + "'); save it after resolve_" + name + "()");
        }
      }
    }
  }

  private static long[] sizes(PickleValue value) throws Corrupt {
    List<PickleValue> elements =
        switch (value) {
          case Tuple tuple -> tuple.elements();
          case PickleValue.List list -> list.elements();
          case Call call
              when call.callee().path().equals("torch.Size")
                  && call.args().size() == 1
                  && call.args().getFirst() instanceof Tuple tuple ->
              tuple.elements();
          default -> throw new Corrupt("its sizes are not numbers");
        };
    long[] sizes = new long[elements.size()];
    for (int i = 0; i < sizes.length; i++) {
      sizes[i] = size(elements.get(i));
    }
    return sizes;
  }

  private static long size(PickleValue value) throws Corrupt {
    if (value instanceof Int(long size) && size >= 0) {
      return size;
    }
    throw new Corrupt("one of its sizes, strides or offsets is not a number from 0 up");
  }

  private static PickleValue arg(List<PickleValue> args, int place) throws Corrupt {
    if (place >= args.size()) {
      throw new Corrupt("its description is incomplete");
    }
    return args.get(place);
  }
}
