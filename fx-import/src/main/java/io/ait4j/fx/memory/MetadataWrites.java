package io.ait4j.fx.memory;

import io.ait4j.fx.Arg;
import io.ait4j.fx.OpTarget;
import io.ait4j.fx.OperatorSchema;
import java.util.List;
import java.util.Set;

/** Operators in place that change how a tensor looks at its memory and leave the memory alone. */
final class MetadataWrites {
  private static final Set<String> NAMES =
      Set.of("unsqueeze_", "squeeze_", "transpose_", "t_", "swapaxes_", "swapdims_");

  private MetadataWrites() {}

  /** True if {@code target} is one of them; then {@code ref} is the new view. */
  static boolean apply(
      Context context, Aliasing aliasing, OpTarget target, TensorRef ref, List<Arg> args) {
    if (!NAMES.contains(target.name())) {
      return false;
    }
    String name = target.name().substring(0, target.name().length() - 1);
    String overload = name.equals("transpose") ? "int" : target.overload();
    OpTarget view = new OpTarget(target.namespace(), name, overload);
    OperatorSchema schema = context.builder().schema(view);
    List<Arg> results = context.builder().emit(view, args, context.source);
    TensorRef seen =
        aliasing
            .wrap(schema, List.of(List.of(ref)), args, results)
            .getFirst()
            .tensor()
            .orElseThrow(() -> context.refuse(target + " of a tensor of unknown shape"));
    rebind(context, ref, seen);
    return true;
  }

  /** Makes a tensor look at what another looks at. */
  static void rebind(Context context, TensorRef ref, TensorRef seen) {
    if (ref.chain.isEmpty() && ref.storage.owner != Storage.Owner.GRAPH) {
      throw context.refuse(
          "'"
              + ref.storage.name
              + "' is given another shape, which is its owner's; make a view or"
              + " a new tensor instead");
    }
    Storage storage = ref.storage;
    List<TensorRef.View> chain = ref.chain;
    Arg.Value value = ref.value;
    long version = ref.version;
    context.beforeChange(
        0,
        () -> {
          ref.storage = storage;
          ref.chain = chain;
          ref.value = value;
          ref.version = version;
        });
    ref.storage = seen.storage;
    ref.chain = seen.chain;
    ref.value = seen.value;
    ref.version = seen.version;
  }
}
