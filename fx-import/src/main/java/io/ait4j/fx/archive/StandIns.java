package io.ait4j.fx.archive;

import io.ait4j.fx.NativeTensor;
import io.ait4j.fx.archive.PickleValue.Call;
import io.ait4j.fx.archive.PickleValue.Dict;
import io.ait4j.fx.archive.PickleValue.Global;
import io.ait4j.fx.archive.PickleValue.Int;
import io.ait4j.fx.archive.PickleValue.PersistentId;
import io.ait4j.fx.archive.PickleValue.Str;
import io.ait4j.fx.archive.PickleValue.Tuple;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Tensors of no size worth speaking of that stand for others: of their dtype and sizes, with
 * strides of 0 over a storage that says which tensor it stands for.
 */
final class StandIns {
  /** A storage: the tensor's number, from 1, and a mark that no other tensor has. */
  static final int BYTES = 16;

  private static final Global REBUILD = new Global("torch._utils", "_rebuild_tensor_v2");
  private static final PickleValue ZERO = new Int(0);

  private final long mark = new SecureRandom().nextLong();
  private final List<NativeTensor> tensors = new ArrayList<>();
  private final Map<String, byte[]> storages = new TreeMap<>();

  /**
   * The stand-in of a tensor.
   *
   * @param call how the tensor is pickled
   * @param folder where the pickle's storages are
   */
  Call of(Call call, NativeTensor tensor, String folder) throws NeedsWeights {
    Tuple storage = storage(call);
    tensors.add(tensor);
    String key = "standin" + tensors.size();
    storages.put(
        folder + key,
        ByteBuffer.allocate(BYTES)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putLong(tensors.size())
            .putLong(mark)
            .array());
    PickleValue own =
        new PersistentId(
            new Tuple(
                List.of(
                    storage.elements().get(0),
                    storage.elements().get(1),
                    new Str(key),
                    new Str("cpu"),
                    new Int(BYTES / tensor.dtype().bytes()))));
    PickleValue strides = new Tuple(Collections.nCopies(tensor.sizes().length, ZERO));
    List<PickleValue> args = call.args();
    return new Call(
        REBUILD, List.of(own, ZERO, args.get(2), strides, args.get(4), new Dict()), false);
  }

  /** What a pickled tensor says of its storage. */
  static Tuple storage(Call call) throws NeedsWeights {
    if (call.callee().equals(REBUILD)
        && call.args().size() >= 5
        && call.args().getFirst() instanceof PersistentId(PickleValue id)
        && id instanceof Tuple storage
        && storage.elements().size() >= 3) {
      return storage;
    }
    throw new NeedsWeights("one of its tensors is not plain (quantized, sparse)");
  }

  /** The storages' entries. */
  Map<String, byte[]> storages() {
    return Collections.unmodifiableMap(storages);
  }

  /** The tensor that a storage stands for; empty if it is another tensor's. */
  Optional<NativeTensor> find(ByteBuffer storage) {
    ByteBuffer bytes = storage.order(ByteOrder.LITTLE_ENDIAN);
    return bytes.remaining() == BYTES && bytes.getLong(Long.BYTES) == mark
        ? Optional.of(tensors.get(Math.toIntExact(bytes.getLong(0) - 1)))
        : Optional.empty();
  }
}
