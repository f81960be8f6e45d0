package io.ait4j.fx.decompose;

import io.ait4j.fx.Arg;
import io.ait4j.fx.Dim;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * {@code einsum}: operands are contracted from left to right, each pair as one {@code bmm}.
 *
 * <p>Labels are the letters of the equation; an ellipsis becomes labels of its own, numbered from
 * the end.
 */
final class Einsum {
  private static final char ELLIPSIS = '0';

  private final Rewrite r;
  private final Map<Character, Dim> sizes = new TreeMap<>();

  private record Operand(Arg value, List<Character> labels) {}

  private Einsum(Rewrite r) {
    this.r = r;
  }

  static Arg decompose(Rewrite r) {
    return new Einsum(r).run();
  }

  private Arg run() {
    String[] sides = r.text(0).replace(" ", "").split("->", -1);
    String[] inputs = sides[0].split(",", -1);
    List<Arg> tensors = r.elements(1);
    if (inputs.length != tensors.size()) {
      throw r.error("equation '" + r.text(0) + "' is not for " + tensors.size() + " tensors");
    }
    List<List<Character>> labels = new ArrayList<>();
    for (int i = 0; i < inputs.length; i++) {
      labels.add(labels(inputs[i], r.meta(tensors.get(i)).rank()));
      measure(labels.getLast(), r.meta(tensors.get(i)).shape());
    }
    List<Character> wanted =
        sides.length == 2 ? labels(sides[1], -1) : implicitOutput(String.join("", inputs));
    List<Operand> operands = new ArrayList<>();
    for (int i = 0; i < inputs.length; i++) {
      operands.add(diagonal(new Operand(tensors.get(i), labels.get(i))));
    }
    return inOrder(contractAll(operands, wanted), wanted);
  }

  private List<Character> labels(String text, int rank) {
    List<Character> labels = new ArrayList<>();
    int letters = (int) text.chars().filter(Character::isLetter).count();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isLetter(c)) {
        labels.add(c);
      } else if (text.startsWith("...", i)) {
        int hidden =
            rank >= 0
                ? rank - letters
                : (int) sizes.keySet().stream().filter(l -> !Character.isLetter(l)).count();
        for (int k = hidden - 1; k >= 0; k--) {
          labels.add((char) (ELLIPSIS + k));
        }
        i += 2;
      } else {
        throw r.error("equation '" + r.text(0) + "' has a '" + c + "'");
      }
    }
    if (rank >= 0 && labels.size() != rank) {
      throw r.error("'" + text + "' does not name the " + rank + " dimensions of its tensor");
    }
    return labels;
  }

  private void measure(List<Character> labels, List<Dim> shape) {
    for (int i = 0; i < labels.size(); i++) {
      Dim size = shape.get(i);
      sizes.merge(
          labels.get(i),
          size,
          (known, own) -> {
            if (!known.equals(own) && !known.is(1) && !own.is(1)) {
              throw r.error(
                  "equation '%s' gives one label the sizes %s and %s"
                      .formatted(r.text(0), known, own));
            }
            return known.is(1) ? own : known;
          });
    }
  }

  /** The ellipsis first, then the letters that appear once, in alphabetical order. */
  private List<Character> implicitOutput(String text) {
    List<Character> wanted = new ArrayList<>();
    sizes.keySet().stream().filter(l -> !Character.isLetter(l)).forEach(wanted::addFirst);
    sizes.keySet().stream()
        .filter(Character::isLetter)
        .filter(l -> text.chars().filter(c -> c == l).count() == 1)
        .forEach(wanted::add);
    return wanted;
  }

  /** A label that appears twice in one operand stands for its diagonal. */
  private Operand diagonal(Operand operand) {
    List<Character> labels = new ArrayList<>(operand.labels);
    Arg x = operand.value;
    for (int i = 0; i < labels.size(); i++) {
      int j = labels.lastIndexOf(labels.get(i));
      while (j > i) {
        x = r.call("diagonal", x, Arg.of(0), Arg.of(i), Arg.of(j));
        labels.remove(j);
        // The diagonal comes last; it belongs where the label was first.
        List<Integer> order = Rewrite.range(0, labels.size() - 1);
        order.add(i, labels.size() - 1);
        x = r.permute(x, order);
        j = labels.lastIndexOf(labels.get(i));
      }
    }
    return new Operand(x, labels);
  }

  private Operand contractAll(List<Operand> operands, List<Character> wanted) {
    Operand result = operands.getFirst();
    for (int i = 1; i < operands.size(); i++) {
      Set<Character> later = new LinkedHashSet<>(wanted);
      operands.subList(i + 1, operands.size()).forEach(o -> later.addAll(o.labels));
      result = contract(result, operands.get(i), later);
    }
    return summed(result, Set.copyOf(wanted));
  }

  /** Sums away the labels that nobody needs any more. */
  private Operand summed(Operand operand, Set<Character> needed) {
    List<Integer> over = new ArrayList<>();
    List<Character> kept = new ArrayList<>();
    for (int i = 0; i < operand.labels.size(); i++) {
      if (needed.contains(operand.labels.get(i))) {
        kept.add(operand.labels.get(i));
      } else {
        over.add(i);
      }
    }
    if (over.isEmpty()) {
      return operand;
    }
    Arg type = new Arg.Type(r.meta(operand.value).dtype());
    return new Operand(
        r.call("sum.dim_IntList", operand.value, Rewrite.list(over), Arg.of(false), type), kept);
  }

  private Operand contract(Operand a, Operand b, Set<Character> later) {
    Operand left = summed(a, union(later, b.labels));
    Operand right = summed(b, union(later, a.labels));
    List<Character> batch = new ArrayList<>();
    List<Character> inner = new ArrayList<>();
    List<Character> rows = new ArrayList<>();
    for (char label : left.labels) {
      boolean shared = right.labels.contains(label);
      (shared ? later.contains(label) ? batch : inner : rows).add(label);
    }
    List<Character> columns =
        right.labels.stream()
            .filter(l -> !left.labels.contains(l))
            .collect(Collectors.toCollection(ArrayList::new));
    Arg x = matrix(left, batch, rows, inner);
    Arg y = matrix(right, batch, inner, columns);
    List<Character> labels = new ArrayList<>(batch);
    labels.addAll(rows);
    labels.addAll(columns);
    return new Operand(r.reshape(r.call("bmm", x, y), shape(labels)), labels);
  }

  private static Set<Character> union(Set<Character> a, List<Character> b) {
    Set<Character> all = new LinkedHashSet<>(a);
    all.addAll(b);
    return all;
  }

  private Arg matrix(
      Operand operand, List<Character> batch, List<Character> rows, List<Character> columns) {
    List<Character> order = new ArrayList<>(batch);
    order.addAll(rows);
    order.addAll(columns);
    Arg x = r.permute(operand.value, order.stream().map(operand.labels::indexOf).toList());
    return r.reshape(
        r.expand(x, shape(order)), List.of(product(batch), product(rows), product(columns)));
  }

  private List<Dim> shape(List<Character> labels) {
    return labels.stream().map(sizes::get).toList();
  }

  private Dim product(List<Character> labels) {
    return Dim.product(shape(labels));
  }

  private Arg inOrder(Operand result, List<Character> wanted) {
    if (!Set.copyOf(result.labels).equals(Set.copyOf(wanted))) {
      throw r.error("equation '" + r.text(0) + "' wants a label that no tensor has");
    }
    return r.permute(result.value, wanted.stream().map(result.labels::indexOf).toList());
  }
}
