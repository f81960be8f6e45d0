package io.ait4j.fx.export;

import io.ait4j.fx.ModelException;
import io.ait4j.fx.Weight;
import io.ait4j.fx.archive.ZipArchive;
import java.util.Set;

/** A program and its weights, in one of the layouts that PyTorch has written. */
interface ProgramArchive {
  /**
   * @throws ModelException (IMPORT) if it is none of them
   */
  static ProgramArchive of(ZipArchive zip) {
    String root = zip.root();
    if (zip.has(root + LegacyArchive.PROGRAM)) {
      return LegacyArchive.of(zip, root);
    }
    boolean marked = zip.has(root + "archive_format") || zip.has("archive_format");
    boolean hasModels = zip.names().stream().anyMatch(n -> n.startsWith(root + "models/"));
    if (marked || hasModels) {
      return Pt2Archive.of(zip, root);
    }
    throw new ModelException(
        ModelException.Kind.IMPORT,
        zip.source()
            + " is no torch.export archive: it has neither models/*.json nor "
            + LegacyArchive.PROGRAM
            + "; save the model with torch.export.save(program, path)");
  }

  /** For messages. */
  String programName();

  /** The program as JSON. */
  byte[] program();

  /**
   * The parameter, buffer or constant that the model knows by {@code path}, in the mapped file.
   *
   * @throws ModelException (IMPORT) if it is not there or not whole
   */
  Weight weight(String path);

  /** Names of the entries that hold the weights asked for so far. */
  Set<String> entries();
}
