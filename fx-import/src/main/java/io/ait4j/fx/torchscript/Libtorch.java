package io.ait4j.fx.torchscript;

import io.ait4j.fx.ModelException;
import io.ait4j.fx.OpTarget;
import io.ait4j.fx.OperatorSchema;
import io.ait4j.fx.RefusedOperators;
import java.util.List;
import java.util.Optional;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.pytorch.Argument;
import org.bytedeco.pytorch.FunctionSchema;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.IValueVector;
import org.bytedeco.pytorch.Operator;
import org.bytedeco.pytorch.OperatorName;
import org.bytedeco.pytorch.SizeTOptional;
import org.bytedeco.pytorch.StringOptional;
import org.bytedeco.pytorch.global.torch;

/** libtorch's registry of operators. */
final class Libtorch {
  private Libtorch() {}

  /** Runs an operator on complete arguments in schema order; its results in order. */
  static IValue[] run(OpTarget target, List<IValue> args) {
    RefusedOperators.check(target, "");
    Operator operator =
        find(target)
            .orElseThrow(() -> new IllegalArgumentException("libtorch has no operator " + target));
    IValueVector stack = new IValueVector();
    args.forEach(stack::push_back);
    try {
      operator.getOperation().apply(stack);
    } catch (RuntimeException e) {
      throw new ModelException(
          ModelException.Kind.IMPORT, firstLine(String.valueOf(e.getMessage())), e);
    }
    IValue[] results = new IValue[(int) stack.size()];
    for (int i = 0; i < results.length; i++) {
      results[i] = stack.get(i);
    }
    return results;
  }

  static Optional<OperatorSchema> schema(OpTarget target) {
    return find(target).map(operator -> OperatorSchema.parse(text(operator.schema())));
  }

  /** The schema in libtorch's notation; its only printer in reach is that of an error message. */
  static String text(FunctionSchema schema) {
    Argument any = schema.arguments() != null ? schema.arguments() : schema.returns();
    if (any == null) {
      return schema.name().getString() + "(...) -> ()";
    }
    String message =
        schema.formatTypeMismatchMsg(any, "", new SizeTOptional(), new StringOptional());
    String mark = "Declaration: ";
    return message.substring(message.indexOf(mark) + mark.length()).strip();
  }

  private static Optional<Operator> find(OpTarget target) {
    Operator operator =
        torch.findOperatorFor(new OperatorName(target.qualifiedName(), target.overload()));
    return operator == null || operator.isNull() ? Optional.empty() : Optional.of(operator);
  }

  /** libtorch's messages go on with C++ stack traces. */
  static String firstLine(String message) {
    int end = message.indexOf("Exception raised from");
    String text = (end < 0 ? message : message.substring(0, end)).strip();
    int newline = text.indexOf('\n');
    return newline < 0 ? text : text.substring(0, newline);
  }

  /** JavaCPP gives null for an empty {@code std::string}. */
  static String string(BytePointer text) {
    return text == null ? "" : text.getString();
  }

  static boolean isNull(Pointer pointer) {
    return pointer == null || pointer.isNull();
  }
}
