package io.ait4j.fx.archive;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Refuses what would make a reader of the value recurse without end or without reason: cycles, deep
 * nesting, and small pickles that say the same thing a billion times over.
 */
final class PickleExtent {
  private static final int DEEPEST = 500;

  /** Of all values, shared ones counted wherever they occur; a large model has a million. */
  private static final long LARGEST = 50_000_000;

  /** A value's contents being walked; height and count grow as they are done. */
  private static final class Visit {
    final PickleValue value;
    final Iterator<PickleValue> rest;
    int height = 1;
    long count = 1;
    boolean done;

    Visit(PickleValue value) {
      this.value = value;
      this.rest = children(value).iterator();
    }

    void add(Visit child) {
      height = Math.max(height, child.height + 1);
      count = Math.min(LARGEST + 1, count + child.count);
    }
  }

  private final Map<PickleValue, Visit> known = new IdentityHashMap<>();
  private final Deque<Visit> open = new ArrayDeque<>();

  private PickleExtent() {}

  static void check(PickleValue value) throws Corrupt {
    new PickleExtent().walk(value);
  }

  private void walk(PickleValue root) throws Corrupt {
    enter(root);
    while (!open.isEmpty()) {
      Visit visit = open.peek();
      if (visit.rest.hasNext()) {
        PickleValue child = visit.rest.next();
        Visit seen = known.get(child);
        if (seen == null) {
          enter(child);
        } else if (!seen.done) {
          throw new Corrupt("its pickle holds an object that contains itself");
        } else {
          visit.add(seen);
        }
      } else {
        leave(visit);
      }
    }
  }

  private void enter(PickleValue value) throws Corrupt {
    if (open.size() >= DEEPEST) {
      throw new Corrupt("its pickle nests objects more than " + DEEPEST + " deep");
    }
    Visit visit = new Visit(value);
    if (visit.rest.hasNext()) {
      known.put(value, visit);
    }
    open.push(visit);
  }

  private void leave(Visit visit) throws Corrupt {
    if (visit.height > DEEPEST) {
      throw new Corrupt("its pickle nests objects more than " + DEEPEST + " deep");
    }
    if (visit.count > LARGEST) {
      throw new Corrupt("its pickle repeats shared objects more than " + LARGEST + " times");
    }
    visit.done = true;
    open.pop();
    if (!open.isEmpty()) {
      open.peek().add(visit);
    }
  }

  private static Stream<PickleValue> children(PickleValue value) {
    return switch (value) {
      case PickleValue.Tuple tuple -> tuple.elements().stream();
      case PickleValue.List list -> list.elements().stream();
      case PickleValue.Dict dict ->
          dict.entries().stream().flatMap(e -> Stream.of(e.key(), e.value()));
      case PickleValue.PersistentId(PickleValue id) -> Stream.of(id);
      case PickleValue.Call call ->
          Stream.of(call.args(), List.of(call.state(), call.elements(), call.entries()))
              .flatMap(List::stream);
      case PickleValue.None n -> Stream.of();
      case PickleValue.Bool b -> Stream.of();
      case PickleValue.Int i -> Stream.of();
      case PickleValue.Float f -> Stream.of();
      case PickleValue.Str s -> Stream.of();
      case PickleValue.Bytes b -> Stream.of();
      case PickleValue.Global g -> Stream.of();
    };
  }
}
