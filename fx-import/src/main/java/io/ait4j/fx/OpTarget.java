package io.ait4j.fx;

/**
 * Name of an operator: {@code aten::add.Tensor} is namespace {@code aten}, name {@code add},
 * overload {@code Tensor}; the overload PyTorch calls {@code default} is the empty string.
 */
public record OpTarget(String namespace, String name, String overload) {

  /** Parses {@code aten::add.Tensor}, {@code aten::relu} or FX's {@code aten.add.Tensor}. */
  public static OpTarget parse(String text) {
    int colons = text.indexOf("::");
    String namespace;
    String rest;
    if (colons >= 0) {
      namespace = text.substring(0, colons);
      rest = text.substring(colons + 2);
    } else {
      int dot = text.indexOf('.');
      if (dot < 0) {
        throw new IllegalArgumentException("operator name '" + text + "' has no namespace");
      }
      namespace = text.substring(0, dot);
      rest = text.substring(dot + 1);
    }
    int dot = rest.indexOf('.');
    String overload = dot < 0 ? "" : rest.substring(dot + 1);
    return new OpTarget(
        namespace,
        dot < 0 ? rest : rest.substring(0, dot),
        overload.equals("default") ? "" : overload);
  }

  /** {@code aten::add}: the name without the overload. */
  public String qualifiedName() {
    return namespace + "::" + name;
  }

  /** {@code aten::add.Tensor}, or {@code aten::relu} for the default overload. */
  @Override
  public String toString() {
    return overload.isEmpty() ? qualifiedName() : qualifiedName() + "." + overload;
  }
}
