package io.ait4j.fx.weights;

import io.ait4j.fx.ModelException;
import io.ait4j.fx.NativeTensor;
import io.ait4j.fx.archive.PickleValue;
import io.ait4j.fx.archive.PickleValue.Dict;
import io.ait4j.fx.archive.TorchArchive;
import io.ait4j.fx.archive.ZipArchive;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The state_dict in an archive of {@code torch.save}. */
final class StateDict {
  /** Under which training programs keep a model's state_dict among other things, in order. */
  private static final List<String> WRAPPERS = List.of("state_dict", "model_state_dict", "model");

  private StateDict() {}

  static Checkpoint open(Path file) {
    ZipArchive zip = ZipArchive.open(file);
    try {
      Map<String, NativeTensor> tensors = tensors(zip);
      return new Checkpoint(file.toString(), tensors, zip::close);
    } catch (RuntimeException e) {
      zip.close();
      throw e;
    }
  }

  private static Map<String, NativeTensor> tensors(ZipArchive zip) {
    if (zip.has(zip.root() + "constants.pkl")) {
      throw bad(zip, "it is a TorchScript model and not its weights; save model.state_dict()");
    }
    TorchArchive archive = TorchArchive.read(zip);
    Map<String, NativeTensor> tensors = tensors(archive, stateDict(archive));
    if (tensors.isEmpty()) {
      throw bad(
          zip,
          archive.value() instanceof PickleValue.Call object
              ? "it holds an object of class "
                  + object.callee().path()
                  + " and not its weights; save model.state_dict()"
              : "it holds no state_dict, alone or under one of the keys "
                  + String.join(", ", WRAPPERS)
                  + "; save model.state_dict()");
    }
    archive.records().forEach(zip::verify);
    return tensors;
  }

  /** The object itself, or what it has under a wrapper's key: a state_dict has no dicts in it. */
  private static PickleValue stateDict(TorchArchive archive) {
    if (archive.value() instanceof Dict whole) {
      for (String wrapper : WRAPPERS) {
        Optional<PickleValue> inner = whole.get(wrapper);
        if (inner.isPresent() && !tensors(archive, inner.get()).isEmpty()) {
          return inner.get();
        }
      }
    }
    return archive.value();
  }

  /** The tensors right in a dict; what else it has (versions, counters) is no weight. */
  private static Map<String, NativeTensor> tensors(TorchArchive archive, PickleValue value) {
    Map<String, NativeTensor> tensors = new LinkedHashMap<>();
    if (value instanceof Dict dict) {
      for (PickleValue.Entry entry : dict.entries()) {
        if (entry.key() instanceof PickleValue.Str(String name)) {
          archive.tensor(entry.value(), name).ifPresent(tensor -> tensors.put(name, tensor));
        }
      }
    }
    return tensors;
  }

  private static ModelException bad(ZipArchive zip, String why) {
    return new ModelException(
        ModelException.Kind.IMPORT, zip.source() + " cannot be used as weights: " + why);
  }
}
