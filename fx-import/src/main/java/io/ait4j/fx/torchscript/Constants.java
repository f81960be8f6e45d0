package io.ait4j.fx.torchscript;

import io.ait4j.fx.Arg;
import io.ait4j.fx.ModelException;
import io.ait4j.fx.NativeTensor;
import io.ait4j.fx.TensorMeta;
import io.ait4j.fx.Weight;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.pytorch.ClassType;
import org.bytedeco.pytorch.GenericDict;
import org.bytedeco.pytorch.GenericDictIterator;
import org.bytedeco.pytorch.GenericList;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.JitModule;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TupleElements;

/**
 * What a model's file holds besides code: literals, parameters, buffers, submodules. Tensors become
 * {@link Weight}s in the mapped file, or over libtorch's own memory, which lives as long as the
 * arena.
 */
final class Constants {
  private final Arena arena;
  private final FileWeights weights;
  private final Function<Weight, JitValue> bind;
  private final List<Pointer> held = new ArrayList<>();
  private final Map<String, JitValue> bound = new HashMap<>();
  private final Map<Long, String> literals = new HashMap<>();

  /**
   * @param arena bounds the lifetime of weights that libtorch holds
   * @param weights where the others are
   * @param bind makes a weight a value of the graph
   */
  Constants(Arena arena, FileWeights weights, Function<Weight, JitValue> bind) {
    this.arena = arena;
    this.weights = weights;
    this.bind = bind;
  }

  /** Lets go of the modules that reading has met. */
  void release() {
    held.forEach(Pointer::releaseReference);
    held.clear();
  }

  /** An attribute of a module. */
  JitValue attribute(JitValue.Module module, String name) {
    JitModule jit = module.module();
    IValue value = jit.attr(name);
    ClassType type = jit.type();
    if (value.isTensor()) {
      Weight.Kind kind =
          type.is_parameter(type.getAttributeSlot(name))
              ? Weight.Kind.PARAMETER
              : Weight.Kind.BUFFER;
      return tensor(value.toTensor(), module.child(name), kind);
    }
    return read(value, module.child(name));
  }

  /** The value at {@code path} of the model, or of a literal in the code ("constant"). */
  JitValue read(IValue value, String path) {
    return read(value, path, JitValue.FIXED);
  }

  /** The same for a value that the code has made in a block of this level. */
  JitValue read(IValue value, String path, int level) {
    if (value.isNone()) {
      return JitValue.NONE;
    }
    if (value.isTensor()) {
      return tensor(value.toTensor(), path, Weight.Kind.BUFFER);
    }
    if (value.isModule()) {
      return new JitValue.Module(retained(new JitModule(value.toObject())), path);
    }
    if (value.isObject()) {
      return new JitValue.Instance(retained(value.toObject()), path);
    }
    if (value.isTuple()) {
      TupleElements elements = value.toTuple().elements();
      List<JitValue> all = new ArrayList<>();
      for (long i = 0; i < elements.size(); i++) {
        all.add(read(elements.get(i), path + "." + i, level));
      }
      return new JitValue.Tuple(all);
    }
    if (value.isList()) {
      GenericList list = value.toList();
      List<JitValue> all = new ArrayList<>();
      for (long i = 0; i < list.size(); i++) {
        all.add(read(list.get(i), path + "." + i, level));
      }
      return new JitValue.Items(all, level);
    }
    if (value.isGenericDict()) {
      return table(value.toGenericDict(), path, level);
    }
    return new JitValue.Leaf(scalar(value, path));
  }

  private JitValue table(GenericDict dict, String path, int level) {
    Map<Arg, JitValue> entries = new LinkedHashMap<>();
    GenericDictIterator at = dict.begin();
    for (long i = 0; i < dict.size(); i++, at.increment()) {
      Arg key = scalar(at.access().key(), path);
      entries.put(
          key,
          read(
              at.access().value(),
              path + "." + (key instanceof Arg.Str(String s) ? s : "" + i),
              level));
    }
    return new JitValue.Table(entries, level);
  }

  /** A number, string or device. */
  static Arg scalar(IValue value, String path) {
    if (value.isNone()) {
      return Arg.NONE;
    } else if (value.isBool()) {
      return new Arg.Bool(value.toBool());
    } else if (value.isInt()) {
      return new Arg.Int(value.toInt());
    } else if (value.isDouble()) {
      return new Arg.Float(value.toDouble());
    } else if (value.isString()) {
      return new Arg.Str(Libtorch.string(value.toStringRef()));
    } else if (value.isDevice()) {
      // Where the model was traced is not where it will run.
      return new Arg.Device("cpu");
    }
    throw new ModelException(
        ModelException.Kind.IMPORT,
        path
            + " holds a value of a kind that graphs cannot hold (complex number, stream, generator,"
            + " custom class)");
  }

  private JitValue tensor(Tensor tensor, String path, Weight.Kind kind) {
    if (!tensor.defined()) {
      return JitValue.NONE;
    }
    boolean literal = path.equals("constant");
    Optional<NativeTensor> inFile = weights.of(tensor);
    TensorMeta meta = inFile.isPresent() ? inFile.get().meta() : Tensors.meta(tensor, path);
    if (literal && meta.rank() == 0 && !meta.dtype().isComplex()) {
      return new JitValue.TensorNumber(meta.dtype(), IValues.number(tensor));
    }
    String name =
        literal
            ? literals.computeIfAbsent(
                tensor.unsafeGetTensorImpl().address(), a -> "constants." + literals.size())
            : path;
    return bound.computeIfAbsent(
        name,
        n ->
            bind.apply(
                new Weight(
                    n,
                    meta,
                    inFile
                        .map(NativeTensor::data)
                        .orElseGet(() -> Tensors.memory(tensor, meta, arena)),
                    literal ? Weight.Kind.CONSTANT : kind)));
  }

  /** A tensor computed while reading, as a literal. */
  JitValue literal(Tensor tensor) {
    return tensor(tensor, "constant", Weight.Kind.CONSTANT);
  }

  private <P extends Pointer> P retained(P pointer) {
    pointer.retainReference();
    held.add(pointer);
    return pointer;
  }
}
