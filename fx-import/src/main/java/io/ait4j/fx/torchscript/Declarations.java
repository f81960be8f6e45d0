package io.ait4j.fx.torchscript;

import io.ait4j.fx.OpTarget;
import io.ait4j.fx.OperatorSchemas;
import java.util.HashMap;
import java.util.Map;
import org.bytedeco.pytorch.Dispatcher;
import org.bytedeco.pytorch.FunctionSchema;
import org.bytedeco.pytorch.RegistrationHandleRAII;
import org.bytedeco.pytorch.global.torch;

/**
 * Tells libtorch the schemas of operators that it lacks and we know, so that it loads files that
 * call them. It cannot run them: that is the compiler's.
 */
final class Declarations {
  /** What libtorch forgets a schema by, when it is freed. */
  private static final Map<OpTarget, RegistrationHandleRAII> MADE = new HashMap<>();

  private Declarations() {}

  static synchronized void make() {
    OperatorSchemas.extensions()
        .forEach(
            (target, line) -> {
              if (!MADE.containsKey(target) && Libtorch.schema(target).isEmpty()) {
                declare(target, line);
              }
            });
  }

  private static void declare(OpTarget target, String line) {
    try (FunctionSchema schema = torch.parseSchema(line)) {
      RegistrationHandleRAII handle = Dispatcher.singleton().registerDef(schema, "ait4j");
      handle.retainReference();
      MADE.put(target, handle);
    } catch (RuntimeException e) {
      // Not a schema to libtorch: a file that calls the operator is refused by its name.
    }
  }
}
