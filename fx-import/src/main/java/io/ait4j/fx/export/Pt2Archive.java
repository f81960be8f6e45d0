package io.ait4j.fx.export;

import io.ait4j.fx.ModelException;
import io.ait4j.fx.Weight;
import io.ait4j.fx.archive.ZipArchive;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The layout of PyTorch 2.8 and later: one program, and each storage in an entry of its own; at
 * first, all weights were in one entry as torch.save writes them.
 */
final class Pt2Archive implements ProgramArchive {
  private static final long LARGEST_TEXT = 1L << 30;
  private static final String MODELS = "models/";
  private static final String WEIGHTS = "data/weights/";
  private static final String CONSTANTS = "data/constants/";

  private final ZipArchive zip;
  private final String root;
  private final String model;
  private final Map<String, Payload> payloads = new HashMap<>();
  private final StorageEntries storages;
  private final PickledWeights pickled;

  private Pt2Archive(ZipArchive zip, String root, String model) {
    this.zip = zip;
    this.root = root;
    this.model = model;
    this.storages = new StorageEntries(zip);
    this.pickled =
        new PickledWeights(
            zip, List.of(root + WEIGHTS + model + ".pt", root + CONSTANTS + model + ".pt"));
    payloads(WEIGHTS, List.of("_weights_config.json", "_model_param_config.json"));
    payloads(CONSTANTS, List.of("_constants_config.json", "_model_constants_config.json"));
  }

  /**
   * @param root the folder that all entries are in, with its slash; may be empty
   */
  static Pt2Archive of(ZipArchive zip, String root) {
    Pt2Archive.check(zip, root + "archive_version", Set.of("0"), "archive version");
    Pt2Archive.check(zip, root + "byteorder", Set.of("little"), "byte order");
    List<String> models =
        zip.names().stream()
            .filter(n -> n.startsWith(root + MODELS) && n.endsWith(".json"))
            .map(n -> n.substring(root.length() + MODELS.length(), n.length() - ".json".length()))
            .toList();
    if (models.size() != 1) {
      throw new ModelException(
          ModelException.Kind.IMPORT,
          "%s holds %s; save one exported program with torch.export.save"
              .formatted(
                  zip.source(),
                  models.isEmpty()
                      ? "no program"
                      : "several programs (" + String.join(", ", models) + ")"));
    }
    return new Pt2Archive(zip, root, models.getFirst());
  }

  @Override
  public String programName() {
    return MODELS + model + ".json of " + zip.source();
  }

  @Override
  public byte[] program() {
    return zip.bytes(root + MODELS + model + ".json", LARGEST_TEXT);
  }

  @Override
  public Weight weight(String path) {
    Payload payload = payloads.get(path);
    if (payload == null) {
      return pickled.weight(path);
    }
    if (payload.pickled()) {
      throw bad(path, "it is pickled, as tensor subclasses and custom objects are");
    }
    if (payload.type() == null) {
      throw bad(path, "the archive does not give its type");
    }
    return storages.weight(path, payload.type(), payload.entry());
  }

  @Override
  public Set<String> entries() {
    Set<String> entries = new HashSet<>(storages.used());
    entries.addAll(pickled.entries());
    return entries;
  }

  private ModelException bad(String path, String why) {
    return new ModelException(
        ModelException.Kind.IMPORT,
        "the weight %s of %s cannot be read: %s; export the model again"
            .formatted(path, zip.source(), why));
  }

  private void payloads(String folder, List<String> endings) {
    for (String ending : endings) {
      String name = root + folder + model + ending;
      if (zip.has(name)) {
        payloads.putAll(
            Json.read(
                folder + model + ending + " of " + zip.source(),
                zip.bytes(name, LARGEST_TEXT),
                json -> new PayloadParser(json, root + folder).config()));
        return;
      }
    }
  }

  private static void check(ZipArchive zip, String entry, Set<String> known, String what) {
    if (zip.has(entry)) {
      String found = new String(zip.bytes(entry, 64), StandardCharsets.UTF_8).strip();
      if (!known.contains(found)) {
        throw new ModelException(
            ModelException.Kind.IMPORT,
            "%s has the %s '%s' and only '%s' is read; export the model again"
                .formatted(zip.source(), what, found, String.join("', '", known)));
      }
    }
  }
}
