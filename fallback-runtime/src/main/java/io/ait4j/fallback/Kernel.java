package io.ait4j.fallback;

import io.ait4j.fx.OpTarget;
import io.ait4j.fx.OperatorSchema;
import io.ait4j.fx.OperatorSchemas;
import java.util.Optional;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.pytorch.Dispatcher;
import org.bytedeco.pytorch.FunctionSchema;
import org.bytedeco.pytorch.IValueVector;
import org.bytedeco.pytorch.Operation;
import org.bytedeco.pytorch.Operator;
import org.bytedeco.pytorch.OperatorHandle;
import org.bytedeco.pytorch.OperatorHandleOptional;
import org.bytedeco.pytorch.OperatorName;
import org.bytedeco.pytorch.OperatorVector;
import org.bytedeco.pytorch.Symbol;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.DispatchKey;

/**
 * An operator of libtorch, looked up.
 *
 * @param schema by which its arguments are converted
 * @param entry takes its arguments off the stack and leaves its results there
 * @param owner what the entry refers to
 */
record Kernel(OperatorSchema schema, Entry entry, Pointer owner) {
  interface Entry {
    void call(IValueVector stack);
  }

  /** Empty if libtorch has no such operator. */
  static Optional<Kernel> find(OpTarget target) {
    // Only strides tell the two apart; reshape copies where view would refuse, which can happen if
    // a value arrives laid out otherwise than where the model was traced.
    OpTarget wanted =
        target.toString().equals("aten::view") ? OpTarget.parse("aten::reshape") : target;
    return isMereSchema(wanted)
        ? Optional.empty()
        : dispatched(wanted).or(() -> registered(wanted));
  }

  /** libtorch is told schemas that it lacks to read files that call them, which gives no kernel. */
  private static boolean isMereSchema(OpTarget target) {
    if (!OperatorSchemas.extensions().containsKey(target)) {
      return false;
    }
    try (OperatorName name = new OperatorName(target.qualifiedName(), target.overload());
        OperatorHandleOptional found = Dispatcher.singleton().findSchema(name)) {
      return found.has_value() && !found.get().hasComputedKernelForDispatchKey(DispatchKey.CPU);
    }
  }

  private static Optional<Kernel> dispatched(OpTarget target) {
    try (OperatorName name = new OperatorName(target.qualifiedName(), target.overload());
        OperatorHandleOptional found = Dispatcher.singleton().findSchema(name)) {
      if (!found.has_value()) {
        return Optional.empty();
      }
      OperatorHandle handle = new OperatorHandle(found.get());
      return Optional.of(new Kernel(schema(target, handle.schema()), handle::callBoxed, handle));
    }
  }

  /** TorchScript's own: arithmetic on numbers, lists, conversions. The dispatcher has none. */
  private static Optional<Kernel> registered(OpTarget target) {
    try (Symbol symbol = Symbol.fromQualString(target.qualifiedName());
        OperatorVector all = torch.getAllOperatorsFor(symbol)) {
      for (long i = 0; i < all.size(); i++) {
        Operator operator = all.get(i);
        if (text(operator.schema().overload_name()).equals(target.overload())
            && operator.hasOperation()) {
          Operation operation = operator.getOperation();
          return Optional.of(
              new Kernel(schema(target, operator.schema()), operation::apply, operation));
        }
      }
      return Optional.empty();
    }
  }

  /** JavaCPP gives null for an empty string. */
  private static String text(BytePointer string) {
    return string == null ? "" : string.getString();
  }

  private static OperatorSchema schema(OpTarget target, FunctionSchema schema) {
    return OperatorSchemas.find(target)
        .orElseGet(
            () -> {
              try (BytePointer text = torch.toString(schema)) {
                return OperatorSchema.parse(text.getString());
              }
            });
  }
}
