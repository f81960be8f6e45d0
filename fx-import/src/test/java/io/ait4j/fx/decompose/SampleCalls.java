package io.ait4j.fx.decompose;

import io.ait4j.fx.Arg;
import io.ait4j.fx.DType;
import io.ait4j.fx.FxGraph;
import io.ait4j.fx.FxGraphBuilder;
import io.ait4j.fx.FxNode;
import io.ait4j.fx.ModelException;
import io.ait4j.fx.OpTarget;
import io.ait4j.fx.OperatorSchema;
import io.ait4j.fx.OperatorSchemas;
import io.ait4j.fx.SchemaType;
import io.ait4j.fx.TensorMeta;
import io.ait4j.fx.Typer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a decomposition emits, found by calling it with arguments of many kinds, made from its
 * operator's schema: those that do not fit are refused and do not count.
 */
final class SampleCalls {
  private static final int TRIES = 3000;

  /** Accepted calls without news after which there will be none. */
  private static final int ENOUGH = 60;

  private static final List<String> TEXTS =
      List.of(
          "ij,jk->ik",
          "bij,bjk->bik",
          "constant",
          "reflect",
          "replicate",
          "circular",
          "same",
          "valid",
          "ij",
          "xy",
          "fro",
          "none",
          "floor");

  private final OpTarget target;
  private final OperatorSchema schema;
  private final Random random;
  private FxGraphBuilder builder;
  private int rank;
  private int gates;
  private Arg last;

  /**
   * @param accepted how many calls the decomposition took
   * @param targets of all nodes that it emitted for them
   * @param passes whether some call emitted nothing: its result is an argument or a constant
   */
  record Emitted(int accepted, Set<String> targets, boolean passes) {}

  private SampleCalls(OpTarget target) {
    this.target = target;
    this.schema = OperatorSchemas.find(target).orElseThrow();
    this.random = new Random(target.toString().hashCode());
  }

  static Emitted of(OpTarget target) {
    return new SampleCalls(target).emitted();
  }

  private Emitted emitted() {
    Set<String> targets = new TreeSet<>();
    int accepted = 0;
    boolean passes = false;
    int stale = 0;
    for (int i = 0; i < TRIES && stale < ENOUGH; i++) {
      builder = new FxGraphBuilder(Typer.NONE);
      rank = random.nextInt(6);
      gates = 1 + random.nextInt(4);
      last = null;
      List<Arg> args = schema.parameters().stream().map(this::arg).toList();
      try {
        FxGraph graph = builder.build(builder.emit(target, args, ""));
        int known = targets.size();
        boolean passed = passes;
        graph.nodes().stream().map(FxNode::target).forEach(t -> targets.add(t.toString()));
        passes |= graph.nodes().isEmpty();
        accepted++;
        stale = targets.size() > known || passes != passed ? 0 : stale + 1;
      } catch (ModelException e) {
        // Not a call of this operator.
      }
    }
    return new Emitted(accepted, targets, passes);
  }

  private Arg arg(OperatorSchema.Parameter parameter) {
    if (parameter.type().optional() && random.nextBoolean()) {
      return Arg.NONE;
    }
    if (parameter.defaultValue().isPresent() && random.nextBoolean()) {
      return parameter.defaultValue().get();
    }
    return arg(parameter.name(), parameter.type());
  }

  private Arg arg(String name, SchemaType type) {
    if (type.isList()) {
      int usual = random.nextBoolean() ? 2 : random.nextInt(5);
      int length = type.length() > 0 ? type.length() : usual;
      Arg[] elements = new Arg[length];
      Arrays.setAll(elements, i -> arg(name, type.element()));
      return new Arg.Sequence(List.of(elements));
    }
    return switch (type.base()) {
      case "Tensor" -> tensor(name);
      case "int", "SymInt" ->
          new Arg.Int(random.nextBoolean() ? 1 : List.of(0L, 2L, 4L, -1L).get(random.nextInt(4)));
      case "bool" -> new Arg.Bool(random.nextBoolean());
      case "float" -> new Arg.Float(List.of(0.0, 0.5, 2.0).get(random.nextInt(3)));
      case "Scalar" -> random.nextBoolean() ? new Arg.Int(2) : new Arg.Float(0.5);
      case "str" -> new Arg.Str(TEXTS.get(random.nextInt(TEXTS.size())));
      case "ScalarType" -> new Arg.Type(DType.FLOAT32);
      case "MemoryFormat" -> new Arg.MemoryFormat("contiguous_format");
      case "Device" -> new Arg.Device("cpu");
      case "Layout" -> new Arg.Layout("strided");
      default -> Arg.NONE;
    };
  }

  /** All sizes are 4 or, now and then, 3, so that many tensors fit each other. */
  private Arg tensor(String name) {
    if (last != null && random.nextInt(5) == 0) {
      return last;
    }
    boolean vector = name.matches("weight|bias|running_.*") && random.nextBoolean();
    int dims = vector ? 1 : random.nextInt(4) == 0 ? random.nextInt(6) : rank;
    long size = random.nextInt(6) == 0 ? 3 : 4;
    long[] shape = new long[dims];
    Arrays.fill(shape, size);
    if (name.matches("([wb]|qkv)_.*")) { // gates and projections lie one below the other
      shape = name.contains("w") ? new long[] {4L * gates, 4} : new long[] {4L * gates};
    }
    boolean indices = name.matches("index|indices|self") && random.nextInt(3) == 0;
    DType floating = random.nextInt(12) == 0 ? DType.COMPLEX64 : DType.FLOAT32;
    DType dtype = indices ? DType.INT64 : floating;
    TensorMeta meta = TensorMeta.contiguous(dtype, shape);
    if (shape.length == dims && dims >= 2 && random.nextInt(3) == 0) {
      List<io.ait4j.fx.Dim> strides = new ArrayList<>(meta.strides());
      java.util.Collections.swap(strides, dims - 1, dims - 2);
      meta = new TensorMeta(dtype, meta.shape(), strides);
    }
    last = builder.input("x", meta);
    return last;
  }
}
