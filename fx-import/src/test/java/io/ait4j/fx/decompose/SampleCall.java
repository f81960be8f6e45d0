package io.ait4j.fx.decompose;

import io.ait4j.fx.Arg;
import io.ait4j.fx.DType;
import io.ait4j.fx.Dim;
import io.ait4j.fx.FxGraph;
import io.ait4j.fx.FxGraphBuilder;
import io.ait4j.fx.OpTarget;
import io.ait4j.fx.OperatorSchema;
import io.ait4j.fx.SchemaType;
import io.ait4j.fx.TensorMeta;
import io.ait4j.fx.Typer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;

/**
 * A call of an operator with arguments made from its schema at random, which it may well refuse.
 *
 * @param inputs the tensors, which arguments call x0, x1...
 */
record SampleCall(OpTarget target, List<TensorMeta> inputs, List<Arg> args) {

  static SampleCall of(OperatorSchema schema, Random random) {
    Maker maker = new Maker(random);
    List<Arg> args = schema.parameters().stream().map(maker::arg).toList();
    return new SampleCall(schema.target(), maker.inputs, args);
  }

  /** The graph that the call becomes, its sizes replaced; throws what the builder throws. */
  FxGraph emitted(UnaryOperator<Dim> sizes) {
    FxGraphBuilder builder = new FxGraphBuilder(Typer.NONE);
    for (TensorMeta input : inputs) {
      builder.input(
          "x",
          new TensorMeta(
              input.dtype(),
              input.shape().stream().map(sizes).toList(),
              input.strides().stream().map(sizes).toList()));
    }
    return builder.build(builder.emit(target, args, ""));
  }

  private static final class Maker {
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

    private final Random random;
    private final int rank;
    private final int gates;
    private final List<TensorMeta> inputs = new ArrayList<>();

    Maker(Random random) {
      this.random = random;
      this.rank = random.nextInt(6);
      this.gates = 1 + random.nextInt(4);
    }

    Arg arg(OperatorSchema.Parameter parameter) {
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
        Arg[] elements = new Arg[type.length() > 0 ? type.length() : usual];
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
      if (inputs.isEmpty() || random.nextInt(5) > 0) {
        inputs.add(meta(name));
      }
      int last = inputs.size() - 1;
      return new Arg.Value(last == 0 ? "x" : "x_" + last);
    }

    private TensorMeta meta(String name) {
      boolean vector = name.matches("weight|bias|running_.*") && random.nextBoolean();
      int dims = vector ? 1 : random.nextInt(4) == 0 ? random.nextInt(6) : rank;
      long[] shape = new long[dims];
      Arrays.fill(shape, random.nextInt(6) == 0 ? 3 : 4);
      if (name.matches("([wb]|qkv)_.*")) { // gates and projections lie one below the other
        shape = name.contains("w") ? new long[] {4L * gates, 4} : new long[] {4L * gates};
      }
      boolean indices = name.matches("index|indices|self") && random.nextInt(3) == 0;
      DType floating = random.nextInt(12) == 0 ? DType.COMPLEX64 : DType.FLOAT32;
      TensorMeta meta = TensorMeta.contiguous(indices ? DType.INT64 : floating, shape);
      if (shape.length < 2 || random.nextInt(3) > 0) {
        return meta;
      }
      List<Dim> strides = new ArrayList<>(meta.strides());
      List<Dim> sizes = new ArrayList<>(meta.shape());
      Collections.swap(strides, shape.length - 1, shape.length - 2);
      Collections.swap(sizes, shape.length - 1, shape.length - 2);
      return new TensorMeta(meta.dtype(), sizes, strides);
    }
  }
}
