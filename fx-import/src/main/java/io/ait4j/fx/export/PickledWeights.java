package io.ait4j.fx.export;

import io.ait4j.fx.ModelException;
import io.ait4j.fx.NativeTensor;
import io.ait4j.fx.Weight;
import io.ait4j.fx.archive.PickleValue;
import io.ait4j.fx.archive.TorchArchive;
import io.ait4j.fx.archive.ZipArchive;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Weights as {@code torch.save} writes them, in archives within the archive. */
final class PickledWeights {
  /** A tensor of one of the tables. */
  private record Place(TorchArchive table, PickleValue value) {}

  private final ZipArchive zip;
  private final Set<String> entries;
  private final Map<String, Place> places = new HashMap<>();

  /**
   * @param names of entries that each hold a dictionary; those that are missing or empty hold none
   */
  PickledWeights(ZipArchive zip, List<String> names) {
    this.zip = zip;
    this.entries =
        names.stream()
            .filter(name -> zip.has(name) && zip.size(name) > 0)
            .collect(java.util.stream.Collectors.toUnmodifiableSet());
    entries.forEach(name -> add(TorchArchive.read(zip.nested(name))));
  }

  private void add(TorchArchive table) {
    if (!(table.value() instanceof PickleValue.Dict dict)) {
      throw new ModelException(
          ModelException.Kind.IMPORT,
          zip.source() + " cannot be read: its weights are no dictionary; export the model again");
    }
    for (PickleValue.Entry entry : dict.entries()) {
      if (entry.key() instanceof PickleValue.Str(String path)) {
        places.put(path, new Place(table, entry.value()));
      }
    }
  }

  /** Names of the entries as a whole: the storages lie in them. */
  Set<String> entries() {
    return entries;
  }

  /**
   * @throws ModelException (IMPORT) naming the weight if it is not there or no tensor
   */
  Weight weight(String path) {
    Place place = places.get(path);
    if (place == null) {
      throw bad(path, "the archive has none of that name");
    }
    NativeTensor tensor =
        place.table().tensor(place.value(), path).orElseThrow(() -> bad(path, "it is no tensor"));
    return new Weight(path, tensor.meta(), tensor.data());
  }

  private ModelException bad(String path, String why) {
    return new ModelException(
        ModelException.Kind.IMPORT,
        "the weight %s of %s cannot be read: %s; export the model again"
            .formatted(path, zip.source(), why));
  }
}
