package io.ait4j.fx.reader;

import io.ait4j.fx.archive.ZipArchive;
import java.nio.file.Path;
import java.util.Set;

/**
 * The names in a ZIP archive.
 *
 * @param names with the folder that holds all of them, if there is one
 */
record ArchiveContent(Path file, Set<String> names) {
  static ArchiveContent of(Path file) {
    try (ZipArchive zip = ZipArchive.open(file)) {
      return new ArchiveContent(file, Set.copyOf(zip.names()));
    }
  }

  ModelFormat format() {
    if (has("constants.pkl") && has("data.pkl")) {
      return ModelFormat.TORCHSCRIPT;
    }
    if (has("serialized_exported_program.json") || hasUnder("models/", ".json")) {
      return ModelFormat.EXPORT;
    }
    throw FileContent.bad(file, advice(), null);
  }

  private String advice() {
    if (has("manifest.pb")) {
      return "it is an .aitm file, converted already; run it with 'ait4j run'";
    }
    if (hasUnder("data/aotinductor/", "")) {
      return "it is a package of AOTInductor (compiled code without a graph); save the exported"
          + " program itself with torch.export.save";
    }
    if (has("archive_format")) {
      return "it is a PyTorch archive without a program (no models/*.json); save the exported program"
          + " with torch.export.save";
    }
    if (has("data.pkl")) {
      return "it is a checkpoint of torch.save, which has weights without a graph; give the model they"
          + " belong to (torch.export.save or torch.jit.save), and this file as --weights";
    }
    if (has(".data/extern_modules")) {
      return "it is a torch.package, which has Python code; save the model with torch.export.save or"
          + " torch.jit.save";
    }
    if (has("word/document.xml") || has("META-INF/MANIFEST.MF")) {
      return "it is a ZIP archive that has nothing to do with PyTorch";
    }
    return "it is a ZIP archive with neither TorchScript's code nor an exported program; if the model"
        + " is inside, unpack it";
  }

  /** Whether an entry of that name is there, in whatever folder all lie. */
  private boolean has(String name) {
    return names.stream().anyMatch(entry -> entry.equals(name) || isBelowRoot(entry, name));
  }

  private static boolean isBelowRoot(String entry, String name) {
    return entry.length() > name.length() + 1
        && entry.endsWith("/" + name)
        && entry.indexOf('/') == entry.length() - name.length() - 1;
  }

  private boolean hasUnder(String folder, String end) {
    return names.stream()
        .anyMatch(
            entry ->
                entry.endsWith(end)
                    && (entry.startsWith(folder)
                        || entry.startsWith(folder, entry.indexOf('/') + 1)));
  }
}
