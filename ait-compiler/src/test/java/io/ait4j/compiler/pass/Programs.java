package io.ait4j.compiler.pass;

import io.ait4j.compiler.convert.Converters;
import io.ait4j.compiler.ir.Expr;
import io.ait4j.compiler.ir.Kernel;
import io.ait4j.compiler.ir.LoopKernel;
import io.ait4j.compiler.ir.Program;
import io.ait4j.compiler.ir.TemplateKernel;
import io.ait4j.compiler.ir.Verifier;
import io.ait4j.fx.Arg;
import io.ait4j.fx.DType;
import io.ait4j.fx.FxGraphBuilder;
import io.ait4j.fx.TensorMeta;
import io.ait4j.fx.Weight;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;

/** Small programs as passes see them. */
final class Programs {
  private Programs() {}

  static TensorMeta floats(long... shape) {
    return TensorMeta.contiguous(DType.FLOAT32, shape);
  }

  /** What the converters make of a graph over inputs of these types. */
  static Program converted(
      List<TensorMeta> inputs, BiFunction<FxGraphBuilder, List<Arg>, List<Arg>> body) {
    FxGraphBuilder builder = new FxGraphBuilder(null);
    List<Arg> values = new ArrayList<>();
    for (TensorMeta meta : inputs) {
      values.add(builder.input("x", meta));
    }
    return run(new Converters().convert(builder.build(body.apply(builder, values))).program());
  }

  /** A weight of zeros; names tell weights apart. */
  static Arg weight(FxGraphBuilder builder, String name, long... shape) {
    TensorMeta meta = floats(shape);
    MemorySegment data = Arena.ofAuto().allocate(meta.numel().value() * 4, 64);
    return builder.attribute(new Weight(name, meta, data));
  }

  static Arg convolution(FxGraphBuilder b, Arg x, Arg weight, long pad, long groups) {
    return b.call(
        "aten::convolution",
        x,
        weight,
        Arg.NONE,
        Arg.ints(1, 1),
        Arg.ints(pad, pad),
        Arg.ints(1, 1),
        new Arg.Bool(false),
        Arg.ints(0, 0),
        new Arg.Int(groups));
  }

  /** The program after these passes, each of which must leave a legal one. */
  static Program run(Program program, Pass... passes) {
    Program current = program;
    Verifier.verify(current);
    for (Pass pass : passes) {
      current = pass.run(current);
      Verifier.verify(current);
    }
    return current;
  }

  static List<LoopKernel> loops(Program program) {
    return program.kernels().stream()
        .filter(LoopKernel.class::isInstance)
        .map(LoopKernel.class::cast)
        .toList();
  }

  static List<TemplateKernel> templates(Program program) {
    return program.kernels().stream()
        .filter(TemplateKernel.class::isInstance)
        .map(TemplateKernel.class::cast)
        .toList();
  }

  /** The only kernel that writes the output {@code i}. */
  static Kernel writerOf(Program program, int i) {
    List<Kernel> writers = program.writers().get(program.outputs().get(i));
    if (writers.size() != 1) {
      throw new AssertionError("output " + i + " has " + writers.size() + " writers");
    }
    return writers.getFirst();
  }

  /** Names of the buffers that an expression loads from, in order. */
  static List<String> loaded(Expr expr) {
    return expr.loads().stream().map(Expr.Load::buffer).toList();
  }
}
