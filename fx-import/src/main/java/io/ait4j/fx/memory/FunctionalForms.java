package io.ait4j.fx.memory;

import io.ait4j.fx.Arg;
import io.ait4j.fx.Dim;
import io.ait4j.fx.OpTarget;
import io.ait4j.fx.OperatorSchema;
import io.ait4j.fx.OperatorSchemas;
import io.ait4j.fx.SchemaType;
import io.ait4j.fx.TensorMeta;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** What an operator would write, as operators say it that write nothing. */
final class FunctionalForms {
  private static final Set<String> RESHAPING =
      Set.of("set_", "resize_", "resize_as_", "_resize_output_");

  private final Context context;

  FunctionalForms(Context context) {
    this.context = context;
  }

  /**
   * The new content of the first argument of an operator that writes it in place.
   *
   * @param self the argument's type, null if unknown
   */
  Arg inPlace(OperatorSchema schema, List<Arg> args, TensorMeta self) {
    String name = schema.target().name();
    if (RESHAPING.contains(name)) {
      throw context.refuse(
          schema.target()
              + " changes the memory of a tensor and not its content only, not supported; make a"
              + " new tensor instead");
    }
    if (self != null) {
      if (name.equals("zero_") || name.equals("fill_") || name.equals("copy_")) {
        Arg fill = name.equals("zero_") ? new Arg.Int(0) : args.get(1);
        return fill instanceof Arg.Value && name.equals("copy_")
            ? copied(fill, self)
            : fill instanceof Arg.Value ? renamed(schema, args) : filled(self.shape(), fill, self);
      }
      if (name.equals("fill_diagonal_")) {
        return diagonalFilled(schema, args, self);
      }
    }
    return renamed(schema, args);
  }

  /** The operator whose results {@code schema} writes to the arguments at {@code written}. */
  List<Arg> out(OperatorSchema schema, List<Integer> written, List<Arg> args) {
    List<OperatorSchema.Parameter> read = new ArrayList<>();
    List<Arg> given = new ArrayList<>();
    for (int i = 0; i < args.size(); i++) {
      if (!written.contains(i)) {
        read.add(schema.parameters().get(i));
        given.add(args.get(i));
      }
    }
    for (OperatorSchema form : OperatorSchemas.overloads(schema.target().qualifiedName())) {
      if (!form.mutates()
          && form.returns().size() == written.size()
          && sameTypes(form.parameters(), read)) {
        return emit(form.target(), given);
      }
    }
    throw none(schema);
  }

  private Arg filled(List<Dim> shape, Arg fill, TensorMeta self) {
    return emit(
            new OpTarget("aten", "full", ""),
            List.of(Arg.ofDims(shape), fill, new Arg.Type(self.dtype())))
        .getFirst();
  }

  private Arg copied(Arg source, TensorMeta self) {
    TensorMeta from = context.typed(source);
    Arg value = source;
    if (from == null || from.dtype() != self.dtype()) {
      value =
          emit(new OpTarget("aten", "to", "dtype"), List.of(value, new Arg.Type(self.dtype())))
              .getFirst();
    }
    return from != null && from.shape().equals(self.shape())
        ? value
        : emit(new OpTarget("aten", "expand", ""), List.of(value, Arg.ofDims(self.shape())))
            .getFirst();
  }

  private Arg diagonalFilled(OperatorSchema schema, List<Arg> args, TensorMeta self) {
    if (self.rank() != 2 || args.get(2).equals(new Arg.Bool(true))) {
      throw none(schema);
    }
    Dim length = self.shape().get(0).min(self.shape().get(1));
    return emit(
            new OpTarget("aten", "diagonal_scatter", ""),
            List.of(args.getFirst(), filled(List.of(length), args.get(1), self)))
        .getFirst();
  }

  /** The operator of the same name less the underscore, or what PyTorch calls it instead. */
  private Arg renamed(OperatorSchema schema, List<Arg> args) {
    OpTarget target = schema.target();
    String name = target.name();
    boolean isAugmented = name.startsWith("__i") && name.endsWith("__");
    if (!isAugmented && !name.endsWith("_")) {
      throw none(schema);
    }
    String plain = isAugmented ? "__" + name.substring(3) : name.substring(0, name.length() - 1);
    OpTarget form =
        switch (target.toString()) {
          case "aten::pow_.Scalar", "aten::float_power_.Scalar" ->
              new OpTarget("aten", plain, "Tensor_Scalar");
          case "aten::pow_.Tensor", "aten::float_power_.Tensor" ->
              new OpTarget("aten", plain, "Tensor_Tensor");
          case "aten::ldexp_" -> new OpTarget("aten", plain, "Tensor");
          case "aten::floor_divide_.Tensor" -> new OpTarget("aten", plain, "");
          case "aten::normal_" -> new OpTarget("aten", "normal_functional", "");
          case "aten::bernoulli_.float" -> new OpTarget("aten", plain, "p");
          default -> new OpTarget(target.namespace(), plain, target.overload());
        };
    if (target.name().equals("polygamma_")) {
      return emit(form, List.of(args.get(1), args.get(0))).getFirst();
    }
    OperatorSchema functional = OperatorSchemas.find(form).orElseThrow(() -> none(schema));
    if (functional.mutates() || !sameTypes(functional.parameters(), schema.parameters())) {
      throw none(schema);
    }
    return emit(form, args).getFirst();
  }

  /** An overload of the same name may mean something else; its parameters tell. */
  private static boolean sameTypes(
      List<OperatorSchema.Parameter> a, List<OperatorSchema.Parameter> b) {
    if (a.size() != b.size()) {
      return false;
    }
    for (int i = 0; i < a.size(); i++) {
      SchemaType one = a.get(i).type();
      SchemaType other = b.get(i).type();
      boolean same =
          one.base().equals(other.base())
              && one.lists() == other.lists()
              && one.optional() == other.optional();
      if (!same) {
        return false;
      }
    }
    return true;
  }

  private RuntimeException none(OperatorSchema schema) {
    return context.refuse(
        schema.target()
            + " writes in place, and PyTorch has no functional form of it; rewrite it in the"
            + " model");
  }

  private List<Arg> emit(OpTarget target, List<Arg> args) {
    return context.builder().emit(target, args, context.source);
  }
}
