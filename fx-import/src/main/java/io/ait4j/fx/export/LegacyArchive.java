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

/** The layout of PyTorch 2.5 to 2.7: a program, and weights as torch.save writes them. */
final class LegacyArchive implements ProgramArchive {
  static final String PROGRAM = "serialized_exported_program.json";
  private static final List<String> TABLES =
      List.of("serialized_state_dict.pt", "serialized_constants.pt");
  private static final long LARGEST_TEXT = 1L << 30;

  /** A tensor of one of the tables. */
  private record Place(TorchArchive table, PickleValue value) {}

  private final ZipArchive zip;
  private final String root;
  private final Map<String, Place> places = new HashMap<>();

  private LegacyArchive(ZipArchive zip, String root) {
    this.zip = zip;
    this.root = root;
  }

  static LegacyArchive of(ZipArchive zip, String root) {
    LegacyArchive archive = new LegacyArchive(zip, root);
    for (String name : TABLES) {
      if (zip.has(root + name) && zip.size(root + name) > 0) {
        archive.add(TorchArchive.read(zip.nested(root + name)));
      }
    }
    return archive;
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

  @Override
  public String programName() {
    return PROGRAM + " of " + zip.source();
  }

  @Override
  public byte[] program() {
    return zip.bytes(root + PROGRAM, LARGEST_TEXT);
  }

  @Override
  public Weight weight(String path) {
    Place place = places.get(path);
    if (place == null) {
      throw bad(path, "the archive lists none of that name");
    }
    NativeTensor tensor =
        place.table().tensor(place.value(), path).orElseThrow(() -> bad(path, "it is no tensor"));
    return new Weight(path, tensor.meta(), tensor.data());
  }

  /** The tables as a whole: their storages lie in them. */
  @Override
  public Set<String> entries() {
    return TABLES.stream()
        .map(name -> root + name)
        .filter(zip::has)
        .collect(java.util.stream.Collectors.toUnmodifiableSet());
  }

  private ModelException bad(String path, String why) {
    return new ModelException(
        ModelException.Kind.IMPORT,
        "the weight %s of %s cannot be read: %s; export the model again"
            .formatted(path, zip.source(), why));
  }
}
