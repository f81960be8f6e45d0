package io.ait4j.fx.archive;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What a pickle holds, as data. Containers are compared by identity, as Python's {@code is} does,
 * and one that the pickle refers to twice is one object here.
 */
public sealed interface PickleValue {
  /** Python's {@code None}. */
  None NONE = new None();

  record None() implements PickleValue {}

  record Bool(boolean value) implements PickleValue {}

  /** An integer of at most 64 bits. */
  record Int(long value) implements PickleValue {}

  record Float(double value) implements PickleValue {}

  record Str(String value) implements PickleValue {}

  /**
   * A name in a Python module: a class, a function, a dtype.
   *
   * @param module {@code torch._utils}
   * @param name {@code _rebuild_tensor_v2}
   */
  record Global(String module, String name) implements PickleValue {
    /** Both, joined by a dot. */
    public String path() {
      return module + "." + name;
    }
  }

  /** What stands for an object outside the pickle; PyTorch's storages do. */
  record PersistentId(PickleValue id) implements PickleValue {
    @Override
    public boolean equals(Object other) {
      return this == other;
    }

    @Override
    public int hashCode() {
      return System.identityHashCode(this);
    }
  }

  /** A {@code bytes} or {@code bytearray}. */
  final class Bytes implements PickleValue {
    private final byte[] value;

    Bytes(byte[] value) {
      this.value = value;
    }

    /** A copy. */
    public byte[] value() {
      return value.clone();
    }
  }

  /** A tuple. */
  final class Tuple implements PickleValue {
    private final java.util.List<PickleValue> elements;

    Tuple(java.util.List<PickleValue> elements) {
      this.elements = java.util.List.copyOf(elements);
    }

    public java.util.List<PickleValue> elements() {
      return elements;
    }
  }

  /** A list or a set. */
  final class List implements PickleValue {
    private final java.util.List<PickleValue> elements = new ArrayList<>();

    List() {}

    public java.util.List<PickleValue> elements() {
      return Collections.unmodifiableList(elements);
    }

    void add(PickleValue element) {
      elements.add(element);
    }
  }

  /** An entry of a {@link Dict}. */
  record Entry(PickleValue key, PickleValue value) {}

  /** A {@code dict} or {@code OrderedDict}, in insertion order. */
  final class Dict implements PickleValue {
    private final java.util.List<Entry> entries = new ArrayList<>();
    private final Map<String, Integer> places = new HashMap<>();

    Dict() {}

    public java.util.List<Entry> entries() {
      return Collections.unmodifiableList(entries);
    }

    /** The value of a string key. */
    public Optional<PickleValue> get(String key) {
      Integer place = places.get(key);
      return place == null ? Optional.empty() : Optional.of(entries.get(place).value());
    }

    /** Of equal string keys, the last wins; other keys are told apart by nobody and all kept. */
    void put(PickleValue key, PickleValue value) {
      if (key instanceof Str(String text)) {
        Integer place = places.putIfAbsent(text, entries.size());
        if (place != null) {
          entries.set(place, new Entry(key, value));
          return;
        }
      }
      entries.add(new Entry(key, value));
    }
  }

  /**
   * An object that Python would have made by calling {@code callee}: nothing is called here.
   * Further opcodes may have set its state, appended to it or put entries into it.
   */
  final class Call implements PickleValue {
    private final Global callee;
    private final java.util.List<PickleValue> args;
    private final boolean isNew;
    private PickleValue state = NONE;
    private List elements;
    private Dict entries;

    Call(Global callee, java.util.List<PickleValue> args, boolean isNew) {
      this.callee = callee;
      this.args = args;
      this.isNew = isNew;
    }

    public Global callee() {
      return callee;
    }

    public java.util.List<PickleValue> args() {
      return args;
    }

    /** Whether it is made by {@code callee.__new__} rather than by a call. */
    public boolean isNew() {
      return isNew;
    }

    /** What {@code __setstate__} would get, usually a {@link Dict} of attributes; or none. */
    public PickleValue state() {
      return state;
    }

    /** What was appended, if the object is a kind of list. */
    public List elements() {
      return elements == null ? new List() : elements;
    }

    /** What was put into it, if the object is a kind of dict. */
    public Dict entries() {
      return entries == null ? new Dict() : entries;
    }

    void add(PickleValue element) {
      elements = elements();
      elements.add(element);
    }

    void put(PickleValue key, PickleValue value) {
      entries = entries();
      entries.put(key, value);
    }

    void build(PickleValue newState) {
      state = newState;
    }
  }
}
