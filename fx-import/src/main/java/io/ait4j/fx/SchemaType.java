package io.ait4j.fx;

import java.util.Optional;

/**
 * Type of an operator's parameter or result, as a schema spells it.
 *
 * @param base {@code Tensor}, {@code int}, {@code SymInt}, {@code Scalar}, {@code ScalarType}...
 *     the inner text for what has a structure of its own ({@code Dict(str, t)}, {@code (Tensor,
 *     int)})
 * @param lists how many {@code []} follow
 * @param length of a list whose schema gives one ({@code int[2]}), else 0
 * @param optional whether None is allowed
 * @param optionalElements whether None is allowed as an element ({@code Tensor?[]})
 * @param aliasSet the letters of {@code Tensor(a!)}, empty if the value aliases nothing
 * @param written whether the operator writes the value ({@code !})
 */
public record SchemaType(
    String base,
    int lists,
    int length,
    boolean optional,
    boolean optionalElements,
    String aliasSet,
    boolean written) {

  public boolean isTensor() {
    return base.equals("Tensor") && lists == 0;
  }

  public boolean isTensorList() {
    return base.equals("Tensor") && lists == 1;
  }

  public boolean isList() {
    return lists > 0;
  }

  /** Whether it stands for any type: {@code Any}, {@code t}, {@code t1}. */
  private boolean isVariable() {
    return base.equals("Any") || base.matches("t\\d?");
  }

  /** The type of this list's elements. */
  public SchemaType element() {
    return new SchemaType(base, lists - 1, 0, optionalElements, false, aliasSet, written);
  }

  /**
   * {@code arg} as this type wants it (a number as dtype, an int as float); empty if it is none.
   */
  Optional<Arg> coerce(Arg arg) {
    if (arg instanceof Arg.None) {
      return optional || isVariable() ? Optional.of(arg) : Optional.empty();
    }
    if (isList()) {
      return coerceList(arg);
    }
    return switch (base) {
      case "float" ->
          switch (arg) {
            case Arg.Int i -> Optional.of(new Arg.Float(i.value()));
            case Arg.Float f -> Optional.of(f);
            case Arg.Value v -> Optional.of(v);
            default -> Optional.empty();
          };
      case "int", "SymInt" ->
          arg instanceof Arg.Int || arg instanceof Arg.SymInt || arg instanceof Arg.Value
              ? Optional.of(arg)
              : arg instanceof Arg.Bool(boolean b)
                  ? Optional.of(new Arg.Int(b ? 1 : 0))
                  : base.equals("int") ? asEnumeration(arg) : Optional.empty();
      case "bool" ->
          arg instanceof Arg.Bool || arg instanceof Arg.Value
              ? Optional.of(arg)
              : arg instanceof Arg.Int(long n)
                  ? Optional.of(new Arg.Bool(n != 0))
                  : Optional.empty();
      case "ScalarType" ->
          arg instanceof Arg.Int(long code)
              ? DType.ofAten((int) code).map(Arg.Type::new)
              : arg instanceof Arg.Type || arg instanceof Arg.Value
                  ? Optional.of(arg)
                  : Optional.empty();
      case "Layout" ->
          arg instanceof Arg.Int(long code)
              ? Optional.of(new Arg.Layout(AtenCodes.layout((int) code)))
              : arg instanceof Arg.Layout ? Optional.of(arg) : Optional.empty();
      case "MemoryFormat" ->
          arg instanceof Arg.Int(long code)
              ? Optional.of(new Arg.MemoryFormat(AtenCodes.memoryFormat((int) code)))
              : arg instanceof Arg.MemoryFormat ? Optional.of(arg) : Optional.empty();
      case "Device" ->
          arg instanceof Arg.Str(String s)
              ? Optional.of(new Arg.Device(s))
              : arg instanceof Arg.Device ? Optional.of(arg) : Optional.empty();
      case "str" -> arg instanceof Arg.Str ? Optional.of(arg) : Optional.empty();
      case "Tensor", "Scalar" ->
          arg instanceof Arg.Sequence
                  || arg instanceof Arg.Str
                  || arg instanceof Arg.Type
                  || arg instanceof Arg.Device
              ? Optional.empty()
              : Optional.of(arg);
      default -> Optional.of(arg);
    };
  }

  /** TorchScript's own operators ({@code prim::device}, {@code aten::to.prim_dtype}) say int. */
  private static Optional<Arg> asEnumeration(Arg arg) {
    return arg instanceof Arg.Type || arg instanceof Arg.Layout || arg instanceof Arg.MemoryFormat
        ? Optional.of(arg)
        : Optional.empty();
  }

  private Optional<Arg> coerceList(Arg arg) {
    if (arg instanceof Arg.Sequence(java.util.List<Arg> elements)) {
      java.util.List<Arg> all = new java.util.ArrayList<>();
      for (Arg element : elements) {
        Optional<Arg> one = element().coerce(element);
        if (one.isEmpty()) {
          return one;
        }
        all.add(one.get());
      }
      if (all.size() == 1 && length > 1) {
        return Optional.of(new Arg.Sequence(java.util.Collections.nCopies(length, all.getFirst())));
      }
      return Optional.of(new Arg.Sequence(all));
    }
    if (arg instanceof Arg.Value) {
      return Optional.of(arg); // a list that is only known at run time
    }
    return length > 0
        ? element().coerce(arg).map(a -> new Arg.Sequence(java.util.Collections.nCopies(length, a)))
        : Optional.empty();
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(base);
    if (!aliasSet.isEmpty()) {
      text.append('(').append(aliasSet).append(written ? "!)" : ")");
    }
    if (optionalElements) {
      text.append('?');
    }
    for (int i = 0; i < lists; i++) {
      text.append('[').append(length > 0 && i == 0 ? Integer.toString(length) : "").append(']');
    }
    return text.append(optional ? "?" : "").toString();
  }
}
