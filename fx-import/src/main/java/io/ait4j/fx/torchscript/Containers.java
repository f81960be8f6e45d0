package io.ait4j.fx.torchscript;

import io.ait4j.fx.Arg;
import io.ait4j.fx.ModelException;
import io.ait4j.fx.memory.Context;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** TorchScript's operators on lists, tuples and dictionaries. */
final class Containers {
  private final Context context;

  Containers(Context context) {
    this.context = context;
  }

  /** What {@code op} yields; empty if it is no operator on containers. */
  Optional<List<JitValue>> apply(JitOp op, List<JitValue> in, String path) {
    return Optional.ofNullable(
        switch (op.kind()) {
          case "prim::ListConstruct" ->
              one(new JitValue.Items(in, context.level(), GrowingLists.site(op, path)));
          case "prim::TupleConstruct" -> one(new JitValue.Tuple(List.copyOf(in), op.fields()));
          case "prim::DictConstruct" -> one(table(in));
          case "prim::TupleUnpack", "prim::ListUnpack" -> elements(in.getFirst());
          case "prim::TupleIndex" -> one(at(elements(in.getFirst()), in.get(1)));
          case "prim::TupleSlice" -> null;
          default -> in.isEmpty() ? null : method(op, in);
        });
  }

  private List<JitValue> method(JitOp op, List<JitValue> in) {
    return switch (in.getFirst()) {
      case JitValue.Items list -> onList(op, list, in);
      case JitValue.Table table -> onTable(op, table, in);
      default -> null;
    };
  }

  private List<JitValue> onList(JitOp op, JitValue.Items list, List<JitValue> in) {
    List<JitValue> elements = list.elements();
    return switch (op.kind()) {
      case "aten::len" -> one(JitValue.of(elements.size()));
      case "aten::__getitem__" -> one(at(elements, in.get(1)));
      case "aten::list" -> one(items(elements));
      case "aten::add", "aten::add_" -> {
        if (!(in.get(1) instanceof JitValue.Items other)) {
          yield null;
        }
        List<JitValue> all = new ArrayList<>(elements);
        all.addAll(other.elements());
        if (op.kind().equals("aten::add")) {
          yield one(items(all));
        }
        change(list.level(), "list");
        elements.addAll(List.copyOf(other.elements()));
        yield one(list);
      }
      case "aten::mul" -> {
        List<JitValue> all = new ArrayList<>();
        for (long i = 0; i < number(in.get(1)); i++) {
          all.addAll(elements);
        }
        yield one(items(all));
      }
      case "aten::slice" -> one(items(slice(elements, in)));
      case "aten::append" -> {
        requireChangeable(list);
        elements.add(in.get(1));
        yield one(list);
      }
      case "aten::extend" -> {
        change(list.level(), "list");
        elements.addAll(List.copyOf(elements(in.get(1))));
        yield List.of();
      }
      case "aten::insert" -> {
        change(list.level(), "list");
        long place = number(in.get(1));
        long index = place < 0 ? Math.max(0, place + elements.size()) : place;
        elements.add((int) Math.min(index, elements.size()), in.get(2));
        yield List.of();
      }
      case "aten::pop" -> {
        change(list.level(), "list");
        yield one(elements.remove(index(elements, in.get(1))));
      }
      case "aten::_set_item" -> {
        change(list.level(), "list");
        elements.set(index(elements, in.get(1)), in.get(2));
        yield one(list);
      }
      case "aten::clear" -> {
        change(list.level(), "list");
        elements.clear();
        yield List.of();
      }
      case "aten::reverse" -> {
        change(list.level(), "list");
        java.util.Collections.reverse(elements);
        yield List.of();
      }
      case "aten::Delete" -> {
        change(list.level(), "list");
        elements.remove(index(elements, in.get(1)));
        yield List.of();
      }
      case "aten::copy" -> one(items(elements));
      default -> null;
    };
  }

  private List<JitValue> onTable(JitOp op, JitValue.Table table, List<JitValue> in) {
    Map<Arg, JitValue> entries = table.entries();
    return switch (op.kind()) {
      case "aten::len" -> one(JitValue.of(entries.size()));
      case "aten::__getitem__" -> {
        JitValue found = entries.get(key(in.get(1)));
        if (found == null) {
          throw context.refuse("the dictionary has no key " + key(in.get(1)));
        }
        yield one(found);
      }
      case "aten::get" ->
          one(entries.getOrDefault(key(in.get(1)), in.size() > 2 ? in.get(2) : JitValue.NONE));
      case "aten::__contains__" -> one(JitValue.of(entries.containsKey(key(in.get(1)))));
      case "aten::keys" -> one(items(entries.keySet().stream().map(JitValue.Leaf::new).toList()));
      case "aten::values" -> one(items(entries.values()));
      case "aten::items" ->
          one(
              items(
                  entries.entrySet().stream()
                      .map(
                          e ->
                              new JitValue.Tuple(
                                  List.of(new JitValue.Leaf(e.getKey()), e.getValue())))
                      .toList()));
      case "aten::copy" -> one(new JitValue.Table(entries, context.level()));
      case "aten::_set_item" -> {
        change(table.level(), "dictionary");
        entries.put(key(in.get(1)), in.get(2));
        yield List.of();
      }
      case "aten::pop" -> {
        change(table.level(), "dictionary");
        JitValue removed = entries.remove(key(in.get(1)));
        if (removed == null && in.size() < 3) {
          throw context.refuse("the dictionary has no key " + key(in.get(1)));
        }
        yield one(removed == null ? in.get(2) : removed);
      }
      case "aten::Delete" -> {
        change(table.level(), "dictionary");
        if (entries.remove(key(in.get(1))) == null) {
          throw context.refuse("the dictionary has no key " + key(in.get(1)));
        }
        yield List.of();
      }
      case "aten::setdefault" -> {
        if (!entries.containsKey(key(in.get(1)))) {
          change(table.level(), "dictionary");
          entries.put(key(in.get(1)), in.get(2));
        }
        yield one(entries.get(key(in.get(1))));
      }
      case "aten::update" -> {
        if (!(in.get(1) instanceof JitValue.Table other)) {
          yield null;
        }
        change(table.level(), "dictionary");
        entries.putAll(new LinkedHashMap<>(other.entries()));
        yield List.of();
      }
      case "aten::clear" -> {
        change(table.level(), "dictionary");
        entries.clear();
        yield List.of();
      }
      default -> null;
    };
  }

  private JitValue.Items items(java.util.Collection<? extends JitValue> elements) {
    return new JitValue.Items(List.copyOf(elements), context.level());
  }

  private JitValue.Table table(List<JitValue> in) {
    Map<Arg, JitValue> entries = new LinkedHashMap<>();
    for (int i = 0; i + 1 < in.size(); i += 2) {
      entries.put(key(in.get(i)), in.get(i + 1));
    }
    return new JitValue.Table(entries, context.level());
  }

  private void requireChangeable(JitValue.Items list) {
    try {
      change(list.level(), "list");
    } catch (ModelException e) {
      throw list.site() == null ? e : new GrowingList(e, list.site());
    }
  }

  /** Refuses a change of a list or dictionary that more than this run of this block sees. */
  void change(int level, String what) {
    if (level == JitValue.FIXED) {
      throw context.refuse(
          "the model changes a "
              + what
              + " that is its attribute or a constant, not supported yet");
    }
    if (level < context.level()) {
      throw context.refuse(
          "a "
              + what
              + " changes under control flow that depends on data, which is not supported; collect"
              + " into a tensor instead");
    }
  }

  private List<JitValue> elements(JitValue value) {
    return switch (value) {
      case JitValue.Items items -> items.elements();
      case JitValue.Tuple tuple -> tuple.elements();
      default -> throw context.refuse("a list whose length depends on data is unpacked");
    };
  }

  private JitValue at(List<JitValue> elements, JitValue index) {
    return elements.get(index(elements, index));
  }

  private int index(List<JitValue> elements, JitValue index) {
    long i = number(index);
    long from = i < 0 ? i + elements.size() : i;
    if (from < 0 || from >= elements.size()) {
      throw context.refuse("index " + i + " is out of a list of " + elements.size());
    }
    return (int) from;
  }

  private List<JitValue> slice(List<JitValue> elements, List<JitValue> in) {
    long n = elements.size();
    long step = in.size() > 3 ? number(in.get(3)) : 1;
    long start = bound(in.get(1), 0, n);
    long end = bound(in.get(2), n, n);
    List<JitValue> part = new ArrayList<>();
    for (long i = start; i < end; i += step) {
      part.add(elements.get((int) i));
    }
    return part;
  }

  private long bound(JitValue value, long missing, long n) {
    if (value.equals(JitValue.NONE)) {
      return missing;
    }
    long i = number(value);
    return Math.clamp(i < 0 ? i + n : i, 0, n);
  }

  private long number(JitValue value) {
    if (value instanceof JitValue.Leaf(Arg.Int(long n))) {
      return n;
    }
    throw context.refuse("a list is indexed by a number that depends on data");
  }

  private Arg key(JitValue value) {
    if (value instanceof JitValue.Leaf(Arg arg) && !(arg instanceof Arg.Value)) {
      return arg;
    }
    throw context.refuse("a dictionary's key depends on data");
  }

  private static List<JitValue> one(JitValue value) {
    return List.of(value);
  }
}
